//! What stands behind the module that is tried.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use url::Url;

use super::bridge::Bridge;
use super::error::SandboxError;
use super::faults::NamedPlace;
use super::feed::Feed;
use super::{TriedDefinition, TriedModule};
use crate::fault_proxy::{FaultProxy, FaultProxySettings};

/// What stands behind the module. Another kind of vendor is another variant: what the pages need of it
/// is what the methods below give.
#[derive(Debug)]
pub enum Behind {
    /// A gateway, the fault proxy and the sample vendor.
    Bridge(Box<Bridge>),
    /// The fault proxy before an API.
    Vendor {
        /// The proxy.
        proxy: FaultProxy,
        /// Where the API is.
        api: Url,
        /// What stands in the server form at first.
        server: ServerForm,
    },
    /// Whatever the module reaches by itself.
    Unseen {
        /// What stands in the server form at first.
        server: ServerForm,
    },
}

/// The fields of WHMCS's server form.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "WHMCS's own fields, by name")]
pub struct ServerForm {
    pub name: String,
    pub hostname: String,
    pub ip_address: String,
    pub username: String,
    pub password: String,
    pub access_hash: String,
    pub secure: bool,
    pub port: Option<u16>,
}

/// What the vendor really has, when that can be seen.
#[derive(Debug, Clone, Serialize)]
pub struct VendorTruth {
    /// Its users, in a few words each.
    pub users: Vec<String>,
    /// Its live services.
    pub services: Vec<ServiceAtVendor>,
}

/// A live service at the vendor.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceAtVendor {
    /// The vendor's number.
    pub id: i64,
    /// The domain.
    pub domain: String,
    /// The plan.
    pub plan: String,
    /// The status, in the vendor's word.
    pub status: String,
    /// The licence key.
    pub license_key: String,
}

impl Behind {
    /// The parts behind the module that is made from a definition, and the module's folder.
    pub(super) async fn of_definition(
        tried: TriedDefinition,
        feed: &Arc<Feed>,
    ) -> Result<(Self, PathBuf), SandboxError> {
        let (bridge, folder) = Bridge::start(tried, feed).await?;
        Ok((Self::Bridge(Box::new(bridge)), folder))
    }

    /// What stands behind anybody's module, and its folder.
    pub(super) async fn of_module(
        tried: TriedModule,
        feed: &Arc<Feed>,
    ) -> Result<(Self, PathBuf), SandboxError> {
        let mut server = tried.server;
        let behind = match tried.vendor {
            None => Self::Unseen { server },
            Some(api) => {
                let proxy = proxy_before(api.clone(), feed).await?;
                if let Ok(address) = Url::parse(&proxy.api()) {
                    address
                        .host_str()
                        .unwrap_or_default()
                        .clone_into(&mut server.hostname);
                    server.port = address.port();
                    server.secure = false;
                }
                Self::Vendor { proxy, api, server }
            }
        };
        Ok((behind, tried.folder))
    }

    /// What stands before the vendor, where faults are armed.
    pub fn proxy(&self) -> Option<&FaultProxy> {
        match self {
            Self::Bridge(bridge) => Some(&bridge.proxy),
            Self::Vendor { proxy, .. } => Some(proxy),
            Self::Unseen { .. } => None,
        }
    }

    /// What stands in the server form at first.
    pub fn server_form(&self) -> ServerForm {
        match self {
            Self::Bridge(bridge) => bridge.server_form(),
            Self::Vendor { server, .. } | Self::Unseen { server } => server.clone(),
        }
    }

    /// The places of the vendor's API that are known before anything was sent.
    pub fn places(&self) -> Vec<NamedPlace> {
        match self {
            Self::Bridge(bridge) => bridge.places(),
            Self::Vendor { .. } | Self::Unseen { .. } => Vec::new(),
        }
    }

    /// What it is, in one line.
    pub fn described(&self) -> String {
        match self {
            Self::Bridge(_) => {
                "Behind the module: a gateway, the fault proxy and the sample vendor, all on this machine."
                    .to_owned()
            }
            Self::Vendor { api, .. } => format!("Behind the module: the fault proxy before {api}."),
            Self::Unseen { .. } => {
                "The module reaches its vendor by itself: exchanges are not seen here, and no fault can be \
                 armed."
                    .to_owned()
            }
        }
    }

    /// What the vendor has; none where that cannot be seen.
    pub fn vendor_truth(&self) -> Option<VendorTruth> {
        match self {
            Self::Bridge(bridge) => bridge.truth().ok(),
            Self::Vendor { .. } | Self::Unseen { .. } => None,
        }
    }
}

/// A fault proxy whose exchanges are told to the feed. Nothing is armed, and it records.
pub(super) async fn proxy_before(api: Url, feed: &Arc<Feed>) -> Result<FaultProxy, SandboxError> {
    let mut settings = FaultProxySettings::before(api);
    settings.observer = Some(feed.exchange_observer());
    let proxy = FaultProxy::start(settings).await?;
    proxy.arm([]).await;
    Ok(proxy)
}
