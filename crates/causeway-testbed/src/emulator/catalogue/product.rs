//! Products.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::emulator::ids::{ProductId, ServerId};

/// When WHMCS provisions a new service by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Autosetup {
    /// Never: staff press the button.
    #[serde(rename = "")]
    ByHand,
    /// When staff accept the order.
    #[serde(rename = "on")]
    OnAcceptance,
    /// When the first payment arrives.
    #[serde(rename = "payment")]
    OnPayment,
    /// As soon as it is ordered.
    #[serde(rename = "order")]
    OnOrder,
}

/// A choice that the client makes when ordering.
#[derive(Debug, Clone, Serialize)]
struct ConfigurableOption {
    name: String,
    choices: Vec<Choice>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    name: String,
    price: String,
}

/// A custom field of a product.
#[derive(Debug, Clone, Serialize)]
struct CustomField {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    admin_only: bool,
}

/// What a client gets once the service is active.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum WelcomeEmail {
    /// WHMCS's own template, or none.
    WhmcsOwn(bool),
    /// A template with this message.
    Own(String),
}

/// A product as the provider's staff enters it.
#[derive(Debug, Clone, Serialize)]
pub struct Product {
    module: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    autosetup: Autosetup,
    recurring_amount: String,
    setup_fee: String,
    billing_cycle: String,
    options: BTreeMap<String, String>,
    configurable_options: Vec<ConfigurableOption>,
    custom_fields: Vec<CustomField>,
    server_id: Option<ServerId>,
    upgrades_to: Vec<ProductId>,
    welcome_email: WelcomeEmail,
}

impl Product {
    /// A product of a module: monthly, 10.00, provisioned on payment, with a welcome e-mail.
    #[must_use]
    pub fn new(module: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            module: module.into(),
            name: name.into(),
            kind: "other".into(),
            autosetup: Autosetup::OnPayment,
            recurring_amount: "10.00".into(),
            setup_fee: "0.00".into(),
            billing_cycle: "monthly".into(),
            options: BTreeMap::new(),
            configurable_options: Vec::new(),
            custom_fields: Vec::new(),
            server_id: None,
            upgrades_to: Vec::new(),
            welcome_email: WelcomeEmail::WhmcsOwn(true),
        }
    }

    /// WHMCS's product type: `other`, `hostingaccount`, `reselleraccount`, `server`.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = kind.into();
        self
    }

    /// The value of `configoption<number>`.
    #[must_use]
    pub fn option(mut self, number: u8, value: impl Into<String>) -> Self {
        self.options
            .insert(format!("configoption{number}"), value.into());
        self
    }

    /// Provisions by hand.
    #[must_use]
    pub fn by_hand(mut self) -> Self {
        self.autosetup = Autosetup::ByHand;
        self
    }

    /// Provisions when staff accept the order.
    #[must_use]
    pub fn on_acceptance(mut self) -> Self {
        self.autosetup = Autosetup::OnAcceptance;
        self
    }

    /// Provisions when the first payment arrives.
    #[must_use]
    pub fn on_payment(mut self) -> Self {
        self.autosetup = Autosetup::OnPayment;
        self
    }

    /// Provisions as soon as it is ordered.
    #[must_use]
    pub fn on_order(mut self) -> Self {
        self.autosetup = Autosetup::OnOrder;
        self
    }

    /// The price of a billing cycle, such as `"10.00"`.
    #[must_use]
    pub fn price(mut self, amount: impl Into<String>) -> Self {
        self.recurring_amount = amount.into();
        self
    }

    /// The fee on the first invoice.
    #[must_use]
    pub fn setup_fee(mut self, amount: impl Into<String>) -> Self {
        self.setup_fee = amount.into();
        self
    }

    /// WHMCS's billing cycle: `monthly`, `quarterly`, `annually`, `onetime`, `free`.
    #[must_use]
    pub fn billing_cycle(mut self, cycle: impl Into<String>) -> Self {
        self.billing_cycle = cycle.into();
        self
    }

    /// A configurable option with its choices and their prices.
    #[must_use]
    pub fn configurable_option(mut self, name: &str, choices: &[(&str, &str)]) -> Self {
        let choices = choices
            .iter()
            .map(|(name, price)| Choice {
                name: (*name).into(),
                price: (*price).into(),
            })
            .collect();
        self.configurable_options.push(ConfigurableOption {
            name: name.into(),
            choices,
        });
        self
    }

    /// A custom field that the client fills in when ordering.
    #[must_use]
    pub fn custom_field(self, name: &str) -> Self {
        self.field(name, "text", true, false)
    }

    /// A custom field for staff alone.
    #[must_use]
    pub fn staff_field(self, name: &str) -> Self {
        self.field(name, "text", false, true)
    }

    /// A custom field of one of WHMCS's types: `text`, `link`, `password`, `dropdown`,
    /// `tickbox`, `textarea`.
    #[must_use]
    pub fn field(mut self, name: &str, kind: &str, required: bool, admin_only: bool) -> Self {
        self.custom_fields.push(CustomField {
            name: name.into(),
            kind: kind.into(),
            required,
            admin_only,
        });
        self
    }

    /// The server on which services are made.
    #[must_use]
    pub fn server(mut self, server: ServerId) -> Self {
        self.server_id = Some(server);
        self
    }

    /// A product to which clients may move.
    #[must_use]
    pub fn upgrades_to(mut self, product: ProductId) -> Self {
        self.upgrades_to.push(product);
        self
    }

    /// Sends no welcome e-mail.
    #[must_use]
    pub fn without_welcome_email(mut self) -> Self {
        self.welcome_email = WelcomeEmail::WhmcsOwn(false);
        self
    }

    /// Sends a welcome e-mail of its own: a template's text, with merge fields as WHMCS names them:
    /// `{$service_custom_field_licencekey}`.
    #[must_use]
    pub fn welcome_email(mut self, message: impl Into<String>) -> Self {
        self.welcome_email = WelcomeEmail::Own(message.into());
        self
    }
}
