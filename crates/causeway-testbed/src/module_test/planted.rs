//! What is planted so that it can be recognised wherever it turns up: secrets, and markup in names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::emulator::Client;
use crate::scripted_vendor::Credentials;

/// The password that the client chose. Letters and digits, so that no encoding changes it.
pub const SERVICE_PASSWORD: &str = "v5Tn8yRk3WzE6pLq";
/// The password that the client changes to.
pub const OTHER_SERVICE_PASSWORD: &str = "b9Xs4uGj7MdF2cHw";
/// No product has this tag; a page that has it shows what somebody entered as it is.
pub const MARKUP: &str = "<planted-tag>";

/// A secret, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// `the server's password`
    pub what: &'static str,
    forms: Vec<String>,
}

impl Secret {
    /// Whether it stands in the text, as it is or in base64.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.as_str()))
    }
}

/// Everything that must not be found in a log or an address.
#[must_use]
pub fn secrets(server: &Credentials) -> Vec<Secret> {
    let Credentials {
        username,
        password,
        access_hash,
    } = server;
    let secret = |what, secret: &str| Secret {
        what,
        forms: match secret.is_empty() {
            true => Vec::new(),
            false => vec![
                secret.to_owned(),
                STANDARD.encode(secret),
                STANDARD.encode(format!("{username}:{secret}")),
            ],
        },
    };
    vec![
        secret("the server's password", password),
        secret("the server's access hash", access_hash),
        secret("the service's password", SERVICE_PASSWORD),
        secret("the service's new password", OTHER_SERVICE_PASSWORD),
    ]
}

/// A client as most are.
#[must_use]
pub fn client() -> Client {
    Client::named("Ada", "Lovelace")
        .company("Analytical Engines Ltd")
        .email("ada@example.com")
}

/// A client who entered markup wherever that is possible.
#[must_use]
pub fn client_with_markup() -> Client {
    Client::named(format!("Ada{MARKUP}"), format!("Lovelace{MARKUP}"))
        .company(format!("Engines & \"Sons\"{MARKUP}"))
        .email("ada@example.com")
}
