//! How an emulated WHMCS is set up, and who watches it.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use crate::mariadb::MariaDbServer;

use super::{
    commands::Command,
    error::EmulatorError,
    left_behind::LeftBehind,
    missing::MissingPiece,
    php::PhpSettings,
    record::{CallRecord, HookRun, PhpWarning},
};

/// Watches what the emulator does, as it does it.
pub type Observer = Arc<dyn Fn(&EmulatorEvent<'_>) + Send + Sync>;

/// How one emulated WHMCS is set up.
#[derive(Clone)]
pub struct EmulatorSettings {
    /// Where it lives; a temporary folder, removed at the end, when none is named.
    pub folder: Option<PathBuf>,
    /// How PHP runs.
    pub php: PhpSettings,
    /// The address that WHMCS believes to have.
    pub system_url: String,
    /// The version that WHMCS tells modules.
    pub whmcs_version: String,
    /// What its database runs on.
    pub database: DatabaseEngine,
    /// Told of every step.
    pub observer: Option<Observer>,
}

/// What WHMCS's database runs on.
#[derive(Debug, Clone, Default)]
pub enum DatabaseEngine {
    /// SQLite that speaks MySQL: starts in no time.
    #[default]
    Sqlite,
    /// A database of its own on this server, as in WHMCS. What changed in its rows is not recorded.
    MariaDb(Arc<MariaDbServer>),
}

impl Default for EmulatorSettings {
    fn default() -> Self {
        Self {
            folder: None,
            php: PhpSettings::default(),
            system_url: "https://whmcs.test/".into(),
            whmcs_version: "8.13.1-release.1".into(),
            database: DatabaseEngine::default(),
            observer: None,
        }
    }
}

impl fmt::Debug for EmulatorSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmulatorSettings")
            .field("folder", &self.folder)
            .field("php", &self.php)
            .field("system_url", &self.system_url)
            .field("whmcs_version", &self.whmcs_version)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

/// One step of the emulator, after it happened.
#[derive(Debug, Clone, Copy)]
pub struct EmulatorEvent<'a> {
    /// What it was asked.
    pub command: &'a Command,
    /// The module's calls within the step.
    pub calls: &'a [CallRecord],
    /// The hook points that it reached; none are told of a step that failed.
    pub hooks: &'a [HookRun],
    /// What WHMCS itself and hooks left behind; nothing is told of a step that failed.
    pub left_behind: Option<&'a LeftBehind>,
    /// PHP's warnings outside the module's functions; none are told of a step that failed.
    pub warnings: &'a [PhpWarning],
    /// Columns that WHMCS does not have and that were asked for; of a step that failed, everything that
    /// was missing.
    pub missing: &'a [MissingPiece],
    /// Why the step failed.
    pub error: Option<&'a EmulatorError>,
    /// How long it took.
    pub took: Duration,
}
