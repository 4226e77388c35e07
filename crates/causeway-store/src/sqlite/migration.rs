//! Brings the file to the schema of this Causeway: numbered steps, forward only.

use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use causeway_engine::StoreError;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::connection::APPLICATION_ID;
use super::failure::{Failure, Result};
use crate::failure::damaged;
use crate::value::to_nanoseconds;

struct Migration {
    version: u32,
    name: &'static str,
    sql: &'static str,
}

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        digest(&SHA256, self.sql.as_bytes()).as_ref().to_vec()
    }
}

/// In order; what was once released is never changed.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "journal",
        sql: include_str!("../../migrations/sqlite/0001_journal.sql"),
    },
    Migration {
        version: 2,
        name: "resolutions",
        sql: include_str!("../../migrations/sqlite/0002_resolutions.sql"),
    },
    Migration {
        version: 3,
        name: "turns",
        sql: include_str!("../../migrations/sqlite/0003_turns.sql"),
    },
];

/// Whether the file lacks migrations. Refuses a file that this Causeway cannot understand.
pub(crate) fn is_behind(connection: &Connection, path: &Path) -> Result<bool> {
    Ok(!missing(connection, path)?.is_empty())
}

/// Applies what is missing, wholly or not at all.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
             version    INTEGER PRIMARY KEY,
             name       TEXT    NOT NULL,
             checksum   BLOB    NOT NULL,
             applied_at INTEGER NOT NULL
         ) STRICT",
    )?;
    for migration in missing(&transaction, path)? {
        tracing::info!(
            version = migration.version,
            name = migration.name,
            "migrating the journal"
        );
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO migrations (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
            params![
                migration.version,
                migration.name,
                migration.checksum(),
                to_nanoseconds(Timestamp::now()),
            ],
        )?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    Ok(())
}

fn missing(connection: &Connection, path: &Path) -> Result<Vec<&'static Migration>> {
    if !connection.table_exists(None, "migrations")? {
        return Ok(MIGRATIONS.iter().collect());
    }
    refuse_if_newer(connection, path)?;
    let mut missing = Vec::new();
    for migration in MIGRATIONS {
        let checksum: Option<Vec<u8>> = connection
            .query_row(
                "SELECT checksum FROM migrations WHERE version = ?1",
                [migration.version],
                |row| row.get(0),
            )
            .optional()?;
        match checksum {
            None => missing.push(migration),
            Some(checksum) if checksum == migration.checksum() => {}
            Some(_) => {
                return Err(Failure::Store(damaged(format!(
                    "{} was made with another migration {} ({}) than this Causeway's, perhaps by a \
                     build between two releases; use that build",
                    path.display(),
                    migration.version,
                    migration.name
                ))));
            }
        }
    }
    Ok(missing)
}

fn refuse_if_newer(connection: &Connection, path: &Path) -> Result<()> {
    let newest: Option<u32> =
        connection.query_row("SELECT max(version) FROM migrations", [], |row| row.get(0))?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    match newest {
        Some(newest) if newest > known => Err(Failure::Store(StoreError::NewerVersion(format!(
            "{} has schema version {newest}, and this Causeway knows up to version {known}; install the \
             Causeway that wrote it, or a newer one",
            path.display()
        )))),
        _ => Ok(()),
    }
}
