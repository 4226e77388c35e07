//! The address at which a provider's WHMCS reaches the gateway.

use url::{Host, Url};

use crate::module::ModuleError;

/// An address that carries the provider's token safely: https, or http that never leaves the machine.
#[derive(Debug)]
pub(crate) struct GatewayAddress {
    text: String,
    host: String,
}

impl GatewayAddress {
    /// The address without a final slash, to be continued with `/v1/…`.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

impl TryFrom<Url> for GatewayAddress {
    type Error = ModuleError;

    fn try_from(address: Url) -> Result<Self, ModuleError> {
        let loopback = match address.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let has_credentials = !address.username().is_empty() || address.password().is_some();
        let reason = if has_credentials {
            Some("it holds a user name or password; the token is entered in WHMCS")
        } else if address.scheme() == "http" && !loopback {
            Some("the token would travel unencrypted; use https (http only on the machine itself)")
        } else if !matches!(address.scheme(), "http" | "https") || address.host().is_none() {
            Some("it must begin with https:// and name a host")
        } else if address.query().is_some() || address.fragment().is_some() {
            Some("it must end before `?` and `#`")
        } else {
            None
        };
        if let Some(reason) = reason {
            let mut shown = address.clone();
            // Both fail only where an address can hold no credentials, and then there are none to hide.
            let _ = (shown.set_username(""), shown.set_password(None));
            return Err(ModuleError::Gateway {
                address: shown.to_string(),
                reason,
            });
        }
        Ok(Self {
            text: address.as_str().trim_end_matches('/').to_owned(),
            host: address.host_str().unwrap_or_default().to_owned(),
        })
    }
}
