//! What all pages share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::answer::Told;
use super::behind::Behind;
use super::error::SandboxError;
use super::faults::Faults;
use super::feed::Feed;
use super::tried_module::ModuleInUse;
use crate::emulator::{Client, ClientId, Emulator, EmulatorSettings};

/// More than one person's browser has open.
const MOST_KEPT: u64 = 64;

/// What handlers get.
pub type App = Arc<Sandboxed>;

/// A WHMCS with the module in it, what stands behind the module, and the record of what happens.
#[derive(Debug)]
pub struct Sandboxed {
    /// WHMCS.
    pub whmcs: Emulator,
    /// The module that is tried.
    pub module: ModuleInUse,
    /// What stands behind the module.
    pub behind: Behind,
    /// What happens.
    pub feed: Arc<Feed>,
    /// The faults that were armed.
    pub faults: Faults,
    /// The random part of the address of what the module draws.
    pub frame_key: String,
    visitor: Mutex<Visitor>,
    told: Kept<Told>,
    drawn: Kept<Vec<DrawnField>>,
}

impl Sandboxed {
    /// Starts WHMCS with the module and two clients in it; `address` is where the pages are.
    pub async fn start(
        behind: Behind,
        module: &Path,
        feed: Arc<Feed>,
        address: SocketAddr,
        whmcs_version: Option<String>,
    ) -> Result<Self, SandboxError> {
        let frame_key = random_key()?;
        let usual = EmulatorSettings::default();
        let whmcs = Emulator::start(EmulatorSettings {
            php: behind.php(),
            // What a module builds from it leads into its own frame.
            system_url: format!("http://{address}/frame/{frame_key}/"),
            whmcs_version: whmcs_version.unwrap_or(usual.whmcs_version),
            observer: Some(feed.emulator_observer()),
            ..EmulatorSettings::default()
        })
        .await?;
        let module = ModuleInUse::install(&whmcs, module).await?;
        for client in [
            Client::named("Ada", "Lovelace").company("Analytical Engines"),
            Client::named("Grace", "Hopper").country("US"),
        ] {
            whmcs.add_client(client).await?;
        }
        feed.watch_database(whmcs.installation().database());
        Ok(Self {
            whmcs,
            module,
            behind,
            feed,
            faults: Faults::default(),
            frame_key,
            visitor: Mutex::default(),
            told: Kept::default(),
            drawn: Kept::default(),
        })
    }

    /// Who looks at the module's page now.
    pub fn visitor_is(&self, visitor: Visitor) {
        *self.visitor.lock().unwrap_or_else(PoisonError::into_inner) = visitor;
    }

    /// Who looked at the module's page last.
    pub fn visitor(&self) -> Visitor {
        *self.visitor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the next page says.
    pub fn told(&self) -> &Kept<Told> {
        &self.told
    }

    /// What the module drew for a page, until its frame asks for it.
    pub fn drawn(&self) -> &Kept<Vec<DrawnField>> {
        &self.drawn
    }
}

/// Who is logged in where the module's page is.
#[derive(Debug, Clone, Copy, Default)]
pub enum Visitor {
    /// Nobody has looked at one.
    #[default]
    Nobody,
    /// A client.
    Client(ClientId),
    /// The provider's staff.
    Staff,
}

/// A field of the module on the staff's page of a service.
#[derive(Debug, Clone, Serialize)]
pub struct DrawnField {
    /// What it is called.
    pub label: String,
    /// The module's markup.
    pub html: String,
}

impl DrawnField {
    /// Markup that is a page of its own.
    pub fn alone(html: String) -> Self {
        Self {
            label: String::new(),
            html,
        }
    }
}

/// Something that is said now and asked for in a moment, under a number that an address carries.
#[derive(Debug)]
pub struct Kept<T> {
    all: Mutex<HashMap<u64, T>>,
    next: AtomicU64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            all: Mutex::default(),
            next: AtomicU64::new(1),
        }
    }
}

impl<T: Clone> Kept<T> {
    /// Keeps it; gives the number under which it is asked for.
    pub fn keep(&self, value: T) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(number, value);
        all.retain(|one, _| number - *one < MOST_KEPT);
        number
    }

    /// What was kept under this number.
    pub fn get(&self, number: u64) -> Option<T> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&number).cloned()
    }
}

fn random_key() -> Result<String, SandboxError> {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| SandboxError::Randomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
