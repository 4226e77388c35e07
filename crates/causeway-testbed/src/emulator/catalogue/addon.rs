//! Product addons.

use std::collections::BTreeMap;

use serde::Serialize;

use super::product::Autosetup;
use crate::emulator::ids::{ProductId, ServerId};

/// A product addon as the provider's staff enters it; with a module it is provisioned by itself.
#[derive(Debug, Clone, Serialize)]
pub struct Addon {
    name: String,
    module: String,
    autosetup: Autosetup,
    recurring_amount: String,
    billing_cycle: String,
    options: BTreeMap<String, String>,
    server_id: Option<ServerId>,
    for_products: Vec<ProductId>,
}

impl Addon {
    /// A product addon of a module: monthly, 5.00, provisioned on payment.
    #[must_use]
    pub fn new(module: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            module: module.into(),
            autosetup: Autosetup::OnPayment,
            recurring_amount: "5.00".into(),
            billing_cycle: "monthly".into(),
            options: BTreeMap::new(),
            server_id: None,
            for_products: Vec::new(),
        }
    }

    /// When it is provisioned.
    #[must_use]
    pub fn autosetup(mut self, autosetup: Autosetup) -> Self {
        self.autosetup = autosetup;
        self
    }

    /// The price of a billing cycle.
    #[must_use]
    pub fn price(mut self, amount: impl Into<String>) -> Self {
        self.recurring_amount = amount.into();
        self
    }

    /// The value of `configoption<number>`.
    #[must_use]
    pub fn option(mut self, number: u8, value: impl Into<String>) -> Self {
        self.options
            .insert(format!("configoption{number}"), value.into());
        self
    }

    /// The server on which it is made.
    #[must_use]
    pub fn server(mut self, server: ServerId) -> Self {
        self.server_id = Some(server);
        self
    }

    /// A product with which it can be bought.
    #[must_use]
    pub fn for_product(mut self, product: ProductId) -> Self {
        self.for_products.push(product);
        self
    }
}
