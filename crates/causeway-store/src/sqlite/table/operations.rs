//! Operations: taking calls, committing steps, and telling of them.

use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Input, NewOperation, Operation, OperationId, Resolution, Resolve,
    ServiceRecord, StoreError, Unfinished,
};
use rusqlite::{Connection, Row, ToSql, params};
use uuid::Uuid;

use super::{all, claims, exchanges, execute, first, providers, services};
use crate::acceptance::{judge, operation_of};
use crate::failure::refuse_unresolvable;
use crate::key::Keys;
use crate::place::Place;
use crate::seal;
use crate::sqlite::failure::Result;
use crate::value::{
    StandingColumns, from_nanoseconds, kind_from_name, parse_standing, to_nanoseconds, with_input,
};

/// Columns that [`parse`] reads, of `providers AS p`, `services AS s` and `operations AS o`.
const COLUMNS: &str = "p.id, s.definition, s.reference, o.id, o.kind, o.fingerprint, o.accepted_at, \
                       o.standing, o.message, o.ended_at, o.steps_done, o.owed, o.attention_step";
const COLUMN_COUNT: usize = 13;

/// Takes a call.
pub(crate) fn accept(
    connection: &Connection,
    keys: &Keys,
    new: &NewOperation,
) -> Result<Acceptance> {
    let found = services::find(connection, keys, &new.service)?;
    let latest = match &found {
        Some((number, _)) => latest_of(connection, keys, *number)?,
        None => None,
    };
    let sequence = latest.as_ref().map(|(sequence, _)| *sequence);
    let judgement = judge(new, latest.map(|(_, operation)| operation));
    if let Some(sequence) = sequence.filter(|_| judgement.settles_owed) {
        clear_owed(connection, sequence)?;
    }
    match judgement.answer {
        Some(answer) => Ok(answer),
        None => begin(connection, keys, new, found),
    }
}

fn begin(
    connection: &Connection,
    keys: &Keys,
    new: &NewOperation,
    found: Option<(i64, ServiceRecord)>,
) -> Result<Acceptance> {
    let provider = providers::number(connection, new.service.provider)?;
    let (service, record) = match found {
        Some(found) => found,
        None => {
            let unknown = ServiceRecord::unknown(new.service.clone());
            let number = services::insert_unknown(connection, provider, &unknown)?;
            (number, unknown)
        }
    };
    let operation = operation_of(new);
    insert(connection, keys, provider, service, &operation)?;
    Ok(Acceptance::Begun {
        operation: Box::new(operation),
        service: Box::new(record),
    })
}

fn insert(
    connection: &Connection,
    keys: &Keys,
    provider: i64,
    service: i64,
    operation: &Operation,
) -> Result<()> {
    execute(
        connection,
        "INSERT INTO operations
                 (id, provider, service, kind, fingerprint, accepted_at, standing, steps_done, owed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            operation.id.0.as_bytes(),
            provider,
            service,
            operation.kind.name(),
            operation.fingerprint,
            to_nanoseconds(operation.accepted_at),
            operation.standing.name(),
            operation.steps_done,
            operation.owed,
        ],
    )?;
    let sequence = connection.last_insert_rowid();
    execute(
        connection,
        "INSERT INTO inputs (operation, input) VALUES (?1, ?2)",
        params![
            sequence,
            seal::seal_json(keys, &Place::input(operation.id), &operation.input)?
        ],
    )?;
    Ok(())
}

/// A service's last operation with its sequence; only the last one can be open.
fn latest_of(
    connection: &Connection,
    keys: &Keys,
    service: i64,
) -> Result<Option<(i64, Operation)>> {
    let sql = format!(
        "SELECT {COLUMNS}, o.sequence
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         WHERE o.service = ?1 ORDER BY o.sequence DESC LIMIT 1"
    );
    first(connection, &sql, [service], |row| {
        Ok((row.get(COLUMN_COUNT)?, parse(row, keys)?))
    })
}

fn clear_owed(connection: &Connection, sequence: i64) -> Result<()> {
    execute(
        connection,
        "UPDATE operations SET owed = 0 WHERE sequence = ?1",
        [sequence],
    )?;
    Ok(())
}

/// Commits what a step changed.
pub(crate) fn commit(connection: &Connection, keys: &Keys, commit: &Commit) -> Result<()> {
    let id = commit.operation;
    let (sequence, service, steps_done) = first(
        connection,
        "SELECT sequence, service, steps_done FROM operations WHERE id = ?1 AND standing = 'open'",
        [id.0.as_bytes()],
        |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, u32>(2)?,
            ))
        },
    )?
    .ok_or(StoreError::NotOpen(id))?;
    let columns = StandingColumns::of(keys, commit)?;
    if columns.ended_at.is_some() {
        end(connection, sequence, &columns, commit.steps_done)?;
    } else if commit.steps_done != steps_done {
        // Only what changed: to touch the standing would cost an entry of two indexes.
        execute(
            connection,
            "UPDATE operations SET steps_done = ?2 WHERE sequence = ?1",
            params![sequence, commit.steps_done],
        )?;
    }
    if let Some(record) = &commit.service {
        services::update(connection, keys, service, record)?;
    }
    for exchange in &commit.exchanges {
        exchanges::put(connection, keys, sequence, id, exchange)?;
    }
    for claim in &commit.claims {
        claims::claim(connection, service, claim)?;
    }
    Ok(())
}

/// Ends an open operation: its input goes with it.
fn end(
    connection: &Connection,
    sequence: i64,
    columns: &StandingColumns<'_>,
    steps_done: u32,
) -> Result<()> {
    execute(
        connection,
        "UPDATE operations
             SET standing = ?2, message = ?3, ended_at = ?4, steps_done = ?5, attention_step = ?6
             WHERE sequence = ?1",
        params![
            sequence,
            columns.standing,
            columns.message,
            columns.ended_at,
            steps_done,
            columns.attention_step,
        ],
    )?;
    execute(
        connection,
        "DELETE FROM inputs WHERE operation = ?1",
        [sequence],
    )?;
    Ok(())
}

/// Records a person's decision: the operation fails with it, and the next one goes by it.
pub(crate) fn resolve(connection: &Connection, keys: &Keys, resolve: &Resolve) -> Result<()> {
    let id = resolve.operation;
    let waiting = first(
        connection,
        "SELECT o.standing, o.service, (SELECT max(sequence) FROM operations WHERE service = o.service) = o.sequence
         FROM operations AS o WHERE o.id = ?1",
        [id.0.as_bytes()],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?)),
    )?;
    let found = waiting
        .as_ref()
        .map(|(standing, _, is_last)| (standing.as_str(), *is_last));
    refuse_unresolvable(id, found)?;
    execute(
        connection,
        "UPDATE operations SET standing = 'failed', message = ?2, attention_step = NULL, owed = ?3
         WHERE id = ?1",
        params![
            id.0.as_bytes(),
            seal::seal_json(keys, &Place::message(id), &resolve.message)?,
            resolve.resolution != Resolution::Abandon,
        ],
    )?;
    match (&resolve.step, waiting) {
        (Some(step), Some((_, service, _))) => {
            services::put_resolution(connection, service, step, &resolve.resolution)
        }
        _ => Ok(()),
    }
}

/// How many operations are open.
pub(crate) fn count_open(connection: &Connection) -> Result<u64> {
    let count: Option<i64> = first(
        connection,
        "SELECT count(*) FROM operations INDEXED BY open_operations WHERE standing = 'open'",
        [],
        |row| Ok(row.get(0)?),
    )?;
    Ok(count.map_or(0, i64::unsigned_abs))
}

/// Notes whether a caller is owed the result.
pub(crate) fn set_owed(connection: &Connection, id: OperationId, owed: bool) -> Result<()> {
    let changed = execute(
        connection,
        "UPDATE operations SET owed = ?2 WHERE id = ?1",
        params![id.0.as_bytes(), owed],
    )?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::NotOpen(id).into())
    }
}

/// Every open operation, in the order in which they were accepted.
pub(crate) fn open(connection: &Connection, keys: &Keys) -> Result<Vec<Unfinished>> {
    let sql = format!(
        "SELECT {COLUMNS}, i.input, (SELECT count(*) FROM exchanges WHERE operation = o.sequence), {}
         FROM operations AS o INDEXED BY open_operations
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         JOIN inputs AS i ON i.operation = o.sequence
         WHERE o.standing = 'open' ORDER BY o.sequence",
        services::COLUMNS
    );
    all(connection, &sql, [], |row| {
        Ok(Unfinished {
            operation: with_input(parse(row, keys)?, row.get(COLUMN_COUNT)?, keys)?,
            exchanges: row.get(COLUMN_COUNT + 1)?,
            service: services::parse(row, COLUMN_COUNT + 2, keys)?,
        })
    })
}

/// One operation, with its input while it is open.
pub(crate) fn get(
    connection: &Connection,
    keys: &Keys,
    id: OperationId,
) -> Result<Option<Operation>> {
    let sql = format!(
        "SELECT {COLUMNS}, i.input
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         LEFT JOIN inputs AS i ON i.operation = o.sequence
         WHERE o.id = ?1"
    );
    first(connection, &sql, [id.0.as_bytes()], |row| {
        match row.get(COLUMN_COUNT)? {
            Some(sealed) => Ok(with_input(parse(row, keys)?, sealed, keys)?),
            None => parse(row, keys),
        }
    })
}

/// The newest operations that the filter lets through, oldest first.
pub(crate) fn list(
    connection: &Connection,
    keys: &Keys,
    filter: &OperationFilter,
) -> Result<Vec<Operation>> {
    let provider = filter.provider.map(|provider| *provider.0.as_bytes());
    let after = filter.after.map(|after| *after.0.as_bytes());
    let mut conditions = vec!["TRUE"];
    let mut parameters: Vec<(&str, &dyn ToSql)> = vec![(":limit", &filter.limit)];
    conditions.extend(match (provider, &filter.reference) {
        (Some(_), Some(_)) => Some(
            "o.service IN (
                 SELECT services.number
                 FROM services JOIN providers ON providers.number = services.provider
                 WHERE providers.id = :provider AND services.reference = :reference
             )",
        ),
        (Some(_), None) => Some("o.provider = (SELECT number FROM providers WHERE id = :provider)"),
        (None, Some(_)) => Some("s.reference = :reference"),
        (None, None) => None,
    });
    if let Some(provider) = &provider {
        parameters.push((":provider", provider));
    }
    if let Some(reference) = &filter.reference {
        parameters.push((":reference", reference));
    }
    if let Some(definition) = &filter.definition {
        conditions.push("s.definition = :definition");
        parameters.push((":definition", definition));
    }
    if filter.owed {
        conditions.push("o.owed");
    }
    if filter.needs_attention {
        conditions.push("o.standing = 'needs_attention'");
    }
    if let Some(after) = &after {
        conditions
            .push("o.sequence > coalesce((SELECT sequence FROM operations WHERE id = :after), 0)");
        parameters.push((":after", after));
    }
    let sql = format!(
        "SELECT {COLUMNS}
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         WHERE {} ORDER BY o.sequence DESC LIMIT :limit",
        conditions.join(" AND ")
    );
    let mut newest_first = all(connection, &sql, parameters.as_slice(), |row| {
        parse(row, keys)
    })?;
    newest_first.reverse();
    Ok(newest_first)
}

fn parse(row: &Row<'_>, keys: &Keys) -> Result<Operation> {
    let kind: String = row.get(4)?;
    let standing: String = row.get(7)?;
    let id = OperationId(Uuid::from_bytes(row.get(3)?));
    let message = row
        .get::<_, Option<Vec<u8>>>(8)?
        .map(|sealed| seal::open_json(keys, &Place::message(id), sealed))
        .transpose()?;
    Ok(Operation {
        service: services::parse_key(row, 0)?,
        id,
        kind: kind_from_name(&kind)?,
        fingerprint: row.get(5)?,
        input: Input::default(),
        accepted_at: from_nanoseconds(row.get(6)?)?,
        standing: parse_standing(&standing, message, row.get(12)?)?,
        ended_at: row
            .get::<_, Option<i64>>(9)?
            .map(from_nanoseconds)
            .transpose()?,
        steps_done: row.get(10)?,
        owed: row.get(11)?,
    })
}
