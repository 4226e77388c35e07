//! Services: where each stands, and what is kept for it.

use std::collections::BTreeMap;

use causeway_engine::{OperationId, ProviderId, Resolution, ServiceKey, ServiceRecord, StoreError};
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::{Row, Statement};

use super::{count, execute, first, get};
use crate::failure::damaged;
use crate::key::Keys;
use crate::place::Place;
use crate::postgres::failure::Result;
use crate::seal;
use crate::value::{from_json, status_from_name, to_json};

/// Columns that [`parse`] reads, of `providers AS p` and `services AS s`.
pub(super) const COLUMNS: &str = "p.id, s.definition, s.reference, s.status, s.generation, \
                                  s.properties, s.doubts, s.resolutions, s.renewed_for";
pub(super) const COLUMN_COUNT: usize = 9;

/// Makes a row for a service that nothing is known of yet, for operations to refer to; does nothing
/// when there is one.
pub(super) const INSERT_UNKNOWN: &str = "INSERT INTO services
         (provider, reference, definition, status, generation, doubts, resolutions)
     SELECT number, $2, $3, $4, $5, '{}', '{}' FROM providers WHERE id = $1
     ON CONFLICT (provider, reference, definition) DO NOTHING";

/// Locks a service's row, which is the first that every change of a service locks.
pub(super) fn lock_sql() -> String {
    format!(
        "SELECT {COLUMNS}, s.number, p.number
         FROM providers AS p JOIN services AS s ON s.provider = p.number
         WHERE p.id = $1 AND s.reference = $2 AND s.definition = $3
         FOR NO KEY UPDATE OF s"
    )
}

/// Locks the row of an operation's service.
pub(super) const LOCK_OF_OPERATION: &str = "SELECT number FROM services
     WHERE number = (SELECT service FROM operations WHERE id = $1) FOR NO KEY UPDATE";

/// What is known of a service.
pub(in crate::postgres) async fn find(
    client: &impl GenericClient,
    keys: &Keys,
    key: &ServiceKey,
) -> Result<Option<ServiceRecord>> {
    let sql = format!(
        "SELECT {COLUMNS}
         FROM providers AS p JOIN services AS s ON s.provider = p.number
         WHERE p.id = $1 AND s.reference = $2 AND s.definition = $3"
    );
    let row = first(
        client,
        &sql,
        &[&key.provider.0, &key.reference, &key.definition],
    )
    .await?;
    let record = row.map(|row| parse(&row, 0, keys)).transpose()?;
    Ok(record.filter(|record| record.known))
}

/// Records how a service stands now, when it is the service of this operation.
pub(super) const UPDATE: &str = "UPDATE services
     SET status = $4, generation = $5, properties = $6, doubts = $7, resolutions = $8, renewed_for = $9
     WHERE number = (SELECT service FROM operations WHERE id = $1) AND reference = $2 AND definition = $3";

/// A service's record, ready to be written.
pub(super) struct SealedService<'a> {
    record: &'a ServiceRecord,
    properties: Vec<u8>,
    doubts: String,
    resolutions: String,
}

impl<'a> SealedService<'a> {
    pub(super) fn of(
        keys: &Keys,
        record: &'a ServiceRecord,
    ) -> std::result::Result<Self, StoreError> {
        Ok(Self {
            record,
            properties: seal::seal_json(keys, &Place::properties(&record.key), &record.properties)?,
            doubts: to_json(&record.doubts)?,
            resolutions: to_json(&record.resolutions)?,
        })
    }

    /// Runs [`UPDATE`]; `false` when the operation's service is another.
    pub(super) async fn update(
        &self,
        transaction: &Transaction<'_>,
        update: &Statement,
        operation: OperationId,
    ) -> Result<bool> {
        let record = self.record;
        let changed = transaction
            .execute(
                update,
                &[
                    &operation.0,
                    &record.key.reference,
                    &record.key.definition,
                    &record.status.name(),
                    &i64::from(record.generation),
                    &self.properties,
                    &self.doubts,
                    &self.resolutions,
                    &record.renewed_for,
                ],
            )
            .await?;
        Ok(changed == 1)
    }
}

/// Reads [`COLUMNS`] that begin at column `start`.
pub(super) fn parse(row: &Row, start: usize, keys: &Keys) -> Result<ServiceRecord> {
    let key = parse_key(row, start)?;
    let sealed: Option<Vec<u8>> = get(row, start + 5)?;
    let known = sealed.is_some();
    let properties = sealed
        .map(|sealed| seal::open_json(keys, &Place::properties(&key), sealed))
        .transpose()?
        .unwrap_or_default();
    Ok(ServiceRecord {
        status: status_from_name(get(row, start + 3)?)?,
        generation: count(row, start + 4)?,
        known,
        properties,
        doubts: from_json(get(row, start + 6)?, &key)?,
        resolutions: from_json(get(row, start + 7)?, &key)?,
        renewed_for: get(row, start + 8)?,
        key,
    })
}

/// Records what a person has decided about a step, for the next operation on the service, whose row
/// is locked.
pub(super) async fn put_resolution(
    transaction: &Transaction<'_>,
    number: i64,
    step: &str,
    resolution: &Resolution,
) -> Result<()> {
    let sql = "SELECT resolutions FROM services WHERE number = $1";
    let kept = first(transaction, sql, &[&number]).await?;
    let kept: String = match &kept {
        Some(row) => get(row, 0)?,
        None => "{}".to_owned(),
    };
    let mut resolutions: BTreeMap<String, Resolution> = serde_json::from_str(&kept)
        .map_err(|error| damaged(format!("what was decided about a service: {error}")))?;
    resolutions.insert(step.to_owned(), resolution.clone());
    execute(
        transaction,
        "UPDATE services SET resolutions = $2 WHERE number = $1",
        &[&number, &to_json(&resolutions)?],
    )
    .await?;
    Ok(())
}

/// Reads the columns provider, definition and reference that begin at column `start`.
pub(super) fn parse_key(row: &Row, start: usize) -> Result<ServiceKey> {
    Ok(ServiceKey {
        provider: ProviderId(get(row, start)?),
        definition: get(row, start + 1)?,
        reference: get(row, start + 2)?,
    })
}
