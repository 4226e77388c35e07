//! What a module is tested with.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::error::ModuleTestError;
use crate::emulator::DatabaseEngine;
use crate::scripted_vendor::{Credentials, VendorScript};

/// The host of the server form when nothing says which.
const INVENTED_HOST: &str = "panel.vendor.example";

/// A module, its vendor, and what the provider enters.
#[derive(Debug, Clone)]
pub struct ModuleTestSettings {
    /// The module's folder, as it is unzipped into `modules/servers/`.
    pub folder: PathBuf,
    /// The vendor that it talks to.
    pub vendor: VendorChoice,
    /// What the provider enters into the server form beside the host.
    pub server: Credentials,
    /// The host of the server form; the script's first host, or an invented one.
    pub host: Option<String>,
    /// The product's module options by their number, over what the module itself proposes.
    pub options: BTreeMap<u8, String>,
    /// Those to which staff change them before they press Change Package.
    pub upgrade_options: BTreeMap<u8, String>,
    /// Custom fields of the product, with what the client enters.
    pub custom_fields: BTreeMap<String, String>,
    /// Configurable options of the product, with the one choice that there is.
    pub configurable_options: BTreeMap<String, String>,
    /// How long a vendor that hangs may hold a callback.
    pub patience: Duration,
    /// How long a callback may take beside what the vendor takes.
    pub budget: Duration,
    /// How many trials at once.
    pub lanes: usize,
    /// The version of WHMCS that is played.
    pub whmcs_version: String,
    /// What its database runs on.
    pub database: DatabaseEngine,
}

impl ModuleTestSettings {
    /// A module with what is proposed, before this vendor.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, vendor: VendorChoice) -> Self {
        Self {
            folder: folder.into(),
            vendor,
            server: planted_credentials(),
            host: None,
            options: BTreeMap::new(),
            upgrade_options: BTreeMap::new(),
            custom_fields: BTreeMap::new(),
            configurable_options: BTreeMap::new(),
            patience: Duration::from_secs(35),
            budget: Duration::from_secs(3),
            lanes: 4,
            whmcs_version: crate::emulator::EmulatorSettings::default().whmcs_version,
            database: DatabaseEngine::default(),
        }
    }
}

impl ModuleTestSettings {
    /// The host of the server form.
    pub(super) fn host_name(&self) -> Result<String, ModuleTestError> {
        if let Some(host) = &self.host {
            return Ok(host.clone());
        }
        let host = match &self.vendor {
            VendorChoice::Script(source) => parsed(source)?.hosts().first().cloned(),
            VendorChoice::Given { url, .. } => url.host_str().map(ToOwned::to_owned),
        };
        Ok(host.unwrap_or_else(|| INVENTED_HOST.to_owned()))
    }
}

/// A script that has been parsed before.
pub(super) fn parsed(source: &str) -> Result<VendorScript, ModuleTestError> {
    VendorScript::parse(source).map_err(|problems| {
        let problems = problems.iter().map(ToString::to_string);
        ModuleTestError::Script(problems.collect::<Vec<_>>().join("; "))
    })
}

/// What stands behind the fault proxy.
#[derive(Debug, Clone)]
pub enum VendorChoice {
    /// A vendor script, as a text that has been parsed once. Every trial has a vendor of its own.
    Script(String),
    /// A sandbox that all trials share. What it has is not known.
    Given {
        /// Its address.
        url: Url,
        /// Root certificates to trust beside the system's, each a PEM text.
        roots: Vec<Vec<u8>>,
    },
}

/// The scripted vendor knows them, so a provider who tests need not think of any.
fn planted_credentials() -> Credentials {
    Credentials {
        username: "example-reseller".to_owned(),
        password: "k7Wq2mPz9RtX4vBn6Hd8".to_owned(),
        access_hash: "h3Jc8sLf5YgN1uQe7Ka2".to_owned(),
    }
}
