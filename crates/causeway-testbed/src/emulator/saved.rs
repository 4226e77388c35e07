//! WHMCS as it was at one moment, to begin from there again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::database::Backend;
use super::error::EmulatorError;
use crate::mariadb::Dump;

/// All that WHMCS's database had. Cheap to clone. Files of modules are not in it.
#[derive(Debug, Clone)]
pub struct SavedState(Kept);

#[derive(Debug, Clone)]
enum Kept {
    File(Arc<[u8]>),
    Dump(Arc<Dump>),
}

impl SavedState {
    /// Copies the database while no request is under way.
    pub(super) fn of(backend: &Backend) -> Result<Self, EmulatorError> {
        Ok(Self(match backend {
            Backend::Sqlite(file) => Kept::File(copy_of(file)?),
            Backend::MariaDb { database, .. } => Kept::Dump(database.dump()?.into()),
        }))
    }

    /// Puts it in the place of the database that it was copied from, while no request is under way.
    pub(super) fn restore(&self, backend: &Backend) -> Result<(), EmulatorError> {
        match (&self.0, backend) {
            (Kept::File(bytes), Backend::Sqlite(file)) => put_back(bytes, file),
            (Kept::Dump(dump), Backend::MariaDb { database, .. }) => Ok(database.load(dump)?),
            _ => Err(EmulatorError::SavedElsewhere),
        }
    }
}

fn copy_of(database: &Path) -> Result<Arc<[u8]>, EmulatorError> {
    let copy = beside(database, "saved");
    remove(&copy)?;
    Connection::open(database)?.execute("VACUUM INTO ?1", params![copy.to_string_lossy()])?;
    let bytes = fs::read(&copy).map_err(EmulatorError::file("read", &copy))?;
    remove(&copy)?;
    Ok(bytes.into())
}

fn put_back(bytes: &[u8], database: &Path) -> Result<(), EmulatorError> {
    let copy = beside(database, "saved");
    fs::write(&copy, bytes).map_err(EmulatorError::file("write", &copy))?;
    remove(&beside(database, "sqlite-wal"))?;
    remove(&beside(database, "sqlite-shm"))?;
    fs::rename(&copy, database).map_err(EmulatorError::file("replace", database))
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
