//! Facts about the file itself.

use causeway_engine::StoreError;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{execute, first, to_nanoseconds};
use crate::failure::{Failure, Result};
use crate::key::Keys;
use crate::seal::{self, Place};

const KEY_CHECK: Place<'static> = Place {
    table: "meta",
    column: "value",
    row: &[b"key_check"],
};

/// Refuses keys that the journal was not sealed with; a new journal takes them as its own.
pub(crate) fn check_keys(connection: &Connection, keys: &Keys) -> Result<()> {
    let sealed: Option<Vec<u8>> = first(
        connection,
        "SELECT value FROM meta WHERE name = 'key_check'",
        [],
        |row| Ok(row.get(0)?),
    )?;
    match sealed {
        Some(sealed) => match seal::open(keys, KEY_CHECK, sealed) {
            Ok(_) => Ok(()),
            Err(Failure::Store(StoreError::Damaged(_))) => {
                Err(Failure::Store(StoreError::WrongKey(format!(
                    "the key file has a key of the right name ({}), but not the key itself; start with \
                     the key file that was made together with this journal",
                    keys.names()
                ))))
            }
            Err(other) => Err(other),
        },
        None => {
            // Of two processes that make the journal together, the first one's key stays.
            let added = execute(
                connection,
                "INSERT OR IGNORE INTO meta (name, value) VALUES ('key_check', ?1)",
                [seal::seal(keys, KEY_CHECK, b"causeway")?],
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
