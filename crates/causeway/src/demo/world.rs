//! The parts of the demo, each the real one: vendor, gateway, module, WHMCS's emulator.

use std::path::Path;
use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::Store;
use causeway_gateway::{Gateway, Token};
use causeway_module::{Module, ModuleSettings};
use causeway_store::{KeyFile, Role, SqliteStore};
use causeway_testbed::emulator::{Emulator, EmulatorSettings};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use miette::{IntoDiagnostic as _, miette};
use tempfile::TempDir;
use url::Url;

use crate::example_service;

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
        let definition = example_service::definition()?;
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
    let credential = vendor.add_account("Northwind Hosting").into_diagnostic()?;
    let provider = example_service::provider("northwind", vendor.api(), &credential);
    store
        .add_provider(provider, token.hash())
        .await
        .into_diagnostic()?;
    example_service::gateway(store, keys).await
}
