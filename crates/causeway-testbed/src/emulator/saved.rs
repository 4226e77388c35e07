//! WHMCS as it was at one moment, to begin from there again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::error::EmulatorError;

/// All that WHMCS's database had. Cheap to clone. Files of modules are not in it.
#[derive(Debug, Clone)]
pub struct SavedState(Arc<[u8]>);

impl SavedState {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Copies an SQLite file while no request is under way.
    pub(super) fn of(database: &Path) -> Result<Self, EmulatorError> {
        let copy = beside(database, "saved");
        remove(&copy)?;
        Connection::open(database)?.execute("VACUUM INTO ?1", params![copy.to_string_lossy()])?;
        let bytes = fs::read(&copy).map_err(EmulatorError::file("read", &copy))?;
        remove(&copy)?;
        Ok(Self(bytes.into()))
    }

    /// Puts it in the database's place while no request is under way.
    pub(super) fn restore(&self, database: &Path) -> Result<(), EmulatorError> {
        let copy = beside(database, "saved");
        fs::write(&copy, &self.0).map_err(EmulatorError::file("write", &copy))?;
        remove(&beside(database, "sqlite-wal"))?;
        remove(&beside(database, "sqlite-shm"))?;
        fs::rename(&copy, database).map_err(EmulatorError::file("replace", database))
    }
}

fn beside(database: &Path, extension: &str) -> PathBuf {
    database.with_extension(extension)
}

fn remove(file: &Path) -> Result<(), EmulatorError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(EmulatorError::file("remove", file)(error))
        }
        _ => Ok(()),
    }
}
