//! What the PHP half can be asked.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{
    catalogue::{Addon, Client, Product, Server},
    ids::{ClientId, InvoiceId, OrderId, ProductId, ServerId, ServiceAddonId, ServiceId},
    installation::ModuleName,
    order::Item,
    record::Due,
};

/// One command to the PHP half; on the wire `{"command": …, "arguments": {…}}`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "command", content = "arguments", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields are those of WHMCS's forms and API, by name"
)]
pub enum Command {
    /// Makes the database with WHMCS's tables and defaults.
    Setup {
        system_url: String,
        whmcs_version: String,
    },
    /// Runs a query in WHMCS's database. Answer: [`QueriedRows`](super::answers::QueriedRows).
    Query { sql: String },
    /// Adds a server. Answer: [`AddedServer`](super::answers::AddedServer).
    AddServer(Server),
    /// Adds a product. Answer: [`AddedProduct`](super::answers::AddedProduct).
    AddProduct(Product),
    /// Adds a product addon. Answer: [`AddedAddon`](super::answers::AddedAddon).
    AddProductAddon(Addon),
    /// Adds a client. Answer: [`AddedClient`](super::answers::AddedClient).
    AddClient(Client),
    /// Places an order. Answer: [`PlacedOrder`](super::answers::PlacedOrder).
    PlaceOrder {
        client_id: ClientId,
        items: Vec<Item>,
        payment_method: String,
    },
    /// Accepts an order as staff do.
    AcceptOrder { order_id: OrderId },
    /// Pays an invoice in full.
    PayInvoice { invoice_id: InvoiceId },
    /// Moves WHMCS's clock and does nothing else. Answer: [`Clock`](super::answers::Clock).
    AdvanceClock { days: u32, hours: u32 },
    /// The daily cron up to the module calls that it owes. Answer: [`CronRun`](super::answers::CronRun).
    RunDailyCron {},
    /// The hooks that end a cron run.
    RunCronHooks {},
    /// A client's cancellation request.
    RequestCancellation {
        service_id: ServiceId,
        #[serde(rename = "type")]
        kind: Cancellation,
        reason: String,
    },
    /// An upgrade order. Answer: [`PlacedUpgrade`](super::answers::PlacedUpgrade).
    Upgrade {
        service_id: ServiceId,
        new_product_id: ProductId,
        #[serde(skip_serializing_if = "Option::is_none")]
        new_billing_cycle: Option<String>,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        configurable_options: BTreeMap<String, String>,
    },
    /// A client asks for another password. Answer:
    /// [`OwedPasswordChange`](super::answers::OwedPasswordChange).
    ChangePassword {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        password: String,
    },
    /// One module call with all that WHMCS does around it. Answer: [`ModuleCall`](super::answers::ModuleCall).
    ModuleCall {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        function: String,
        reason: String,
        #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
        extra_params: serde_json::Map<String, Value>,
    },
    /// The module queue. Answer: [`ModuleQueue`](super::answers::ModuleQueue).
    ModuleQueue {},
    /// Tries everything in the module queue again.
    RetryQueue {},
    /// The product form with the module's options. Answer: [`ProductForm`](super::answers::ProductForm).
    ProductForm {
        module: ModuleName,
        product_id: Option<ProductId>,
    },
    /// Saves the module's options of a product.
    SaveProductOptions {
        product_id: ProductId,
        options: BTreeMap<String, String>,
    },
    /// The server form's test button. Answer: [`ConnectionTest`](super::answers::ConnectionTest).
    TestConnection { server_id: ServerId },
    /// The client's page of a service. Answer: [`Page`](super::answers::Page).
    ClientArea {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// The staff's page of a service. Answer: [`AdminPage`](super::answers::AdminPage).
    AdminServicePage {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
    },
    /// Staff save the service's page; `post` is what the browser sends, null for the page's own
    /// fields as they stand there.
    SaveAdminServicePage {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        post: Value,
    },
    /// The module's custom actions; `invoke` presses one. Answer: `{"actions": […]}`.
    CustomActions {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        invoke: Option<String>,
    },
    /// A login button. Answer: [`SingleSignOn`](super::answers::SingleSignOn).
    SingleSignOn {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        #[serde(rename = "as")]
        presser: Presser,
    },
    /// Another page of the client's, with what hooks add to it. Answer: [`Page`](super::answers::Page).
    ClientPage {
        client_id: ClientId,
        page: ClientPageName,
        #[serde(skip_serializing_if = "Option::is_none")]
        product_id: Option<ProductId>,
        request: BTreeMap<String, String>,
    },
    /// What the client can press. Answer: [`ClientButtons`](super::answers::ClientButtons).
    ClientButtons {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
    },
    /// A custom button. Answer: [`ButtonAnswer`](super::answers::ButtonAnswer).
    CustomButton {
        service_id: ServiceId,
        addon_id: Option<ServiceAddonId>,
        function: String,
        #[serde(rename = "as")]
        presser: Presser,
    },
    /// Runs a hook point. Answer: [`HookResults`](super::answers::HookResults).
    RunHook { name: String, vars: Value },
    /// A command of WHMCS's API. Answer: any array.
    LocalApi { command: String, values: Value },
    /// The server sync tool's list. Answer: whatever the module gave.
    ListAccounts { server_id: ServerId },
    /// Disk and traffic usage. Answer: the changed rows.
    UsageUpdate { server_id: ServerId },
    /// Usage metrics. Answer: whatever the module gave.
    Metrics { server_id: ServerId },
    /// What a module says of itself. Answer: [`MetaData`](super::answers::MetaData).
    ModuleMetaData { module: ModuleName },
    /// The functions that a module has once it is loaded. Answer: [`Functions`](super::answers::Functions).
    ModuleFunctionNames { module: ModuleName },
}

impl Command {
    /// The command's name on the wire.
    #[must_use]
    pub fn name(&self) -> String {
        let wire = serde_json::to_value(self).unwrap_or_default();
        wire["command"].as_str().unwrap_or_default().to_owned()
    }
}

/// A page of the client area that is about no single service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientPageName {
    /// The first page after the login.
    Home,
    /// The list of services.
    Services,
    /// A product before it is put into the cart; needs the product.
    Cart,
}

/// When a cancellation takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Cancellation {
    /// At the next cron.
    Immediate,
    /// When the paid period ends.
    #[serde(rename = "End of Billing Period")]
    EndOfBillingPeriod,
}

/// Who pressed a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presser {
    /// The provider's customer.
    Client,
    /// The provider's staff.
    Admin,
}

impl From<&Due> for Command {
    fn from(due: &Due) -> Self {
        Self::ModuleCall {
            service_id: due.service_id,
            addon_id: due.addon_id,
            function: due.function.clone(),
            reason: due.reason.clone(),
            extra_params: due.extra_params.clone(),
        }
    }
}
