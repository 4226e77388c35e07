//! What stands behind the module that is tried.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::bridge::Bridge;
use super::error::SandboxError;
use super::faults::NamedPlace;
use super::feed::Feed;
use super::vendor::VendorOfModule;
use super::{TriedDefinition, TriedModule};
use crate::emulator::PhpSettings;
use crate::fault_proxy::FaultProxy;

/// What stands behind the module. Another kind of vendor is another variant: what the pages need of it
/// is what the methods below give.
#[derive(Debug)]
pub enum Behind {
    /// A gateway, the fault proxy and the sample vendor.
    Bridge(Box<Bridge>),
    /// The interceptor, the fault proxy and a vendor.
    Vendor(Box<VendorOfModule>),
    /// Whatever the module reaches by itself.
    Unseen,
}

/// The fields of WHMCS's server form.
#[derive(Debug, Clone, Default, Serialize)]
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

/// What the vendor really has, as tables.
#[derive(Debug, Clone, Default, Serialize)]
pub struct VendorTruth {
    /// One for each kind of thing.
    pub parts: Vec<TruthTable>,
}

/// The things of one kind that the vendor has.
#[derive(Debug, Clone, Serialize)]
pub struct TruthTable {
    /// What they are: `services`.
    pub name: String,
    /// What is told of each.
    pub columns: Vec<String>,
    /// The things.
    pub rows: Vec<Vec<String>>,
}

impl TruthTable {
    /// A table of JSON objects; their keys are its columns.
    pub fn of_objects(name: &str, objects: &[Value]) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for (key, value) in objects.iter().filter_map(Value::as_object).flatten() {
            if !columns.contains(key) && !value.is_object() {
                columns.push(key.clone());
            }
        }
        let text = |value: Option<&Value>| match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let rows = objects
            .iter()
            .map(|object| columns.iter().map(|key| text(object.get(key))).collect())
            .collect();
        Self {
            name: name.to_owned(),
            columns,
            rows,
        }
    }
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
        let behind = match tried.vendor {
            None => Self::Unseen,
            Some(vendor) => {
                let vendor = VendorOfModule::start(vendor, &tried.folder, feed).await?;
                Self::Vendor(Box::new(vendor))
            }
        };
        Ok((behind, tried.folder))
    }

    /// What stands before the vendor, where faults are armed.
    pub fn proxy(&self) -> Option<&FaultProxy> {
        match self {
            Self::Bridge(bridge) => Some(&bridge.proxy),
            Self::Vendor(vendor) => Some(&vendor.proxy),
            Self::Unseen => None,
        }
    }

    /// How PHP has to run, so that the module comes this way.
    pub fn php(&self) -> PhpSettings {
        match self {
            Self::Vendor(vendor) => vendor.php(),
            Self::Bridge(_) | Self::Unseen => PhpSettings::default(),
        }
    }

    /// What stands in the server form at first.
    pub fn server_form(&self) -> ServerForm {
        match self {
            Self::Bridge(bridge) => bridge.server_form(),
            Self::Vendor(vendor) => vendor.server_form(),
            Self::Unseen => ServerForm::default(),
        }
    }

    /// The places of the vendor's API that are known before anything was sent.
    pub fn places(&self) -> Vec<NamedPlace> {
        match self {
            Self::Bridge(bridge) => bridge.places(),
            Self::Vendor(vendor) => vendor.places(),
            Self::Unseen => Vec::new(),
        }
    }

    /// Whether what the module connects to has a certificate that nobody trusts, from now on. False where
    /// there is no TLS.
    pub fn present_untrusted(&self, untrusted: bool) -> bool {
        match self {
            Self::Vendor(vendor) => {
                vendor.present_untrusted(untrusted);
                true
            }
            Self::Bridge(_) | Self::Unseen => false,
        }
    }

    /// Whether the module's way to the vendor has TLS.
    pub fn has_tls(&self) -> bool {
        matches!(self, Self::Vendor(_))
    }

    /// What it is, in one line.
    pub fn described(&self) -> String {
        match self {
            Self::Bridge(bridge) => bridge.described(),
            Self::Vendor(vendor) => vendor.described(),
            Self::Unseen => {
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
            Self::Vendor(vendor) => vendor.truth(),
            Self::Unseen => None,
        }
    }
}
