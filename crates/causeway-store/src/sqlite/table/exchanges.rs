//! Exchanges with the vendor, with what was said sealed.

use causeway_engine::{Exchange, OperationId};
use rusqlite::{Connection, Row, params};

use super::{all, execute};
use crate::key::Keys;
use crate::place::Place;
use crate::seal;
use crate::sqlite::failure::Result;
use crate::value::{from_nanoseconds, outcome_from_name, to_nanoseconds};

/// Records an exchange, or what is known of it now.
pub(super) fn put(
    connection: &Connection,
    keys: &Keys,
    sequence: i64,
    operation: OperationId,
    exchange: &Exchange,
) -> Result<()> {
    let place = Place::detail(operation, exchange.number);
    execute(
        connection,
        "INSERT INTO exchanges
                 (operation, number, step, purpose, sent_at, ended_at, outcome, status, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (operation, number) DO UPDATE SET
                 step = excluded.step, purpose = excluded.purpose, sent_at = excluded.sent_at,
                 ended_at = excluded.ended_at, outcome = excluded.outcome,
                 status = excluded.status, detail = excluded.detail",
        params![
            sequence,
            exchange.number,
            exchange.step,
            exchange.purpose,
            to_nanoseconds(exchange.sent_at),
            exchange.ended_at.map(to_nanoseconds),
            exchange.outcome.name(),
            exchange.status,
            seal::seal_json(keys, &place, &exchange.detail)?,
        ],
    )?;
    Ok(())
}

/// The exchanges of one operation, in order.
pub(crate) fn list(
    connection: &Connection,
    keys: &Keys,
    operation: OperationId,
) -> Result<Vec<Exchange>> {
    all(
        connection,
        "SELECT number, step, purpose, sent_at, ended_at, outcome, status, detail
         FROM exchanges
         WHERE operation = (SELECT sequence FROM operations WHERE id = ?1)
         ORDER BY number",
        [operation.0.as_bytes()],
        |row| parse(row, keys, operation),
    )
}

fn parse(row: &Row<'_>, keys: &Keys, operation: OperationId) -> Result<Exchange> {
    let number: u32 = row.get(0)?;
    let outcome: String = row.get(5)?;
    Ok(Exchange {
        number,
        step: row.get(1)?,
        purpose: row.get(2)?,
        sent_at: from_nanoseconds(row.get(3)?)?,
        ended_at: row
            .get::<_, Option<i64>>(4)?
            .map(from_nanoseconds)
            .transpose()?,
        outcome: outcome_from_name(&outcome)?,
        status: row.get(6)?,
        detail: seal::open_json(keys, &Place::detail(operation, number), row.get(7)?)?,
    })
}
