//! The sandbox: a local web application in which a person walks through everything by hand, as the
//! provider's staff and as the client, and sees beside it what happens: callbacks, hooks, exchanges with
//! the vendor, changes of the database.
//!
//! It runs modules for whoever asks, so it listens on this machine alone and answers nobody but the
//! person in front of it: see `guard`.

mod answer;
mod assets;
mod behind;
mod bridge;
mod client;
mod error;
mod faults;
mod feed;
mod form;
mod frame;
mod guard;
mod live;
mod module_files;
mod provider;
mod rows;
mod server;
mod state;
mod templates;
mod tried_module;
mod vendor;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use causeway_definition::Definition;
use tokio::task::JoinHandle;
use url::Url;

pub use error::SandboxError;
pub use server::DEFAULT_PORT;

use self::behind::Behind;
use self::feed::Feed;
use self::state::{App, Sandboxed};
use self::tried_module::follow_changes;
use crate::scripted_vendor::VendorScript;

/// What is tried, and where the pages are.
#[derive(Debug)]
pub struct SandboxSettings {
    /// Where it listens; an address of this machine alone.
    pub listen: Listen,
    /// What is tried.
    pub tried: Tried,
    /// The version that WHMCS tells modules, when it is to be another than the usual one.
    pub whmcs_version: Option<String>,
}

/// Where a sandbox listens.
#[derive(Debug, Clone, Copy)]
pub enum Listen {
    /// At this address or not at all; port 0 is any free one.
    At(SocketAddr),
    /// At the usual port of 127.0.0.1, or the next one that is free.
    AnywhereFree,
}

/// What is tried in a sandbox.
#[derive(Debug)]
pub enum Tried {
    /// A definition, with the module made from it, a gateway and the sample vendor.
    Definition(Box<TriedDefinition>),
    /// A module of anybody, as it is.
    Module(TriedModule),
}

/// A definition that is tried.
#[derive(Debug)]
pub struct TriedDefinition {
    /// The `causeway` program, which builds the module and is the gateway.
    pub program: PathBuf,
    /// The definition as the gateway reads it.
    pub source: String,
    /// The same, parsed.
    pub definition: Definition,
    /// The vendor that a script describes, in place of the sample vendor.
    pub vendor: Option<Box<VendorScript>>,
}

/// A module folder that is tried.
#[derive(Debug)]
pub struct TriedModule {
    /// The folder.
    pub folder: PathBuf,
    /// The vendor, to be reached through the fault proxy; without it the module reaches whatever it does
    /// by itself.
    pub vendor: Option<TriedVendor>,
}

/// The vendor of a module that is tried.
#[derive(Debug)]
pub enum TriedVendor {
    /// One that a script describes.
    Script(Box<VendorScript>),
    /// A real one, by the address of its API.
    Given(Url),
}

/// A running sandbox. It stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl Sandbox {
    /// Starts all parts, and the pages.
    ///
    /// # Errors
    /// A part does not start, the module cannot be used, or the address cannot be listened on.
    pub async fn start(settings: SandboxSettings) -> Result<Self, SandboxError> {
        let listener = server::bind(settings.listen).await?;
        let feed = Arc::new(Feed::new());
        let (behind, folder) = match settings.tried {
            Tried::Definition(tried) => Behind::of_definition(*tried, &feed).await?,
            Tried::Module(tried) => Behind::of_module(tried, &feed).await?,
        };
        let address = listener.local_addr().map_err(SandboxError::Address)?;
        let version = settings.whmcs_version;
        let app = Sandboxed::start(behind, &folder, feed, address, version).await?;
        let app: App = Arc::new(app);
        let tasks = [
            tokio::spawn(follow_changes(Arc::clone(&app))),
            tokio::spawn(server::serve(listener, app)),
        ];
        Ok(Self { address, tasks })
    }

    /// Where a browser finds it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
