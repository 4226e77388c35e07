//! The scripted vendor: an API that a short TOML file describes, for a module whose vendor has no
//! sandbox. A real HTTP server with collections that remember what was created, changed and deleted.
//!
//! The grammar stands in `docs/vendor-script.md`.
//!
//! ```no_run
//! # use causeway_testbed::scripted_vendor::*;
//! # async fn example(text: &str) -> Result<(), ScriptedVendorError> {
//! let Ok(script) = VendorScript::parse(text) else { return Ok(()) };
//! let vendor = ScriptedVendor::start(script, Credentials::default()).await?;
//! // … let a module work on vendor.api() …
//! let left = vendor.items("accounts");
//! let unforeseen = vendor.unmatched();
//! # Ok(()) }
//! ```
//!
//! Random values are the same in every run that asks for the same things in the same order.

mod answer;
pub(crate) mod call;
mod credentials;
mod deed;
mod form_data;
mod fresh;
mod grammar;
mod items;
mod nested;
mod parse;
mod path;
mod record;
mod rendering;
mod script;
mod server;
mod vendor;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

pub use credentials::Credentials;
pub use record::RecordedRequest;
pub(crate) use script::Place;
pub use script::VendorScript;
pub use vendor::SavedItems;

use crate::sockets::own_thread::OwnThread;
use items::Item;
use vendor::Vendor;

/// A running scripted vendor. It stops when dropped, cutting what is in progress.
pub struct ScriptedVendor {
    vendor: Arc<Vendor>,
    address: SocketAddr,
    _thread: OwnThread,
}

/// Why a scripted vendor cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ScriptedVendorError {
    /// The system refused a thread or a socket.
    #[error("the scripted vendor could not listen on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
}

impl ScriptedVendor {
    /// Listens on a free port of 127.0.0.1, by plain HTTP, on a thread of its own. It has nothing yet.
    ///
    /// # Errors
    /// A system without a free port or thread.
    pub async fn start(
        script: VendorScript,
        credentials: Credentials,
    ) -> Result<Self, ScriptedVendorError> {
        let vendor = Arc::new(Vendor::new(script, credentials));
        let (thread, address) =
            OwnThread::start("scripted-vendor", server::open(Arc::clone(&vendor))).await?;
        Ok(Self {
            vendor,
            address,
            _thread: thread,
        })
    }

    /// The API's base URL: `http://127.0.0.1:PORT`, with the script's prefix.
    #[must_use]
    pub fn api(&self) -> String {
        format!("http://{}{}", self.address, self.script().prefix())
    }

    /// What it was started with.
    #[must_use]
    pub fn script(&self) -> &VendorScript {
        self.vendor.script()
    }

    /// The live items of a collection with all their fields, hidden ones too, in the order of their
    /// creation. None for a collection that the script does not have.
    #[must_use]
    pub fn items(&self, collection: &str) -> Vec<Value> {
        values(self.vendor.inner().items.live(collection))
    }

    /// Every collection with its live items, in the order of the script.
    #[must_use]
    pub fn all_collections(&self) -> IndexMap<String, Vec<Value>> {
        let inner = self.vendor.inner();
        inner
            .items
            .all()
            .map(|(name, items)| (name.to_owned(), values(items)))
            .collect()
    }

    /// Removes an item behind every caller's back, as the vendor's staff would. False when it is not
    /// there. The id may be a text or a number.
    pub fn remove(&self, collection: &str, id: impl Into<Value>) -> bool {
        let id = call::as_text(&id.into());
        self.vendor.inner().items.remove(collection, &id).is_some()
    }

    /// Removes everything of every collection that belongs to single services.
    pub fn remove_services(&self) {
        let script = self.script();
        let names = script.collections().filter(|name| !script.is_shared(name));
        let mut inner = self.vendor.inner();
        names.for_each(|name| inner.items.remove_all(name));
    }

    /// All that it has now.
    #[must_use]
    pub fn save(&self) -> SavedItems {
        self.vendor.save()
    }

    /// Begins again from what a vendor of the same script had.
    pub fn restore(&self, saved: SavedItems) {
        self.vendor.restore(saved);
    }

    /// Every request so far, in the order in which they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.vendor.inner().record.clone()
    }

    /// The requests that no route fits; they were answered 404.
    #[must_use]
    pub fn unmatched(&self) -> Vec<RecordedRequest> {
        let mut requests = self.requests();
        requests.retain(|request| !request.is_matched);
        requests
    }

    /// Templates that had no value for a request; it was answered 500. The script is to be mended.
    #[must_use]
    pub fn script_errors(&self) -> Vec<String> {
        self.vendor.inner().script_errors.clone()
    }
}

impl std::fmt::Debug for ScriptedVendor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ScriptedVendor")
            .field("script", self.script())
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn values(items: &[Item]) -> Vec<Value> {
    items.iter().cloned().map(Value::Object).collect()
}
