//! Operations: taking calls, committing steps, and telling of them.

use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Input, NewOperation, Operation, OperationId, Resolution, Resolve,
    ServiceRecord, Standing, StoreError,
};
use deadpool_postgres::{GenericClient, Transaction};
use futures::future::try_join_all;
use futures::try_join;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::exchanges::SealedExchange;
use super::services::SealedService;
use super::{all, claims, count, exchanges, execute, first, get, nodes, prepared, services, turns};
use crate::acceptance::{judge, operation_of};
use crate::failure::{foreign_service, no_provider_with_id, refuse_unresolvable};
use crate::key::Keys;
use crate::place::Place;
use crate::postgres::failure::{Failure, Result};
use crate::seal;
use crate::value::{
    StandingColumns, from_nanoseconds, kind_from_name, parse_standing, to_nanoseconds, with_input,
};

/// Columns that [`parse`] reads, of `providers AS p`, `services AS s` and `operations AS o`.
pub(super) const COLUMNS: &str = "p.id, s.definition, s.reference, o.id, o.kind, o.fingerprint, o.accepted_at, \
                                  o.standing, o.message, o.ended_at, o.steps_done, o.owed, o.attention_step";
pub(super) const COLUMN_COUNT: usize = 13;

/// What the journal has of a call's service, whose row is locked.
struct Found {
    provider: i64,
    number: i64,
    service: ServiceRecord,
    latest: Option<Latest>,
}

/// A service's last operation.
struct Latest {
    sequence: i64,
    node: Option<i64>,
    operation: Operation,
}

/// Takes a call for a node, which is not ended before this is committed. `is_new` unless this node
/// works on an operation of that id already.
pub(in crate::postgres) async fn accept(
    transaction: &Transaction<'_>,
    keys: &Keys,
    node: i64,
    new: &NewOperation,
    is_new: bool,
) -> Result<Acceptance> {
    let Found {
        provider,
        number,
        service,
        latest,
    } = find(transaction, keys, node, new).await?;
    if let Some(latest) = &latest
        && latest.operation.id == new.id
        && latest.operation.standing == Standing::Open
        && latest.node == Some(node)
        && is_new
    {
        // It was begun, and the connection broke before that was told.
        return Ok(begun(operation_of(new), service));
    }
    let sequence = latest.as_ref().map(|latest| latest.sequence);
    let judgement = judge(new, latest.map(|latest| latest.operation));
    if let Some(sequence) = sequence.filter(|_| judgement.settles_owed) {
        let sql = "UPDATE operations SET owed = false WHERE sequence = $1";
        execute(transaction, sql, &[&sequence]).await?;
    }
    if let Some(answer) = judgement.answer {
        return Ok(answer);
    }
    let operation = operation_of(new);
    insert(transaction, keys, (provider, number, node), &operation).await?;
    Ok(begun(operation, service))
}

fn begun(operation: Operation, service: ServiceRecord) -> Acceptance {
    Acceptance::Begun {
        operation: Box::new(operation),
        service: Box::new(service),
    }
}

async fn find(
    transaction: &Transaction<'_>,
    keys: &Keys,
    node: i64,
    new: &NewOperation,
) -> Result<Found> {
    let key = &new.service;
    let unknown = ServiceRecord::unknown(key.clone());
    let latest_sql = format!(
        "SELECT {COLUMNS}, o.sequence, o.node
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         WHERE p.id = $1 AND s.reference = $2 AND s.definition = $3
         ORDER BY o.sequence DESC LIMIT 1"
    );
    let insert_unknown = prepared(transaction, services::INSERT_UNKNOWN).await?;
    let lock = prepared(transaction, &services::lock_sql()).await?;
    let hold = prepared(transaction, nodes::HOLD).await?;
    let latest = prepared(transaction, &latest_sql).await?;
    let named: [&(dyn ToSql + Sync); 3] = [&key.provider.0, &key.reference, &key.definition];
    let (status, generation) = (unknown.status.name(), i64::from(unknown.generation));
    let all_columns: [&(dyn ToSql + Sync); 5] =
        [named[0], named[1], named[2], &status, &generation];
    let node: [&(dyn ToSql + Sync); 1] = [&node];
    // Sent together, run one after the other; what is read last was locked before.
    let (_, locked, held, latest) = try_join!(
        transaction.execute(&insert_unknown, &all_columns),
        transaction.query_opt(&lock, &named),
        transaction.query_opt(&hold, &node),
        transaction.query_opt(&latest, &named),
    )?;
    let locked = locked.ok_or_else(|| no_provider_with_id(key.provider))?;
    held.ok_or_else(taken_for_dead)?;
    Ok(Found {
        number: get(&locked, services::COLUMN_COUNT)?,
        provider: get(&locked, services::COLUMN_COUNT + 1)?,
        service: services::parse(&locked, 0, keys)?,
        latest: latest
            .map(|row| -> Result<_> {
                Ok(Latest {
                    operation: parse(&row, keys)?,
                    sequence: get(&row, COLUMN_COUNT)?,
                    node: get(&row, COLUMN_COUNT + 1)?,
                })
            })
            .transpose()?,
    })
}

/// Why a node takes no call.
pub(in crate::postgres) fn taken_for_dead() -> Failure {
    Failure::Store(StoreError::Unavailable(
        "this gateway holds no lease on the journal now; it takes a new one by itself".to_owned(),
    ))
}

async fn insert(
    transaction: &Transaction<'_>,
    keys: &Keys,
    (provider, service, node): (i64, i64, i64),
    operation: &Operation,
) -> Result<()> {
    let input = seal::seal_json(keys, &Place::input(operation.id), &operation.input)?;
    execute(
        transaction,
        "WITH operation AS (
             INSERT INTO operations (id, provider, service, kind, fingerprint, accepted_at, standing,
                                     steps_done, owed, node)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING sequence
         )
         INSERT INTO inputs (operation, input) SELECT sequence, $11 FROM operation",
        &[
            &operation.id.0,
            &provider,
            &service,
            &operation.kind.name(),
            &operation.fingerprint,
            &to_nanoseconds(operation.accepted_at),
            &operation.standing.name(),
            &i64::from(operation.steps_done),
            &operation.owed,
            &node,
            &input,
        ],
    )
    .await?;
    Ok(())
}

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::postgres) enum Committed {
    /// It is done, once the transaction is.
    Now,
    /// It was done before, by a transaction whose end was not heard of; this one is to be taken back.
    Before,
}

/// Commits what a step of this node's operation changed.
pub(in crate::postgres) async fn commit(
    transaction: &Transaction<'_>,
    keys: &Keys,
    node: i64,
    commit: &Commit,
) -> Result<Committed> {
    let id = commit.operation;
    let columns = StandingColumns::of(keys, commit)?;
    let ends = columns.ended_at.is_some();
    let service = commit.service.as_ref();
    let service = service.map(|record| SealedService::of(keys, record));
    let service = service.transpose()?;
    let exchanges = commit.exchanges.iter();
    let exchanges = exchanges.map(|exchange| SealedExchange::of(keys, id, exchange));
    let exchanges = exchanges.collect::<std::result::Result<Vec<_>, _>>()?;

    let lock = prepared(transaction, services::LOCK_OF_OPERATION).await?;
    let update = prepared(
        transaction,
        "UPDATE operations
         SET standing = $3, message = $4, ended_at = $5, steps_done = $6, attention_step = $7
         WHERE id = $1 AND node = $2 AND standing = 'open' RETURNING service",
    )
    .await?;
    let forget_input = prepared(
        transaction,
        "DELETE FROM inputs WHERE operation = (SELECT sequence FROM operations WHERE id = $1)",
    )
    .await?;
    let end_turns = prepared(transaction, turns::END).await?;
    let update_service = prepared(transaction, services::UPDATE).await?;
    let put_exchange = prepared(transaction, exchanges::PUT).await?;
    let steps_done = i64::from(commit.steps_done);
    let changed: [&(dyn ToSql + Sync); 7] = [
        &id.0,
        &node,
        &columns.standing,
        &columns.message,
        &columns.ended_at,
        &steps_done,
        &columns.attention_step,
    ];
    let named: [&(dyn ToSql + Sync); 1] = [&id.0];
    // Sent together, run one after the other.
    let (_, updated, (), is_own, _) = try_join!(
        async { Ok::<_, Failure>(transaction.query_opt(&lock, &named).await?) },
        async { Ok(transaction.query_opt(&update, &changed).await?) },
        async {
            if ends {
                try_join!(
                    transaction.execute(&forget_input, &named),
                    transaction.execute(&end_turns, &named)
                )?;
            }
            Ok(())
        },
        async {
            match &service {
                Some(service) => service.update(transaction, &update_service, id).await,
                None => Ok(true),
            }
        },
        try_join_all(
            exchanges
                .iter()
                .map(|exchange| exchange.put(transaction, &put_exchange, id))
        ),
    )?;
    let Some(updated) = updated else {
        return was_done_before(transaction, commit).await;
    };
    if let Some(record) = commit.service.as_ref().filter(|_| !is_own) {
        return Err(foreign_service(&record.key).into());
    }
    claims::claim(transaction, get(&updated, 0)?, &commit.claims).await?;
    Ok(Committed::Now)
}

/// Nothing was there to be changed: because this was committed before, or because somebody else has
/// the operation.
async fn was_done_before(transaction: &Transaction<'_>, commit: &Commit) -> Result<Committed> {
    let id = commit.operation;
    let sql = "SELECT standing, ended_at FROM operations WHERE id = $1";
    let Some(row) = first(transaction, sql, &[&id.0]).await? else {
        return Err(StoreError::NotOpen(id).into());
    };
    let (standing, ended_at): (String, Option<i64>) = (get(&row, 0)?, get(&row, 1)?);
    if standing == "open" {
        return Err(StoreError::TakenOver(id).into());
    }
    if standing == commit.standing.name() && ended_at == Some(to_nanoseconds(commit.at)) {
        return Ok(Committed::Before);
    }
    Err(StoreError::NotOpen(id).into())
}

/// The sequence of an open operation that is this node's.
pub(in crate::postgres) async fn hold_own(
    transaction: &Transaction<'_>,
    node: i64,
    id: OperationId,
) -> Result<i64> {
    let sql = "SELECT sequence, standing, node FROM operations WHERE id = $1 FOR SHARE";
    let Some(row) = first(transaction, sql, &[&id.0]).await? else {
        return Err(StoreError::NotOpen(id).into());
    };
    let (standing, holder): (&str, Option<i64>) = (get(&row, 1)?, get(&row, 2)?);
    if standing != "open" {
        return Err(StoreError::NotOpen(id).into());
    }
    if holder != Some(node) {
        return Err(StoreError::TakenOver(id).into());
    }
    get(&row, 0)
}

/// Records a person's decision: the operation fails with it, and the next one goes by it.
pub(in crate::postgres) async fn resolve(
    transaction: &Transaction<'_>,
    keys: &Keys,
    resolve: &Resolve,
) -> Result<()> {
    let id = resolve.operation;
    execute(transaction, services::LOCK_OF_OPERATION, &[&id.0]).await?;
    let waiting = first(
        transaction,
        "SELECT o.standing,
                (SELECT max(sequence) FROM operations WHERE service = o.service) = o.sequence,
                o.service
         FROM operations AS o WHERE o.id = $1",
        &[&id.0],
    )
    .await?;
    let found = waiting
        .as_ref()
        .map(|row| -> Result<_> { Ok((get(row, 0)?, get(row, 1)?)) })
        .transpose()?;
    refuse_unresolvable(id, found)?;
    execute(
        transaction,
        "UPDATE operations SET standing = 'failed', message = $2, attention_step = NULL, owed = $3
         WHERE id = $1",
        &[
            &id.0,
            &seal::seal_json(keys, &Place::message(id), &resolve.message)?,
            &(resolve.resolution != Resolution::Abandon),
        ],
    )
    .await?;
    match (&resolve.step, waiting) {
        (Some(step), Some(row)) => {
            services::put_resolution(transaction, get(&row, 2)?, step, &resolve.resolution).await
        }
        _ => Ok(()),
    }
}

/// How many operations are open.
pub(in crate::postgres) async fn count_open(client: &impl GenericClient) -> Result<u64> {
    let sql = "SELECT count(*) FROM operations WHERE standing = 'open'";
    let row = first(client, sql, &[]).await?;
    let open: i64 = row.map_or(Ok(0), |row| get(&row, 0))?;
    Ok(open.unsigned_abs())
}

/// Notes whether a caller is owed the result.
pub(in crate::postgres) async fn set_owed(
    client: &impl GenericClient,
    id: OperationId,
    owed: bool,
) -> Result<()> {
    let sql = "UPDATE operations SET owed = $2 WHERE id = $1";
    match execute(client, sql, &[&id.0, &owed]).await? {
        1 => Ok(()),
        _ => Err(StoreError::NotOpen(id).into()),
    }
}

/// One operation, with its input while it is open.
pub(in crate::postgres) async fn find_by_id(
    client: &impl GenericClient,
    keys: &Keys,
    id: OperationId,
) -> Result<Option<Operation>> {
    let sql = format!(
        "SELECT {COLUMNS}, i.input
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         LEFT JOIN inputs AS i ON i.operation = o.sequence
         WHERE o.id = $1"
    );
    let Some(row) = first(client, &sql, &[&id.0]).await? else {
        return Ok(None);
    };
    let operation = parse(&row, keys)?;
    Ok(Some(match get(&row, COLUMN_COUNT)? {
        Some(sealed) => with_input(operation, sealed, keys)?,
        None => operation,
    }))
}

/// The newest operations that the filter lets through, oldest first.
pub(in crate::postgres) async fn list(
    client: &impl GenericClient,
    keys: &Keys,
    filter: &OperationFilter,
) -> Result<Vec<Operation>> {
    let provider = filter.provider.map(|provider| provider.0);
    let after = filter.after.map(|after| after.0);
    let limit = i64::from(filter.limit);
    let mut conditions = vec!["true".to_owned()];
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&limit];
    let mut condition = |sql: &str, parameter| {
        parameters.push(parameter);
        conditions.push(sql.replace('?', &format!("${}", parameters.len())));
    };
    if let Some(provider) = &provider {
        condition(
            "o.provider = (SELECT number FROM providers WHERE id = ?)",
            provider,
        );
    }
    if let Some(reference) = &filter.reference {
        condition("s.reference = ?", reference);
    }
    if let Some(definition) = &filter.definition {
        condition("s.definition = ?", definition);
    }
    if let Some(after) = &after {
        condition(
            "o.sequence > coalesce((SELECT sequence FROM operations WHERE id = ?), 0)",
            after,
        );
    }
    if filter.owed {
        conditions.push("o.owed".to_owned());
    }
    if filter.needs_attention {
        conditions.push("o.standing = 'needs_attention'".to_owned());
    }
    let sql = format!(
        "SELECT {COLUMNS}
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         WHERE {} ORDER BY o.sequence DESC LIMIT $1",
        conditions.join(" AND ")
    );
    let newest_first = all(client, &sql, &parameters).await?;
    newest_first
        .iter()
        .rev()
        .map(|row| parse(row, keys))
        .collect()
}

/// Reads [`COLUMNS`].
pub(super) fn parse(row: &Row, keys: &Keys) -> Result<Operation> {
    let id = OperationId(get(row, 3)?);
    let message: Option<Vec<u8>> = get(row, 8)?;
    let message = message
        .map(|sealed| seal::open_json(keys, &Place::message(id), sealed))
        .transpose()?;
    let ended_at: Option<i64> = get(row, 9)?;
    Ok(Operation {
        service: services::parse_key(row, 0)?,
        id,
        kind: kind_from_name(get(row, 4)?)?,
        fingerprint: get(row, 5)?,
        input: Input::default(),
        accepted_at: from_nanoseconds(get(row, 6)?)?,
        standing: parse_standing(get(row, 7)?, message, get(row, 12)?)?,
        ended_at: ended_at.map(from_nanoseconds).transpose()?,
        steps_done: count(row, 10)?,
        owed: get(row, 11)?,
    })
}
