//! Services: where each stands, and what is kept for it.

use std::collections::BTreeMap;

use causeway_engine::{ProviderId, Resolution, ServiceKey, ServiceRecord};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{execute, first};
use crate::failure::foreign_service;
use crate::key::Keys;
use crate::place::Place;
use crate::seal;
use crate::sqlite::failure::Result;
use crate::value::{from_json, status_from_name, to_json};

/// Columns that [`parse`] reads, of `providers AS p` and `services AS s`.
pub(super) const COLUMNS: &str = "p.id, s.definition, s.reference, s.status, s.generation, \
                                  s.properties, s.doubts, s.resolutions, s.renewed_for";
pub(super) const COLUMN_COUNT: usize = 9;

/// A service's number with its record, when there is a row for it.
pub(super) fn find(
    connection: &Connection,
    keys: &Keys,
    key: &ServiceKey,
) -> Result<Option<(i64, ServiceRecord)>> {
    let sql = format!(
        "SELECT {COLUMNS}, s.number
         FROM providers AS p JOIN services AS s ON s.provider = p.number
         WHERE p.id = ?1 AND s.reference = ?2 AND s.definition = ?3"
    );
    first(
        connection,
        &sql,
        params![key.provider.0.as_bytes(), key.reference, key.definition],
        |row| Ok((row.get(COLUMN_COUNT)?, parse(row, 0, keys)?)),
    )
}

/// What is known of a service.
pub(crate) fn get(
    connection: &Connection,
    keys: &Keys,
    key: &ServiceKey,
) -> Result<Option<ServiceRecord>> {
    let found = find(connection, keys, key)?;
    Ok(found.and_then(|(_, record)| record.known.then_some(record)))
}

/// Makes a row for a service that nothing is known of yet, for operations to refer to.
pub(super) fn insert_unknown(
    connection: &Connection,
    provider: i64,
    unknown: &ServiceRecord,
) -> Result<i64> {
    execute(
        connection,
        "INSERT INTO services (provider, reference, definition, status, generation, doubts)
             VALUES (?1, ?2, ?3, ?4, ?5, '{}')",
        params![
            provider,
            unknown.key.reference,
            unknown.key.definition,
            unknown.status.name(),
            unknown.generation,
        ],
    )?;
    Ok(connection.last_insert_rowid())
}

/// Records how a service stands now.
pub(super) fn update(
    connection: &Connection,
    keys: &Keys,
    number: i64,
    record: &ServiceRecord,
) -> Result<()> {
    let key = &record.key;
    let changed = execute(
        connection,
        "UPDATE services
             SET status = ?4, generation = ?5, properties = ?6, doubts = ?7, resolutions = ?8,
                 renewed_for = ?9
             WHERE number = ?1 AND reference = ?2 AND definition = ?3",
        params![
            number,
            key.reference,
            key.definition,
            record.status.name(),
            record.generation,
            seal::seal_json(keys, &Place::properties(key), &record.properties)?,
            to_json(&record.doubts)?,
            to_json(&record.resolutions)?,
            record.renewed_for,
        ],
    )?;
    if changed == 1 {
        Ok(())
    } else {
        Err(foreign_service(key).into())
    }
}

/// Reads [`COLUMNS`] that begin at column `start`.
pub(super) fn parse(row: &Row<'_>, start: usize, keys: &Keys) -> Result<ServiceRecord> {
    let key = parse_key(row, start)?;
    let status: String = row.get(start + 3)?;
    let sealed: Option<Vec<u8>> = row.get(start + 5)?;
    let known = sealed.is_some();
    let properties = sealed
        .map(|sealed| seal::open_json(keys, &Place::properties(&key), sealed))
        .transpose()?
        .unwrap_or_default();
    Ok(ServiceRecord {
        status: status_from_name(&status)?,
        generation: row.get(start + 4)?,
        known,
        properties,
        doubts: from_json(&row.get::<_, String>(start + 6)?, &key)?,
        resolutions: from_json(&row.get::<_, String>(start + 7)?, &key)?,
        renewed_for: row.get(start + 8)?,
        key,
    })
}

/// Records what a person has decided about a step, for the next operation on the service.
pub(super) fn put_resolution(
    connection: &Connection,
    number: i64,
    step: &str,
    resolution: &Resolution,
) -> Result<()> {
    execute(
        connection,
        "UPDATE services SET resolutions = json_patch(resolutions, ?2) WHERE number = ?1",
        params![number, to_json(&BTreeMap::from([(step, resolution)]))?],
    )?;
    Ok(())
}

/// Reads the columns provider, definition and reference that begin at column `start`.
pub(super) fn parse_key(row: &Row<'_>, start: usize) -> Result<ServiceKey> {
    Ok(ServiceKey {
        provider: ProviderId(Uuid::from_bytes(row.get(start)?)),
        definition: row.get(start + 1)?,
        reference: row.get(start + 2)?,
    })
}
