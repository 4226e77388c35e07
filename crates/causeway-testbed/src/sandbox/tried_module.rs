//! What is known of the module that is tried, and the copy of it that is in use.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::feed::{Entry, Kind, Tone};
use super::state::App;
use crate::emulator::answers::MetaData;
use crate::emulator::{Command, Emulator, EmulatorError, ModuleName};

const LOOKED_AT_EVERY: Duration = Duration::from_millis(700);

/// The module, as it was when it was copied last.
#[derive(Debug)]
pub struct ModuleInUse {
    /// Its name.
    pub name: ModuleName,
    folder: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Without the module's prefix, in lower case as PHP compares them.
    functions: BTreeSet<String>,
    /// What the module says of itself.
    meta_data: HashMap<String, Value>,
}

impl ModuleInUse {
    /// Copies it into WHMCS.
    pub async fn install(whmcs: &Emulator, folder: &Path) -> Result<Self, EmulatorError> {
        let module = Self {
            name: whmcs.install_module(folder).await?,
            folder: folder.to_owned(),
            known: Mutex::default(),
        };
        module.look(whmcs).await?;
        Ok(module)
    }

    /// Copies it into WHMCS again, as its author has changed it.
    pub async fn install_again(&self, whmcs: &Emulator) -> Result<(), EmulatorError> {
        whmcs.install_module(&self.folder).await?;
        self.look(whmcs).await
    }

    async fn look(&self, whmcs: &Emulator) -> Result<(), EmulatorError> {
        let functions = whmcs.module_function_names(&self.name).await?;
        let command = Command::ModuleMetaData {
            module: self.name.clone(),
        };
        let meta_data = whmcs.ask::<MetaData>(command).await?.result.meta_data;
        *self.known() = Known {
            functions: functions.iter().map(|name| name.to_lowercase()).collect(),
            meta_data: meta_data.into_iter().collect(),
        };
        Ok(())
    }

    /// Whether it has a function of this name.
    pub fn has(&self, function: &str) -> bool {
        self.known().functions.contains(&function.to_lowercase())
    }

    /// Something that it says of itself, as text.
    pub fn meta(&self, name: &str) -> Option<String> {
        match self.known().meta_data.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    /// Whether it says that its products need a server; they do when it says nothing.
    pub fn requires_server(&self) -> bool {
        !matches!(
            self.known().meta_data.get("RequiresServer"),
            Some(Value::Bool(false))
        )
    }

    /// Its name as its author shows it.
    pub fn title(&self) -> String {
        self.meta("DisplayName")
            .unwrap_or_else(|| self.name.to_string())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copies the module again whenever its author has saved something. Never ends by itself.
pub async fn follow_changes(app: App) {
    let mut before = newest(app.module.folder.clone()).await;
    loop {
        tokio::time::sleep(LOOKED_AT_EVERY).await;
        let now = newest(app.module.folder.clone()).await;
        if now == before {
            continue;
        }
        before = now;
        app.feed.step("The module's folder has changed");
        let entry = match app.module.install_again(&app.whmcs).await {
            Ok(()) => Entry::new(Kind::Change, Tone::Good, "module", "the new copy is in use"),
            Err(error) => Entry::new(Kind::Change, Tone::Bad, "module", "cannot be used")
                .detail("Why", error.to_string()),
        };
        app.feed.add(entry);
    }
}

/// When something in a folder was changed last, and how many files it has.
async fn newest(folder: PathBuf) -> (Option<SystemTime>, usize) {
    let looked = tokio::task::spawn_blocking(move || {
        let mut seen = (None, 0);
        look_into(&folder, &mut seen);
        seen
    });
    looked.await.unwrap_or_default()
}

fn look_into(folder: &Path, seen: &mut (Option<SystemTime>, usize)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(data) = entry.metadata() else {
            continue;
        };
        if data.is_dir() {
            look_into(&entry.path(), seen);
        } else {
            seen.0 = seen.0.max(data.modified().ok());
            seen.1 += 1;
        }
    }
}
