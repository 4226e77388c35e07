//! Seals anew what was sealed with an older key, beside the gateways that go on.
//!
//! A value is only replaced while it is still as it was read: a commit that comes in between has sealed
//! it anew already.

use causeway_engine::StoreError;

use super::{AnyJournal, Replacement, Row, numbers_of};
use crate::failure::damaged;
use crate::key::{KeyName, Keys};
use crate::place::Place;
use crate::seal;

type Result<T> = std::result::Result<T, StoreError>;

/// A column of sealed values.
struct Column {
    /// Begins after `$1` and `$2`, as far as it names them; the value is the last column.
    read: &'static str,
    /// Sets `$1` where `$2` is, in the row with the numbers `$3` and `$4`, as far as it names them.
    write: &'static str,
    place: fn(&Row) -> Result<Place>,
}

const COLUMNS: [Column; 6] = [
    Column {
        read: "SELECT 1, value FROM meta WHERE name = 'key_check' AND $1 < CAST(1 AS bigint)",
        write: "UPDATE meta SET value = $1 WHERE value = $2 AND name = 'key_check'",
        place: |_| Ok(Place::key_check()),
    },
    Column {
        read: "SELECT number, id, credential FROM providers
               WHERE number > $1 AND credential IS NOT NULL ORDER BY number LIMIT 100",
        write: "UPDATE providers SET credential = $1 WHERE credential = $2 AND number = $3",
        place: |row| Ok(Place::credential(row.provider(1)?)),
    },
    Column {
        read: "SELECT s.number, p.id, s.definition, s.reference, s.properties
               FROM services AS s JOIN providers AS p ON p.number = s.provider
               WHERE s.number > $1 AND s.properties IS NOT NULL ORDER BY s.number LIMIT 100",
        write: "UPDATE services SET properties = $1 WHERE properties = $2 AND number = $3",
        place: |row| Ok(Place::properties(&row.service(1)?)),
    },
    Column {
        read: "SELECT sequence, id, message FROM operations
               WHERE sequence > $1 AND message IS NOT NULL ORDER BY sequence LIMIT 100",
        write: "UPDATE operations SET message = $1 WHERE message = $2 AND sequence = $3",
        place: |row| Ok(Place::message(row.operation(1)?)),
    },
    Column {
        read: "SELECT i.operation, o.id, i.input
               FROM inputs AS i JOIN operations AS o ON o.sequence = i.operation
               WHERE i.operation > $1 ORDER BY i.operation LIMIT 100",
        write: "UPDATE inputs SET input = $1 WHERE input = $2 AND operation = $3",
        place: |row| Ok(Place::input(row.operation(1)?)),
    },
    Column {
        read: "SELECT e.operation, e.number, o.id, e.detail
               FROM exchanges AS e JOIN operations AS o ON o.sequence = e.operation
               WHERE (e.operation, e.number) > ($1, $2) ORDER BY e.operation, e.number LIMIT 100",
        write: "UPDATE exchanges SET detail = $1 WHERE detail = $2 AND operation = $3 AND number = $4",
        place: |row| Ok(Place::detail(row.operation(2)?, row.count(1)?)),
    },
];

/// A sealed value begins with its format; then comes the name of its key.
const SEALED_BY: &str = "SELECT 1, sealed_by, count(*) FROM (
         SELECT substr(value, 2, 4) AS sealed_by FROM meta WHERE name = 'key_check'
         UNION ALL SELECT substr(credential, 2, 4) FROM providers WHERE credential IS NOT NULL
         UNION ALL SELECT substr(properties, 2, 4) FROM services WHERE properties IS NOT NULL
         UNION ALL SELECT substr(message, 2, 4) FROM operations WHERE message IS NOT NULL
         UNION ALL SELECT substr(input, 2, 4) FROM inputs
         UNION ALL SELECT substr(detail, 2, 4) FROM exchanges
     ) AS sealed GROUP BY sealed_by ORDER BY sealed_by";

/// How many values of a journal are sealed with which key.
///
/// # Errors
/// When the journal cannot be read.
pub async fn sealed_by(journal: &dyn AnyJournal) -> Result<Vec<(KeyName, u64)>> {
    let rows = at_once(journal, SEALED_BY, (0, 0)).await?;
    rows.iter()
        .map(|row| {
            let id = row.bytes(1)?.try_into();
            let id = id.map_err(|_| damaged("a sealed value has no key's name"))?;
            Ok((KeyName(id), row.number(2)?.unsigned_abs()))
        })
        .collect()
}

/// Seals with the key that seals now what was sealed with another one, a few values at a time; says how
/// many. Gateways that do not use the new key yet may have sealed more with the old one meanwhile:
/// [`sealed_by`] says so.
///
/// # Errors
/// When the journal cannot be read or written, or a value does not open.
pub async fn reseal(journal: &dyn AnyJournal) -> Result<u64> {
    let mut resealed = 0;
    for column in &COLUMNS {
        let mut after = (0, 0);
        loop {
            let rows = at_once(journal, column.read, after).await?;
            let Some(last) = rows.last() else {
                break;
            };
            after = numbers_of(column.read, last)?;
            let values = replacements(journal.keys(), column, &rows)?;
            if !values.is_empty() {
                resealed += journal.replace(column.write, values).await?;
            }
        }
    }
    Ok(resealed)
}

async fn at_once(
    journal: &dyn AnyJournal,
    statement: &'static str,
    after: (i64, i64),
) -> Result<Vec<Row>> {
    let mut snapshot = journal.snapshot().await?;
    let rows = snapshot.rows(statement, after).await?;
    snapshot.end().await;
    Ok(rows)
}

fn replacements(keys: &Keys, column: &Column, rows: &[Row]) -> Result<Vec<Replacement>> {
    let mut values = Vec::new();
    for row in rows {
        let sealed = row.last_bytes()?;
        if seal::is_sealed_with_present_key(keys, sealed) {
            continue;
        }
        let place = (column.place)(row)?;
        let plain = seal::open(keys, &place, sealed.to_vec())?;
        values.push(Replacement {
            new: seal::seal(keys, &place, &plain)?,
            old: sealed.to_vec(),
            row: numbers_of(column.read, row)?,
        });
    }
    Ok(values)
}
