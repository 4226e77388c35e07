//! Turns under which something was sent to be made: what the next start has to know of them.

use std::time::Duration;

use causeway_engine::{OperationId, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{all, execute};
use crate::sqlite::failure::Result;
use crate::value::{from_nanoseconds, to_nanoseconds};

/// A turn as an earlier process left it.
#[derive(Debug, Clone)]
pub(crate) struct Remembered {
    pub key: Vec<u8>,
    pub operation: OperationId,
    pub settle: Duration,
    /// When its operation ended; `None` while it is open.
    pub ended_at: Option<Timestamp>,
}

/// Notes that something is sent to be made under a turn of an open operation.
pub(crate) fn remember(
    connection: &Connection,
    operation: OperationId,
    key: &[u8],
    settle: Duration,
) -> Result<()> {
    let nanoseconds = i64::try_from(settle.as_nanos()).unwrap_or(i64::MAX);
    let changed = execute(
        connection,
        "INSERT INTO turns (key, operation, settle)
         SELECT ?1, sequence, ?3 FROM operations WHERE id = ?2 AND standing = 'open'
         ON CONFLICT (key) DO UPDATE SET operation = excluded.operation, settle = excluded.settle",
        params![key, operation.0.as_bytes(), nanoseconds],
    )?;
    match changed {
        0 => Err(StoreError::NotOpen(operation).into()),
        _ => Ok(()),
    }
}

/// Every turn that is remembered.
pub(crate) fn remembered(connection: &Connection) -> Result<Vec<Remembered>> {
    all(
        connection,
        "SELECT t.key, t.settle, o.id, o.ended_at
         FROM turns AS t JOIN operations AS o ON o.sequence = t.operation",
        [],
        |row| {
            let settle: i64 = row.get(1)?;
            let ended_at: Option<i64> = row.get(3)?;
            Ok(Remembered {
                key: row.get(0)?,
                operation: OperationId(Uuid::from_bytes(row.get(2)?)),
                settle: Duration::from_nanos(settle.unsigned_abs()),
                ended_at: ended_at.map(from_nanoseconds).transpose()?,
            })
        },
    )
}

/// Forgets the turns that have settled since their operations ended.
pub(crate) fn forget_settled(connection: &Connection, now: Timestamp) -> Result<()> {
    execute(
        connection,
        "DELETE FROM turns WHERE EXISTS (
             SELECT 1 FROM operations AS o
             WHERE o.sequence = turns.operation AND o.ended_at + turns.settle < ?1
         )",
        [to_nanoseconds(now)],
    )?;
    Ok(())
}
