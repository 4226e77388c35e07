//! Facts about the file itself.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{execute, first};
use crate::key::Keys;
use crate::seal;
use crate::sqlite::failure::Result;
use crate::value::to_nanoseconds;

/// Refuses keys that the journal was not sealed with; a new journal takes them as its own.
pub(crate) fn check_keys(connection: &Connection, keys: &Keys) -> Result<()> {
    let sealed: Option<Vec<u8>> = first(
        connection,
        "SELECT value FROM meta WHERE name = 'key_check'",
        [],
        |row| Ok(row.get(0)?),
    )?;
    match sealed {
        Some(sealed) => Ok(seal::check_keys(keys, sealed)?),
        None => {
            // Of two processes that make the journal together, the first one's key stays.
            let added = execute(
                connection,
                "INSERT OR IGNORE INTO meta (name, value) VALUES ('key_check', ?1)",
                [seal::key_check(keys)?],
            )?;
            if added == 1 {
                Ok(())
            } else {
                check_keys(connection, keys)
            }
        }
    }
}

/// Writes something that harms nothing.
pub(crate) fn note_check(connection: &Connection) -> Result<()> {
    execute(
        connection,
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('checked_at', ?1)",
        params![to_nanoseconds(Timestamp::now())],
    )?;
    Ok(())
}
