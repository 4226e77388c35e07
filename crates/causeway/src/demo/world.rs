//! The parts of the demo, each the real one: vendor, gateway, module, WHMCS's emulator.

use std::path::Path;
use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, Store, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings, Token};
use causeway_module::{Module, ModuleSettings};
use causeway_store::{KeyFile, Role, SqliteStore};
use causeway_testbed::emulator::{Emulator, EmulatorSettings};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, miette};
use secrecy::SecretString;
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use crate::commands::serve::fingerprints;

const DEFINITION: &str = include_str!("../../../../examples/shieldpress.toml");

/// Everything that the demo runs. Dropping it stops it, too, with less grace.
pub struct World {
    /// WHMCS, with the module in it.
    pub whmcs: Emulator,
    /// The vendor with its API and its database.
    pub vendor: SampleVendor,
    /// The gateway between them.
    pub gateway: Gateway,
    /// The provider's token for the gateway.
    pub token: Token,
    /// The vendor's product.
    pub definition: Definition,
    folder: TempDir,
}

impl World {
    /// Starts the parts on free ports, in a temporary folder.
    pub async fn start() -> miette::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("causeway-demo-")
            .tempdir()
            .into_diagnostic()?;
        let vendor = SampleVendor::start(SampleVendorSettings {
            idempotency_keys: true,
            database: Some(folder.path().join("vendor.sqlite")),
            ..SampleVendorSettings::default()
        });
        let vendor = vendor.await.into_diagnostic()?;
        let token = Token::generate().into_diagnostic()?;
        let gateway = gateway(folder.path(), &vendor, &token).await?;
        let definition = definition()?;
        let module = module(&definition, &gateway)?;
        module.write_to(folder.path()).into_diagnostic()?;
        let settings = EmulatorSettings {
            folder: Some(folder.path().join("whmcs")),
            ..EmulatorSettings::default()
        };
        let whmcs = Emulator::start(settings)
            .await
            .map_err(|error| miette!("{error}"))?;
        whmcs
            .install_module(folder.path().join("modules/servers").join(module.name()))
            .await
            .into_diagnostic()?;
        Ok(Self {
            whmcs,
            vendor,
            gateway,
            token,
            definition,
            folder,
        })
    }

    /// The folder with everything in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops the parts and removes the folder.
    pub async fn stop(self) {
        self.gateway.stop().await;
        self.vendor.shutdown().await;
        drop(self.whmcs);
        drop(self.folder);
    }
}

fn definition() -> miette::Result<Definition> {
    let (definition, _) = Definition::parse(DEFINITION).map_err(|diagnostics| {
        miette!(
            "the demo's own definition has {} problems",
            diagnostics.len()
        )
    })?;
    Ok(definition)
}

fn module(definition: &Definition, gateway: &Gateway) -> miette::Result<Module> {
    let settings = ModuleSettings {
        gateway: Url::parse(&gateway.url()).into_diagnostic()?,
        logo: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Module::build(definition, settings).into_diagnostic()
}

async fn gateway(folder: &Path, vendor: &SampleVendor, token: &Token) -> miette::Result<Gateway> {
    let keys = KeyFile::open_or_create(&folder.join("causeway.key")).into_diagnostic()?;
    let store = SqliteStore::open(&folder.join("journal.sqlite"), keys.clone(), Role::Gateway)
        .into_diagnostic()?;
    let store: Arc<dyn Store> = Arc::new(store);
    store
        .add_provider(provider(vendor)?, token.hash())
        .await
        .into_diagnostic()?;
    let definitions = Definitions::new([definition()?]);
    let executor = Executor::start(
        Arc::clone(&store),
        Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
        Arc::new(SystemClock),
        definitions.clone(),
        fingerprints(keys),
        ExecutorSettings::default(),
    );
    let executor = executor.await.into_diagnostic()?;
    let settings = GatewaySettings {
        listen: ([127, 0, 0, 1], 0).into(),
        ..GatewaySettings::default()
    };
    Gateway::start(settings, executor, store, definitions)
        .await
        .into_diagnostic()
}

/// The hosting provider, with its account at the vendor.
fn provider(vendor: &SampleVendor) -> miette::Result<Provider> {
    let credential = vendor.add_account("Northwind Hosting").into_diagnostic()?;
    let now = Timestamp::now();
    Ok(Provider {
        id: ProviderId(Uuid::now_v7()),
        name: "northwind".to_owned(),
        credential: SecretString::from(credential),
        api: Some(vendor.api()),
        added_at: now,
        token_made_at: now,
        removed_at: None,
    })
}
