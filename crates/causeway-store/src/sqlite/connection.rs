//! Opening the file: is it a journal, and how SQLite is to treat it.

use std::fs::OpenOptions;
use std::path::Path;
use std::thread;
use std::time::Duration;

use causeway_engine::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::failure::{Failure, Result, from_io};
use crate::failure::damaged;

/// How long to wait for another process that writes.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often to look whether it has let go. SQLite's own waiting pauses longer each time, and would never
/// meet the moment that a busy gateway leaves to others.
pub(crate) const BUSY_PAUSE: Duration = Duration::from_millis(1);

/// "CsWy": tells a journal from other SQLite files.
pub(crate) const APPLICATION_ID: i32 = 0x4373_5779;

const CACHED_STATEMENTS: usize = 64;

/// The connection that writes. Makes the file when there is none.
pub(crate) fn open_writer(path: &Path) -> Result<Connection> {
    make_private_file(path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    refuse_if_foreign(&connection, path)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Failure::Store(StoreError::Unavailable(format!(
            "SQLite cannot keep a write-ahead log for {}: a journal has to lie on a local disk",
            path.display()
        ))));
    }
    // A sealed value that is deleted is overwritten where that costs no extra page; savepoints stay
    // in memory; the log is brought into the file less often than by default, because that costs
    // every waiting caller a pause.
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = FAST;
         PRAGMA cache_size = -32768;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open(path: &Path, access: OpenFlags) -> Result<Connection> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(Some(wait_for_other_process))?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Otherwise SQLite prepares a statement anew for each other value of a parameter that its
    // planner has looked at.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    Ok(connection)
}

fn wait_for_other_process(times_before: i32) -> bool {
    thread::sleep(BUSY_PAUSE);
    u32::try_from(times_before).is_ok_and(|times| BUSY_PAUSE * times < BUSY_TIMEOUT)
}

/// SQLite gives the files beside the journal the permissions of the journal.
fn make_private_file(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| Failure::Store(from_io(&error, path)))?;
    Ok(())
}

/// Before anything is changed: is it a journal, or a file that is still empty?
fn refuse_if_foreign(connection: &Connection, path: &Path) -> Result<()> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application_id: i32 =
        connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application_id == APPLICATION_ID || (application_id == 0 && tables == 0) {
        return Ok(());
    }
    Err(Failure::Store(damaged(format!(
        "{} is the database of another program; give the path of a journal, or of a file that does \
         not exist yet",
        path.display()
    ))))
}
