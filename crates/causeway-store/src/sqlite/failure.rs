//! What SQLite reports, in the journal's words.

use std::io;
use std::path::Path;

use causeway_engine::StoreError;
use rusqlite::ErrorCode;

use super::connection::BUSY_TIMEOUT;

/// Why a statement or what was made of its rows failed, inside this crate.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    /// The error for the caller, with the file that it is about.
    pub(crate) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Sqlite(error) => from_sqlite(&error, path),
        }
    }
}

fn from_sqlite(error: &rusqlite::Error, path: &Path) -> StoreError {
    let path = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Unavailable(format!(
                "another process has kept {path} locked for more than {} s; end that process (a backup, \
                 an open `sqlite3`) or wait for it",
                BUSY_TIMEOUT.as_secs()
            ))
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly(format!(
            "{path} or its folder is read-only for this user ({error}); give the user write permission \
             on both"
        )),
        Some(ErrorCode::CannotOpen) => StoreError::ReadOnly(format!(
            "{path} or the files beside it cannot be opened ({error}); give the user write permission \
             on its folder"
        )),
        Some(ErrorCode::DiskFull) => StoreError::Unavailable(format!(
            "the disk that holds {path} is full; make room on it"
        )),
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted
            | ErrorCode::OperationAborted
            | ErrorCode::FileLockingProtocolFailed,
        ) => StoreError::Unavailable(format!(
            "the system failed to read or write {path} ({error}); look at the disk and the system's log"
        )),
        Some(ErrorCode::NotADatabase) => StoreError::Damaged(format!(
            "{path} is not an SQLite database; give the path of a journal, or put it back from its backup"
        )),
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(format!(
            "{path} is not whole ({error}); put it back from its backup"
        )),
        _ => StoreError::Damaged(format!(
            "{path} does not hold what this Causeway expects ({error}); put it back from its backup, or \
             report this as a defect"
        )),
    }
}

/// What the system says about a file that is to be written.
pub(crate) fn from_io(error: &io::Error, path: &Path) -> StoreError {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly(format!(
                "{path} may not be written by this user ({error}); give the user write permission on \
                 the file and its folder"
            ))
        }
        io::ErrorKind::IsADirectory => {
            StoreError::ReadOnly(format!("{path} is a folder; give the path of a file in it"))
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => StoreError::Unavailable(format!(
            "the folder of {path} does not exist; make it, or give another path"
        )),
        _ => StoreError::Unavailable(format!("{path} cannot be opened ({error})")),
    }
}
