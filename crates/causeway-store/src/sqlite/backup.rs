//! Copies of a journal, made beside the gateway that writes it and put back in its place.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use causeway_engine::StoreError;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::SqliteStore;
use super::connection::open_reader;
use super::failure::{Failure, Result, from_io};
use super::lock::GatewayLock;

const BETWEEN_TRIES: Duration = Duration::from_millis(20);

impl SqliteStore {
    /// Copies the journal at `from`, as it stands at one moment, into a new file at `to`. Gateways and
    /// tools may use it meanwhile. Blocks until the copy is durable.
    ///
    /// # Errors
    /// When there is something at `to` already, or one of the two cannot be used.
    pub fn back_up(from: &Path, to: &Path) -> std::result::Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::ReadOnly(format!(
                "{} is there already, and a copy overwrites nothing; give the name of a new file",
                to.display()
            )));
        }
        let draft = to.with_added_extension("part");
        let kept = copy(from, &draft).and_then(|()| take_place(&draft, to));
        if kept.is_err() {
            let _ = fs::remove_file(&draft);
        }
        kept
    }

    /// Puts a copy in the place of the journal at `to`; the copy is gone from its own place. Blocks
    /// until that is durable.
    ///
    /// # Errors
    /// When a gateway runs on the journal, or one of the two cannot be used.
    pub fn put_in_place(copy: &Path, to: &Path) -> std::result::Result<(), StoreError> {
        let _lock = GatewayLock::take(to)?;
        // The log of another file would be played into this one.
        for log in [beside(to, "-wal"), beside(to, "-shm")] {
            match fs::remove_file(&log) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(from_io(&error, &log));
                }
                _ => {}
            }
        }
        take_place(copy, to)
    }
}

fn copy(from: &Path, to: &Path) -> std::result::Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(to).map_err(|error| from_io(&error, to))?;
    let source = open_reader(from).map_err(|failure| failure.at(from))?;
    copy_pages(&source, to).map_err(|failure| failure.at(from))?;
    file.sync_all().map_err(|error| from_io(&error, to))
}

/// All pages in one step: a copy in several ones would begin again whenever somebody writes. Nobody
/// waits for it, because readers of a write-ahead log keep no writer waiting.
fn copy_pages(source: &Connection, to: &Path) -> Result<()> {
    let mut target = Connection::open(to)?;
    let backup = Backup::new(source, &mut target)?;
    loop {
        match backup.step(-1)? {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked | StepResult::More => {
                std::thread::sleep(BETWEEN_TRIES);
            }
            _ => {
                return Err(Failure::Store(StoreError::Unavailable(
                    "the copy stopped".to_owned(),
                )));
            }
        }
    }
    drop(backup);
    // One file by itself, without a log beside it.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}

fn take_place(from: &Path, to: &Path) -> std::result::Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| from_io(&error, to))?;
    let folder = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| from_io(&error, folder))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.into();
    name.push(suffix);
    name.into()
}
