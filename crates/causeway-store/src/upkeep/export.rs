//! Writes a journal out as JSON lines.

use causeway_engine::exchange::ExchangeDetail;
use causeway_engine::{OperationId, StoreError};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{AnyJournal, Row, every_row};
use crate::failure::damaged;
use crate::key::Keys;
use crate::place::Place;
use crate::seal::open_json;
use crate::value::from_nanoseconds;

type Result<T> = std::result::Result<T, StoreError>;

const PROVIDERS: &str =
    "SELECT number, id, name, api, added_at, token_made_at, removed_at FROM providers
     WHERE number > $1 ORDER BY number LIMIT 500";
const SERVICES: &str =
    "SELECT s.number, p.id, s.definition, s.reference, s.status, s.generation, s.properties,
            s.doubts, s.resolutions, s.renewed_for
     FROM services AS s JOIN providers AS p ON p.number = s.provider
     WHERE s.number > $1 ORDER BY s.number LIMIT 500";
const OPERATIONS: &str = "SELECT o.sequence, p.id, s.definition, s.reference, o.id, o.kind, o.standing, o.message,
            o.attention_step, o.accepted_at, o.ended_at, o.steps_done, CASE WHEN o.owed THEN 1 ELSE 0 END
     FROM operations AS o
     JOIN services AS s ON s.number = o.service
     JOIN providers AS p ON p.number = o.provider
     WHERE o.sequence > $1 ORDER BY o.sequence LIMIT 500";
const EXCHANGES: &str =
    "SELECT e.operation, e.number, o.id, e.step, e.purpose, e.sent_at, e.ended_at, e.outcome,
            e.status, e.detail
     FROM exchanges AS e JOIN operations AS o ON o.sequence = e.operation
     WHERE (e.operation, e.number) > ($1, $2) ORDER BY e.operation, e.number LIMIT 500";

/// Gives every provider, service, operation and exchange to `write`, one JSON object at a time, as the
/// journal stands at one moment. What was sealed is readable in it; credentials, token hashes and the
/// inputs of open operations are left out. Needs the same little memory for every journal.
///
/// # Errors
/// When the journal cannot be read to its end, or `write` fails.
pub async fn export(
    journal: &dyn AnyJournal,
    write: &mut (dyn FnMut(Value) -> std::io::Result<()> + Send),
) -> Result<()> {
    let mut snapshot = journal.snapshot().await?;
    let keys = journal.keys();
    let tables: [(&'static str, Line); 4] = [
        (PROVIDERS, provider),
        (SERVICES, service),
        (OPERATIONS, operation),
        (EXCHANGES, exchange),
    ];
    for (statement, line) in tables {
        every_row(&mut *snapshot, statement, |row| {
            write(line(keys, row)?).map_err(|error| {
                StoreError::Unavailable(format!("the export cannot be written ({error})"))
            })
        })
        .await?;
    }
    snapshot.end().await;
    Ok(())
}

type Line = fn(&Keys, &Row) -> Result<Value>;

fn provider(_: &Keys, row: &Row) -> Result<Value> {
    Ok(json!({
        "type": "provider",
        "id": row.provider(1)?,
        "name": row.text(2)?,
        "api": row.optional_text(3)?,
        "added_at": time(row, 4)?,
        "token_made_at": time(row, 5)?,
        "removed_at": time(row, 6)?,
    }))
}

fn service(keys: &Keys, row: &Row) -> Result<Value> {
    let key = row.service(1)?;
    let properties: Option<Map<String, Value>> = row
        .optional_bytes(6)?
        .map(|sealed| open_json(keys, &Place::properties(&key), sealed.to_vec()))
        .transpose()?;
    Ok(json!({
        "type": "service",
        "provider": key.provider,
        "definition": key.definition,
        "reference": key.reference,
        "status": row.text(4)?,
        "generation": row.count(5)?,
        "properties": properties,
        "doubts": parsed(row.text(7)?)?,
        "resolutions": parsed(row.text(8)?)?,
        "renewed_for": row.optional_text(9)?,
    }))
}

fn operation(keys: &Keys, row: &Row) -> Result<Value> {
    let key = row.service(1)?;
    let id = row.operation(4)?;
    let message: Option<String> = row
        .optional_bytes(7)?
        .map(|sealed| open_json(keys, &Place::message(id), sealed.to_vec()))
        .transpose()?;
    Ok(json!({
        "type": "operation",
        "id": id,
        "provider": key.provider,
        "definition": key.definition,
        "reference": key.reference,
        "operation": row.text(5)?,
        "standing": row.text(6)?,
        "message": message,
        "attention_step": row.optional_text(8)?,
        "accepted_at": time(row, 9)?,
        "ended_at": time(row, 10)?,
        "steps_done": row.count(11)?,
        "owed": row.number(12)? != 0,
    }))
}

fn exchange(keys: &Keys, row: &Row) -> Result<Value> {
    let operation: OperationId = row.operation(2)?;
    let number = row.count(1)?;
    let place = Place::detail(operation, number);
    let detail: ExchangeDetail = open_json(keys, &place, row.bytes(9)?.to_vec())?;
    Ok(json!({
        "type": "exchange",
        "operation": operation,
        "number": number,
        "step": row.text(3)?,
        "purpose": row.text(4)?,
        "sent_at": time(row, 5)?,
        "ended_at": time(row, 6)?,
        "outcome": row.text(7)?,
        "status": row.optional_number(8)?,
        "request": detail.request,
        "request_body": detail.request_body,
        "answer": detail.answer,
    }))
}

fn time(row: &Row, column: usize) -> Result<Option<Timestamp>> {
    row.optional_number(column)?
        .map(from_nanoseconds)
        .transpose()
}

fn parsed(text: &str) -> Result<Value> {
    serde_json::from_str(text)
        .map_err(|error| damaged(format!("what is open at a service: {error}")))
}
