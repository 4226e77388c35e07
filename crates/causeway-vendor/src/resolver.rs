//! Looks names up, and keeps addresses back that a name must not lead to.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::network::{Reach, reach};

/// A name that leads to addresses where no request may go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedName {
    /// Every address is of a private network or of this machine.
    #[error(
        "the name {name} leads to a {kind} address ({address}); set `private_network = true` under [service] if the API really stands there"
    )]
    Private {
        /// The name.
        name: String,
        /// The first address.
        address: IpAddr,
        /// The kind of network.
        kind: &'static str,
    },
    /// Every address is one where no API stands.
    #[error("the name {name} leads to a {kind} address ({address}), and no API is called there")]
    Never {
        /// The name.
        name: String,
        /// The first address.
        address: IpAddr,
        /// The kind of address.
        kind: &'static str,
    },
}

/// The name has no address, or nobody could say.
#[derive(Debug, thiserror::Error)]
#[error("the name {name} could not be found ({reason})")]
pub(crate) struct NameNotFound {
    name: String,
    reason: String,
}

/// Those of the addresses behind `name` that a request may go to: public ones, private ones with
/// `private_network`, and loopback ones for `localhost` alone. Keeps the order.
///
/// # Errors
/// There are addresses, and none of them is allowed.
pub fn allowed_addresses(
    name: &str,
    addresses: impl IntoIterator<Item = IpAddr>,
    private_network: bool,
) -> Result<Vec<IpAddr>, RefusedName> {
    let mut allowed = Vec::new();
    let mut refused = None;
    for address in addresses {
        match refusal(name, address, private_network) {
            None => allowed.push(address),
            Some(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    match refused {
        Some(refused) if allowed.is_empty() => Err(refused),
        _ => Ok(allowed),
    }
}

fn refusal(name: &str, address: IpAddr, private_network: bool) -> Option<RefusedName> {
    let private = |kind| RefusedName::Private {
        name: name.to_owned(),
        address,
        kind,
    };
    match reach(address) {
        Reach::Loopback if name == "localhost" => None,
        Reach::Public if name != "localhost" => None,
        Reach::Never(kind) => Some(RefusedName::Never {
            name: name.to_owned(),
            address,
            kind,
        }),
        Reach::Public => Some(RefusedName::Never {
            name: name.to_owned(),
            address,
            kind: "public",
        }),
        _ if private_network => None,
        Reach::Loopback => Some(private("loopback")),
        Reach::Private(kind) => Some(private(kind)),
    }
}

/// The system's resolver, behind [`allowed_addresses`].
pub(crate) struct GuardedResolver {
    private_network: bool,
    proxy_host: Option<String>,
}

impl GuardedResolver {
    /// `proxy_host` is the operator's own choice and may lead anywhere.
    pub(crate) fn new(private_network: bool, proxy_host: Option<&str>) -> Self {
        Self {
            private_network,
            proxy_host: proxy_host.map(str::to_owned),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private_network = self.private_network;
        let is_proxy = self.proxy_host.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let name = name.as_str();
            let not_found = |reason: String| NameNotFound {
                name: name.to_owned(),
                reason,
            };
            let found: Vec<IpAddr> = tokio::net::lookup_host((name, 0))
                .await
                .map_err(|error| not_found(error.to_string()))?
                .map(|address| address.ip())
                .collect();
            if found.is_empty() {
                return Err(not_found("it has no address".to_owned()).into());
            }
            let allowed = if is_proxy {
                found
            } else {
                allowed_addresses(name, found, private_network)?
            };
            // Port 0 stands for the port of the request's address.
            let addresses: Addrs = Box::new(allowed.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
