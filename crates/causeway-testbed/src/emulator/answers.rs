//! What the PHP half answers to each command.

use indexmap::IndexMap;
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::ids::{
    AddonId, ClientId, InvoiceId, OrderId, ProductId, ServerId, ServiceAddonId, ServiceId, Status,
};

/// An answer without content: PHP writes `{}`, `[]` or null.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// PHP writes a map whose keys count up from nought as a list, so also an empty one.
pub(super) fn map<'de, D, T>(deserializer: D) -> Result<IndexMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = match Value::deserialize(deserializer)? {
        Value::Array(list) => (0..).map(|key: usize| key.to_string()).zip(list).collect(),
        Value::Null => Value::Object(serde_json::Map::new()),
        other => other,
    };
    serde_json::from_value(value).map_err(serde::de::Error::custom)
}

/// Answer of [`Command::Query`](super::Command::Query).
#[derive(Debug, Clone, Deserialize)]
pub struct QueriedRows {
    /// The columns' names.
    pub columns: Vec<String>,
    /// Each row's values, as the database writes them.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Answer of [`Command::AddServer`](super::Command::AddServer).
#[derive(Debug, Clone, Deserialize)]
pub struct AddedServer {
    /// The new row.
    pub server_id: ServerId,
}

/// Answer of [`Command::AddProduct`](super::Command::AddProduct).
#[derive(Debug, Clone, Deserialize)]
pub struct AddedProduct {
    /// The new row.
    pub product_id: ProductId,
}

/// Answer of [`Command::AddProductAddon`](super::Command::AddProductAddon).
#[derive(Debug, Clone, Deserialize)]
pub struct AddedAddon {
    /// The new row.
    pub addon_id: AddonId,
}

/// Answer of [`Command::AddClient`](super::Command::AddClient).
#[derive(Debug, Clone, Deserialize)]
pub struct AddedClient {
    /// The new row.
    pub client_id: ClientId,
}

/// Answer of [`Command::PlaceOrder`](super::Command::PlaceOrder).
#[derive(Debug, Clone, Deserialize)]
pub struct PlacedOrder {
    /// The order.
    pub order_id: OrderId,
    /// Its invoice; none when there is nothing to pay.
    pub invoice_id: Option<InvoiceId>,
    /// A service for each item, in their order.
    pub service_ids: Vec<ServiceId>,
    /// The purchased addons, in the order of the items.
    #[serde(default)]
    pub addon_service_ids: Vec<ServiceAddonId>,
}

/// Answer of [`Command::AdvanceClock`](super::Command::AdvanceClock).
#[derive(Debug, Clone, Deserialize)]
pub struct Clock {
    /// WHMCS's time.
    pub now: DateTime,
}

/// Answer of [`Command::RunDailyCron`](super::Command::RunDailyCron).
#[derive(Debug, Clone, Deserialize)]
pub struct CronRun {
    /// The renewal invoices that it made.
    #[serde(default)]
    pub invoices_created: Vec<InvoiceId>,
}

/// Answer of [`Command::Upgrade`](super::Command::Upgrade).
#[derive(Debug, Clone, Deserialize)]
pub struct PlacedUpgrade {
    /// The row of `tblupgrades`.
    pub upgrade_id: i64,
    /// What there is to pay; none when the upgrade is free.
    pub invoice_id: Option<InvoiceId>,
}

/// Answer of [`Command::ChangePassword`](super::Command::ChangePassword).
#[derive(Debug, Clone, Deserialize)]
pub struct OwedPasswordChange {
    /// What the due module call carries on top of the usual parameters: the new password.
    pub extra_params: serde_json::Map<String, Value>,
}

/// Answer of [`Command::ModuleCall`](super::Command::ModuleCall).
#[derive(Debug, Clone, Deserialize)]
pub struct ModuleCall {
    /// Whether WHMCS took the call for a success.
    pub success: bool,
    /// What staff read.
    #[serde(default)]
    pub message: Option<String>,
    /// The status afterwards.
    pub status: Status,
}

/// Answer of [`Command::ModuleQueue`](super::Command::ModuleQueue).
#[derive(Debug, Clone, Deserialize)]
pub struct ModuleQueue {
    /// Calls that failed and wait for another attempt.
    pub entries: Vec<QueueEntry>,
}

/// A failed call in the module queue.
#[derive(Debug, Clone, Deserialize)]
pub struct QueueEntry {
    /// The row of `tblmodulequeue`.
    pub id: i64,
    /// The service.
    pub service_id: ServiceId,
    /// The purchased addon, when that is what failed.
    #[serde(default)]
    pub addon_id: Option<ServiceAddonId>,
    /// The module.
    pub module: String,
    /// The function: `CreateAccount`.
    pub action: String,
    /// How often it was tried again.
    pub attempts: u32,
    /// What staff read.
    #[serde(default)]
    pub last_error: Option<String>,
}

/// Answer of [`Command::ProductForm`](super::Command::ProductForm).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ProductForm {
    /// The module's options in their order.
    pub fields: Vec<FormField>,
    /// What hooks put around the options, or the whole tab, where the module draws it itself and
    /// ends the request.
    #[serde(default)]
    pub content: String,
    /// Why there are no options: what `ConfigOptions` threw, or gave instead of an array.
    #[serde(default)]
    pub error: Option<String>,
}

/// One option on the product form.
#[derive(Debug, Clone, Deserialize)]
pub struct FormField {
    /// `configoption1` to `configoption24`.
    pub key: String,
    /// The option's friendly name.
    #[serde(default)]
    pub name: String,
    /// What the module's `ConfigOptions` gave for it.
    #[serde(default)]
    pub definition: Value,
    /// Choices by value, from `Options` or the loader.
    #[serde(default, deserialize_with = "map")]
    pub choices: IndexMap<String, Value>,
    /// Why there are no choices: what the loader threw.
    #[serde(default)]
    pub error: Option<String>,
}

/// Answer of [`Command::TestConnection`](super::Command::TestConnection).
#[derive(Debug, Clone, Deserialize)]
pub struct ConnectionTest {
    /// Whether the server answered.
    pub success: bool,
    /// What staff read.
    #[serde(default)]
    pub error: Option<String>,
}

/// Answer of [`Command::ClientArea`](super::Command::ClientArea).
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    /// The page.
    pub html: String,
    /// What went wrong on it: what `ClientArea` threw, or why its template could not be rendered.
    #[serde(default)]
    pub error: Option<String>,
}

/// Answer of [`Command::AdminServicePage`](super::Command::AdminServicePage).
#[derive(Debug, Clone, Deserialize)]
pub struct AdminPage {
    /// The page.
    pub html: String,
    /// What `AdminServicesTabFields` gave: label to HTML.
    #[serde(default, deserialize_with = "map")]
    pub fields: IndexMap<String, Value>,
    /// What `AdminCustomButtonArray` gave: label to function.
    #[serde(default, deserialize_with = "map")]
    pub buttons: IndexMap<String, Value>,
    /// The properties kept for the service.
    #[serde(default, deserialize_with = "map")]
    pub service_properties: IndexMap<String, Value>,
}

/// Answer of [`Command::SingleSignOn`](super::Command::SingleSignOn).
#[derive(Debug, Clone, Deserialize)]
pub struct SingleSignOn {
    /// Whether the module gave an address.
    pub success: bool,
    /// Where the browser goes.
    #[serde(default)]
    pub redirect_to: Option<String>,
    /// What the reader is told instead.
    #[serde(default)]
    pub error: Option<String>,
}

/// Answer of [`Command::ClientButtons`](super::Command::ClientButtons).
#[derive(Debug, Clone, Deserialize)]
pub struct ClientButtons {
    /// What `ClientAreaCustomButtonArray` gave: label to function.
    #[serde(default, deserialize_with = "map")]
    pub buttons: IndexMap<String, Value>,
    /// Every function that a client's browser may ask for: those of the buttons, and those of
    /// `ClientAreaAllowedFunctions`.
    pub functions: Vec<String>,
}

/// Answer of [`Command::CustomButton`](super::Command::CustomButton).
#[derive(Debug, Clone, Deserialize)]
pub struct ButtonAnswer {
    /// Whether the function answered `success`.
    pub success: bool,
    /// What the presser reads.
    #[serde(default)]
    pub message: Option<String>,
    /// Where the browser goes, or which address staff see in a window of its own.
    #[serde(default)]
    pub redirect_to: Option<String>,
    /// The page that the function gave.
    #[serde(default)]
    pub html: Option<String>,
}

/// Answer of [`Command::RunHook`](super::Command::RunHook).
#[derive(Debug, Clone, Deserialize)]
pub struct HookResults {
    /// What each hook function gave.
    pub results: Vec<Value>,
}

/// Answer of [`Command::ModuleMetaData`](super::Command::ModuleMetaData).
#[derive(Debug, Clone, Deserialize)]
pub struct MetaData {
    /// What the module's `MetaData` gave: `DisplayName`, `RequiresServer`, …
    #[serde(default, deserialize_with = "map")]
    pub meta_data: IndexMap<String, Value>,
}

/// Answer of [`Command::ModuleFunctionNames`](super::Command::ModuleFunctionNames).
#[derive(Debug, Clone, Deserialize)]
pub struct Functions {
    /// Without the module's prefix.
    pub functions: Vec<String>,
}
