//! Opening the SQLite database, and the few values that every table shares.

use std::path::Path;

use aws_lc_rs::digest;
use jiff::Timestamp;
use rusqlite::Connection;

const STATEMENTS_KEPT_PREPARED: usize = 64;

/// Opens the file, or a database in memory, and brings its tables into being.
pub(super) fn open(file: Option<&Path>) -> rusqlite::Result<Connection> {
    let connection = match file {
        Some(file) => Connection::open(file)?,
        None => Connection::open_in_memory()?,
    };
    // The sample vendor's data need not survive a power cut.
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;",
    )?;
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_PREPARED);
    Ok(connection)
}

/// A moment as the API writes it: UTC, whole seconds, six zeros.
pub(super) fn written(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string()
}

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts collide.
pub(super) fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&part.len().to_le_bytes());
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}
