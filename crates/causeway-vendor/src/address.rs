//! Where a request may go.

use std::net::IpAddr;

use causeway_definition::model::Service;
use url::{Host, Url};

use crate::network::{Reach, reach};

/// Why a request must not go to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The API's address is none.
    #[error("the API address cannot be read: {0}; write it like https://api.example.com/v1")]
    UnreadableApi(url::ParseError),
    /// The request's address is none.
    #[error(
        "the request's address cannot be read: {0}; it is a path that begins with `/`, or a whole address"
    )]
    UnreadableTarget(url::ParseError),
    /// Another protocol.
    #[error("the address begins with `{scheme}:`; the address of an API begins with https://")]
    NotHttp {
        /// What it begins with.
        scheme: String,
    },
    /// A user name or a password in the address.
    #[error(
        "the address of {origin} carries a user name or a password; a credential belongs under [auth]"
    )]
    Credential {
        /// Scheme, host and port.
        origin: String,
    },
    /// A query or a fragment in the API's address.
    #[error(
        "the API address of {origin} has a `?` or `#` in it; paths are added to it, so it has to end with a path"
    )]
    NotABase {
        /// Scheme, host and port.
        origin: String,
    },
    /// HTTP without TLS to another machine.
    #[error(
        "{origin} is not encrypted; use https:// (http:// is for this machine alone: localhost, 127.0.0.1, [::1])"
    )]
    NotEncrypted {
        /// Scheme, host and port.
        origin: String,
    },
    /// An address of a private network.
    #[error(
        "{origin} is a {kind} address; set `private_network = true` under [service] if the API really stands there"
    )]
    Private {
        /// Scheme, host and port.
        origin: String,
        /// The kind of network.
        kind: &'static str,
    },
    /// An address where no API stands.
    #[error("{origin} is a {kind} address, and no API is called there")]
    Never {
        /// Scheme, host and port.
        origin: String,
        /// The kind of address.
        kind: &'static str,
    },
    /// A host that the definition does not name.
    #[error(
        "{origin} is neither the API's address nor one of `other_hosts`, so nothing was sent there"
    )]
    OtherHost {
        /// Scheme, host and port.
        origin: String,
    },
    /// A path that climbs out of the API's.
    #[error("the request's path leads out of the API address {api}")]
    OutsideApi {
        /// The API's address.
        api: String,
    },
}

/// Whether requests may go to an API at this address.
///
/// # Errors
/// It is not HTTPS, is of a private network without `private_network`, or carries what an API's address must not.
pub fn check_api_address(api: &Url, private_network: bool) -> Result<(), AddressError> {
    check_host(api, private_network, is_this_machine(api))?;
    if api.query().is_some() || api.fragment().is_some() {
        return Err(AddressError::NotABase {
            origin: origin(api),
        });
    }
    Ok(())
}

/// The address that a request goes to; `own_api` is the provider's, in place of the definition's.
///
/// # Errors
/// Requests of this definition must not go there.
pub(crate) fn request_address(
    service: &Service,
    own_api: Option<&str>,
    target: &str,
) -> Result<Url, AddressError> {
    let own_api = own_api
        .map(Url::parse)
        .transpose()
        .map_err(AddressError::UnreadableApi)?;
    let api = own_api.as_ref().unwrap_or(&service.api);
    check_api_address(api, service.private_network)?;
    if target.is_empty() || target.starts_with(['/', '?']) {
        return below(api, target);
    }
    let address = Url::parse(target).map_err(AddressError::UnreadableTarget)?;
    check_host(&address, service.private_network, is_this_machine(api))?;
    let is_allowed = address.origin() == api.origin()
        || service
            .other_hosts
            .iter()
            .any(|other| is_at(&address, other));
    if !is_allowed {
        return Err(AddressError::OtherHost {
            origin: origin(&address),
        });
    }
    Ok(address)
}

/// Scheme, host and port, as far as the port is not the scheme's own.
pub(crate) fn origin(address: &Url) -> String {
    address.origin().ascii_serialization()
}

fn below(api: &Url, target: &str) -> Result<Url, AddressError> {
    let base = api.as_str().trim_end_matches('/');
    let address = Url::parse(&format!("{base}{target}")).map_err(AddressError::UnreadableTarget)?;
    let base_path = api.path().trim_end_matches('/');
    let stays_below = address
        .path()
        .strip_prefix(base_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if address.origin() != api.origin() || !stays_below {
        return Err(AddressError::OutsideApi {
            api: base.to_owned(),
        });
    }
    Ok(address)
}

fn check_host(
    address: &Url,
    private_network: bool,
    may_be_this_machine: bool,
) -> Result<(), AddressError> {
    if !matches!(address.scheme(), "http" | "https") {
        return Err(AddressError::NotHttp {
            scheme: address.scheme().to_owned(),
        });
    }
    let origin = origin(address);
    if !address.username().is_empty() || address.password().is_some() {
        return Err(AddressError::Credential { origin });
    }
    if is_this_machine(address) {
        return if may_be_this_machine || private_network {
            Ok(())
        } else {
            Err(AddressError::Private {
                origin,
                kind: "loopback",
            })
        };
    }
    if address.scheme() != "https" {
        return Err(AddressError::NotEncrypted { origin });
    }
    match literal(address).map(reach) {
        Some(Reach::Never(kind)) => Err(AddressError::Never { origin, kind }),
        Some(Reach::Private(kind)) if !private_network => {
            Err(AddressError::Private { origin, kind })
        }
        _ => Ok(()),
    }
}

fn is_this_machine(address: &Url) -> bool {
    address.host_str() == Some("localhost") || literal(address).map(reach) == Some(Reach::Loopback)
}

fn literal(address: &Url) -> Option<IpAddr> {
    match address.host()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) => None,
    }
}

/// Whether an address is at `host` or `host:port` (without one: the port of the address's scheme).
fn is_at(address: &Url, other_host: &str) -> bool {
    Url::parse(&format!("{}://{other_host}", address.scheme()))
        .is_ok_and(|other| other.origin() == address.origin())
}
