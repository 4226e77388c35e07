//! Clients.

use std::collections::BTreeMap;

use serde::Serialize;

/// The provider's customer.
#[derive(Debug, Clone, Serialize)]
pub struct Client {
    firstname: String,
    lastname: String,
    companyname: String,
    email: String,
    address1: String,
    address2: String,
    city: String,
    state: String,
    postcode: String,
    country: String,
    phonenumber: String,
    language: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    custom_fields: BTreeMap<String, String>,
}

impl Client {
    /// A client in London with an address at example.com made of the first name.
    #[must_use]
    pub fn named(first_name: impl Into<String>, last_name: impl Into<String>) -> Self {
        let firstname = first_name.into();
        let mailbox: String = firstname
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        let mailbox = if mailbox.is_empty() {
            "client".into()
        } else {
            mailbox
        };
        Self {
            email: format!("{mailbox}@example.com"),
            firstname,
            lastname: last_name.into(),
            companyname: String::new(),
            address1: "12 St James's Square".into(),
            address2: String::new(),
            city: "London".into(),
            state: "London".into(),
            postcode: "SW1Y 4JH".into(),
            country: "GB".into(),
            phonenumber: "+44.2079460000".into(),
            language: "english".into(),
            currency: None,
            custom_fields: BTreeMap::new(),
        }
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = email.into();
        self
    }

    /// The company.
    #[must_use]
    pub fn company(mut self, company: impl Into<String>) -> Self {
        self.companyname = company.into();
        self
    }

    /// The country, two letters.
    #[must_use]
    pub fn country(mut self, country: impl Into<String>) -> Self {
        self.country = country.into();
        self
    }

    /// The language, by WHMCS's name: `english`, `german`.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = language.into();
        self
    }

    /// The currency, by its code: `USD`, `EUR`.
    #[must_use]
    pub fn currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Some(code.into());
        self
    }

    /// The value of one of the client's custom fields.
    #[must_use]
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.custom_fields.insert(name.into(), value.into());
        self
    }
}
