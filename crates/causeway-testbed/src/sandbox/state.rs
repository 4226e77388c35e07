//! What all pages share.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::answer::Told;
use super::behind::Behind;
use super::error::SandboxError;
use super::faults::Faults;
use super::feed::Feed;
use crate::emulator::answers::MetaData;
use crate::emulator::{Client, Command, Emulator, EmulatorSettings, ModuleName};

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
    pub module: ModuleName,
    /// The module's functions, without its prefix, in lower case as PHP compares them.
    functions: BTreeSet<String>,
    /// What the module says of itself.
    meta_data: HashMap<String, Value>,
    /// What stands behind the module.
    pub behind: Behind,
    /// What happens.
    pub feed: Arc<Feed>,
    /// The faults that were armed.
    pub faults: Faults,
    /// The random part of the address of what the module draws.
    pub frame_key: String,
    told: Kept<Told>,
    drawn: Kept<Vec<DrawnField>>,
}

impl Sandboxed {
    /// Starts WHMCS with the module and two clients in it.
    pub async fn start(
        behind: Behind,
        module: &Path,
        feed: Arc<Feed>,
    ) -> Result<Self, SandboxError> {
        let whmcs = Emulator::start(EmulatorSettings {
            php: behind.php(),
            observer: Some(feed.emulator_observer()),
            ..EmulatorSettings::default()
        })
        .await?;
        let module = whmcs.install_module(module).await?;
        let functions = whmcs.module_function_names(&module).await?;
        let meta_data = whmcs
            .ask::<MetaData>(Command::ModuleMetaData {
                module: module.clone(),
            })
            .await?;
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
            functions: functions
                .into_iter()
                .map(|name| name.to_lowercase())
                .collect(),
            meta_data: meta_data.result.meta_data.into_iter().collect(),
            behind,
            feed,
            faults: Faults::default(),
            frame_key: random_key()?,
            told: Kept::default(),
            drawn: Kept::default(),
        })
    }

    /// Whether the module has a function of this name.
    pub fn has(&self, function: &str) -> bool {
        self.functions.contains(&function.to_lowercase())
    }

    /// Something that the module says of itself, as text.
    pub fn meta(&self, name: &str) -> Option<String> {
        match self.meta_data.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// Whether the module says that its products need a server.
    pub fn requires_server(&self) -> bool {
        !matches!(
            self.meta_data.get("RequiresServer"),
            Some(Value::Bool(false))
        )
    }

    /// The module's name as its author shows it.
    pub fn title(&self) -> String {
        self.meta("DisplayName")
            .unwrap_or_else(|| self.module.to_string())
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

/// A field of the module on the staff's page of a service.
#[derive(Debug, Clone, Serialize)]
pub struct DrawnField {
    /// What it is called.
    pub label: String,
    /// The module's markup.
    pub html: String,
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
