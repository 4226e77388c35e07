//! What the server form in WHMCS holds.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The values by which a module shows who it is: those of the server form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password: `credential` in a script.
    pub password: String,
    /// The access hash.
    pub access_hash: String,
}

impl Credentials {
    /// The value of the header `Authorization` with which a user and a password are shown.
    pub(super) fn basic(&self) -> String {
        let Self {
            username, password, ..
        } = self;
        format!(
            "Basic {}",
            STANDARD.encode(format!("{username}:{password}"))
        )
    }
}

/// The values are secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
