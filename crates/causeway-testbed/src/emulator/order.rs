//! Orders: what a client puts into the cart, and the order that comes of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    answers::{Nothing, PlacedOrder},
    automation::CallOutcome,
    commands::Command,
    error::EmulatorError,
    ids::{AddonId, ClientId, InvoiceId, OrderId, ProductId, ServiceAddonId, ServiceId},
    record::Due,
    scenario::Emulator,
    service::Service,
};

/// One product in the cart.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    product_id: ProductId,
    domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_cycle: Option<String>,
    configurable_options: BTreeMap<String, String>,
    custom_fields: BTreeMap<String, String>,
    addons: Vec<AddonId>,
}

impl Item {
    /// A product for a domain.
    #[must_use]
    pub fn new(product_id: ProductId, domain: impl Into<String>) -> Self {
        Self {
            product_id,
            domain: domain.into(),
            username: None,
            password: None,
            billing_cycle: None,
            configurable_options: BTreeMap::new(),
            custom_fields: BTreeMap::new(),
            addons: Vec::new(),
        }
    }

    /// The service's user name, instead of one that WHMCS makes up.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// The service's password, instead of one that WHMCS makes up.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Another billing cycle than the product's own.
    #[must_use]
    pub fn billing_cycle(mut self, cycle: impl Into<String>) -> Self {
        self.billing_cycle = Some(cycle.into());
        self
    }

    /// The client's choice for a configurable option.
    #[must_use]
    pub fn configurable_option(
        mut self,
        name: impl Into<String>,
        choice: impl Into<String>,
    ) -> Self {
        self.configurable_options.insert(name.into(), choice.into());
        self
    }

    /// The value of a custom field.
    #[must_use]
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.custom_fields.insert(name.into(), value.into());
        self
    }

    /// A product addon bought along with it.
    #[must_use]
    pub fn addon(mut self, addon: AddonId) -> Self {
        self.addons.push(addon);
        self
    }
}

/// A client who can buy.
#[derive(Debug, Clone)]
pub struct ClientAccount {
    pub(super) emulator: Emulator,
    pub(super) client_id: ClientId,
}

impl ClientAccount {
    /// The row of `tblclients`.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.client_id
    }

    /// Orders one product for a domain.
    ///
    /// # Errors
    /// When WHMCS would refuse, the module uses what the emulator lacks, or PHP breaks down.
    pub async fn buys(&self, product: ProductId, domain: &str) -> Result<Order, EmulatorError> {
        self.buys_all(vec![Item::new(product, domain)]).await
    }

    /// Orders several items at once, on one invoice.
    ///
    /// # Errors
    /// As [`Self::buys`].
    pub async fn buys_all(&self, items: Vec<Item>) -> Result<Order, EmulatorError> {
        let command = Command::PlaceOrder {
            client_id: self.client_id,
            items,
            payment_method: "mailin".into(),
        };
        let answered = self.emulator.ask::<PlacedOrder>(command).await?;
        let calls = self.emulator.run_all(&answered.due).await?;
        Ok(Order {
            emulator: self.emulator.clone(),
            placed: answered.result,
            calls,
        })
    }
}

/// A placed order.
#[derive(Debug, Clone)]
pub struct Order {
    emulator: Emulator,
    placed: PlacedOrder,
    /// The module calls made because of the order alone (products provisioned on order).
    pub calls: Vec<CallOutcome>,
}

impl Order {
    /// The row of `tblorders`.
    #[must_use]
    pub fn id(&self) -> OrderId {
        self.placed.order_id
    }

    /// Its invoice; none when there is nothing to pay.
    #[must_use]
    pub fn invoice(&self) -> Option<InvoiceId> {
        self.placed.invoice_id
    }

    /// The first item's service.
    ///
    /// # Errors
    /// When the order has no service.
    pub fn service(&self) -> Result<Service, EmulatorError> {
        self.services()
            .into_iter()
            .next()
            .ok_or_else(|| self.has_no("service"))
    }

    /// The services, in the order of the items.
    #[must_use]
    pub fn services(&self) -> Vec<Service> {
        self.placed
            .service_ids
            .iter()
            .map(|id| self.emulator.service(*id))
            .collect()
    }

    /// The first purchased addon, as the thing provisioned.
    ///
    /// # Errors
    /// When the order has no addon.
    pub fn addon(&self) -> Result<Service, EmulatorError> {
        match (
            self.placed.service_ids.as_slice(),
            self.placed.addon_service_ids.as_slice(),
        ) {
            ([service, ..], [addon, ..]) => Ok(self.emulator.purchased_addon(*service, *addon)),
            _ => Err(self.has_no("addon")),
        }
    }

    /// The ids of the purchased addons.
    #[must_use]
    pub fn addon_ids(&self) -> &[ServiceAddonId] {
        &self.placed.addon_service_ids
    }

    /// The ids of the services.
    #[must_use]
    pub fn service_ids(&self) -> &[ServiceId] {
        &self.placed.service_ids
    }

    /// Pays the invoice and makes every module call that is then due, each in a request of its
    /// own.
    ///
    /// # Errors
    /// As [`ClientAccount::buys`].
    pub async fn pays(&self) -> Result<Vec<CallOutcome>, EmulatorError> {
        let due = self.pays_without_running().await?;
        self.emulator.run_all(&due).await
    }

    /// Pays the invoice and only says which module calls are due, for scenarios that interleave
    /// them.
    ///
    /// # Errors
    /// As [`ClientAccount::buys`].
    pub async fn pays_without_running(&self) -> Result<Vec<Due>, EmulatorError> {
        match self.placed.invoice_id {
            Some(invoice) => self.emulator.pay_invoice_without_running(invoice).await,
            None => Ok(Vec::new()),
        }
    }

    /// Staff accept the order; makes the module calls that are then due.
    ///
    /// # Errors
    /// As [`ClientAccount::buys`].
    pub async fn is_accepted(&self) -> Result<Vec<CallOutcome>, EmulatorError> {
        let command = Command::AcceptOrder {
            order_id: self.placed.order_id,
        };
        let due = self.emulator.ask::<Nothing>(command).await?.due;
        self.emulator.run_all(&due).await
    }

    fn has_no(&self, what: &str) -> EmulatorError {
        EmulatorError::NoSuchRow {
            what: format!("{what} in {}", self.placed.order_id),
        }
    }
}
