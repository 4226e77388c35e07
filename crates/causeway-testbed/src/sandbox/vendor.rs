//! The vendor behind anybody's module: a scripted one, or a real one by its address. The interceptor
//! leads everything that the module sends to the fault proxy, which stands before the vendor.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::TriedVendor;
use super::behind::{ServerForm, TruthTable, VendorTruth};
use super::error::SandboxError;
use super::faults::{NamedPlace, method_of};
use super::feed::Feed;
use crate::emulator::PhpSettings;
use crate::fault_proxy::{FaultProxy, FaultProxySettings, PathPattern, Place};
use crate::interceptor::{Interceptor, InterceptorSettings};
use crate::scripted_vendor::{Credentials, ScriptedVendor};

const USERNAME: &str = "example-hosting";
const PASSWORD: &str = "sandbox-7Qx2vT9cLr4WmZ81";
const ACCESS_HASH: &str = "SANDBOX0HASH5K2P9T";

/// The interceptor, the fault proxy, and the vendor.
#[derive(Debug)]
pub struct VendorOfModule {
    /// What stands before the vendor.
    pub proxy: FaultProxy,
    interceptor: Interceptor,
    vendor: Vendor,
    /// The host that the server form names.
    host: String,
}

#[derive(Debug)]
enum Vendor {
    Scripted(ScriptedVendor),
    Given(Url),
}

impl VendorOfModule {
    /// Starts the parts.
    pub async fn start(
        vendor: TriedVendor,
        module: &Path,
        feed: &Arc<Feed>,
    ) -> Result<Self, SandboxError> {
        let (vendor, api, host) = match vendor {
            TriedVendor::Script(script) => {
                let host = match script.hosts() {
                    [first, ..] => first.clone(),
                    [] => format!("api.{}.example", named_like(module)),
                };
                let vendor = ScriptedVendor::start(*script, credentials()).await?;
                let api = vendor.api();
                (Vendor::Scripted(vendor), api, host)
            }
            TriedVendor::Given(api) => {
                let host = api.host_str().unwrap_or_default().to_owned();
                (Vendor::Given(api.clone()), api.into(), host)
            }
        };
        let keeps_host = matches!(vendor, Vendor::Scripted(_));
        let proxy = proxy_before(api, keeps_host, feed).await?;
        let upstream = address(&proxy.api())?;
        let interceptor = Interceptor::start(InterceptorSettings { upstream }).await?;
        Ok(Self {
            proxy,
            interceptor,
            vendor,
            host,
        })
    }

    /// PHP that sends everything through the interceptor.
    pub fn php(&self) -> PhpSettings {
        PhpSettings {
            environment: self.interceptor.environment(),
            ini: self.interceptor.ini(),
            ..PhpSettings::default()
        }
    }

    /// A scripted vendor takes what stands here; a real one wants what a person knows.
    pub fn server_form(&self) -> ServerForm {
        let form = ServerForm {
            hostname: self.host.clone(),
            secure: true,
            ..ServerForm::default()
        };
        match &self.vendor {
            Vendor::Given(api) => ServerForm {
                secure: api.scheme() == "https",
                port: api.port(),
                ..form
            },
            Vendor::Scripted(_) => ServerForm {
                username: USERNAME.to_owned(),
                password: PASSWORD.to_owned(),
                access_hash: ACCESS_HASH.to_owned(),
                ..form
            },
        }
    }

    /// Whether connections from now on are shown a certificate that nobody trusts.
    pub fn present_untrusted(&self, untrusted: bool) {
        self.interceptor.present_untrusted(untrusted);
    }

    /// What the script answers to, by its routes.
    pub fn places(&self) -> Vec<NamedPlace> {
        let Vendor::Scripted(vendor) = &self.vendor else {
            return Vec::new();
        };
        let routes = vendor.script().routes().into_iter();
        routes
            .filter_map(|(method, path)| {
                let method = method_of(method.unwrap_or("POST")).ok()?;
                let pattern = path.replace('{', "{{").replace('}', "}}");
                Some(NamedPlace {
                    name: format!("{} {path}", method.as_str()),
                    place: Place::Request {
                        method,
                        path: PathPattern::of_template(&pattern),
                    },
                })
            })
            .collect()
    }

    /// What it is, in one line.
    pub fn described(&self) -> String {
        match &self.vendor {
            Vendor::Scripted(vendor) => format!(
                "Behind the module: the fault proxy and {}, played on this machine from its script.",
                vendor.script().title()
            ),
            Vendor::Given(api) => format!("Behind the module: the fault proxy before {api}."),
        }
    }

    /// What the scripted vendor has.
    pub fn truth(&self) -> Option<VendorTruth> {
        let Vendor::Scripted(vendor) = &self.vendor else {
            return None;
        };
        Some(truth_of(vendor))
    }
}

/// What a scripted vendor takes.
pub fn credentials() -> Credentials {
    Credentials {
        username: USERNAME.to_owned(),
        password: PASSWORD.to_owned(),
        access_hash: ACCESS_HASH.to_owned(),
    }
}

/// What a scripted vendor has, by collection.
pub fn truth_of(vendor: &ScriptedVendor) -> VendorTruth {
    let collections = vendor.all_collections();
    let parts = collections
        .iter()
        .map(|(name, items)| TruthTable::of_objects(name, items))
        .collect();
    VendorTruth { parts }
}

/// A fault proxy whose exchanges are told to the feed. Nothing is armed, and it records.
pub async fn proxy_before(
    api: String,
    keeps_host: bool,
    feed: &Arc<Feed>,
) -> Result<FaultProxy, SandboxError> {
    let api = address(&api)?;
    let base = api.path().trim_end_matches('/').to_owned();
    let mut settings = FaultProxySettings::before(api);
    settings.keeps_host = keeps_host;
    settings.observer = Some(feed.exchange_observer(base));
    let proxy = FaultProxy::start(settings).await?;
    proxy.arm([]).await;
    Ok(proxy)
}

fn address(text: &str) -> Result<Url, SandboxError> {
    text.parse().map_err(|reason| SandboxError::VendorAddress {
        address: text.to_owned(),
        reason,
    })
}

/// A host may not hold everything that a folder's name may.
fn named_like(module: &Path) -> String {
    let name = module.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    match name.is_empty() {
        true => "vendor".to_owned(),
        false => name,
    }
}
