//! Turns: which open operation may work on what has this key. Time is the database's own.

use std::time::Duration;

use causeway_engine::{OperationId, StoreError};
use deadpool_postgres::{GenericClient, Transaction};

use super::{execute, first};
use crate::postgres::failure::Result;

/// Gives back the other turns of an operation that is this node's.
pub(in crate::postgres) async fn give_back_others(
    client: &impl GenericClient,
    operation: OperationId,
    node: i64,
    key: &[u8],
) -> Result<()> {
    execute(
        client,
        "WITH others AS (
             SELECT t.key, t.settle FROM turns AS t JOIN operations AS o ON o.sequence = t.operation
             WHERE o.id = $1 AND o.standing = 'open' AND o.node = $2 AND t.key <> $3 AND t.free_at IS NULL
         ), settling AS (
             UPDATE turns SET free_at = clock_timestamp() + others.settle
             FROM others WHERE turns.key = others.key AND others.settle IS NOT NULL
         )
         DELETE FROM turns USING others WHERE turns.key = others.key AND others.settle IS NULL",
        &[&operation.0, &node, &key],
    )
    .await?;
    Ok(())
}

/// Takes the turn with this key for an operation that is this node's; `false` when another open
/// operation holds it, or it was given back and settles.
pub(in crate::postgres) async fn take(
    transaction: &Transaction<'_>,
    sequence: i64,
    key: &[u8],
) -> Result<bool> {
    let taken = first(
        transaction,
        "INSERT INTO turns (key, operation) VALUES ($2, $1)
         ON CONFLICT (key) DO UPDATE SET
             operation = excluded.operation,
             settle = CASE WHEN turns.operation = excluded.operation THEN turns.settle END,
             free_at = NULL
         WHERE turns.operation = excluded.operation
            OR CASE WHEN turns.free_at IS NOT NULL THEN turns.free_at <= clock_timestamp()
               ELSE NOT EXISTS (
                   SELECT FROM operations AS o WHERE o.sequence = turns.operation AND o.standing = 'open'
               ) END
         RETURNING key",
        &[&sequence, &key],
    )
    .await?;
    Ok(taken.is_some())
}

/// Has a turn that an open operation of this node holds settle for so long once it is given back.
pub(in crate::postgres) async fn settle(
    client: &impl GenericClient,
    operation: OperationId,
    node: i64,
    key: &[u8],
    settle: Duration,
) -> Result<()> {
    let changed = execute(
        client,
        "UPDATE turns SET settle = make_interval(secs => $4) FROM operations AS o
         WHERE o.id = $1 AND o.standing = 'open' AND o.node = $2
           AND turns.operation = o.sequence AND turns.key = $3",
        &[&operation.0, &node, &key, &settle.as_secs_f64()],
    )
    .await?;
    match changed {
        0 => Err(StoreError::TakenOver(operation).into()),
        _ => Ok(()),
    }
}

/// The turns of an operation end with it, those that settle some time later.
pub(super) const END: &str = "WITH own AS (
         SELECT key, settle FROM turns
         WHERE operation = (SELECT sequence FROM operations WHERE id = $1) AND free_at IS NULL
     ), settling AS (
         UPDATE turns SET free_at = clock_timestamp() + own.settle
         FROM own WHERE turns.key = own.key AND own.settle IS NOT NULL
     )
     DELETE FROM turns USING own WHERE turns.key = own.key AND own.settle IS NULL";

/// Forgets turns that have settled and that nobody has taken since.
pub(in crate::postgres) async fn forget_settled(client: &impl GenericClient) -> Result<()> {
    execute(
        client,
        "DELETE FROM turns WHERE key IN (
             SELECT key FROM turns WHERE free_at <= clock_timestamp() FOR UPDATE SKIP LOCKED
         )",
        &[],
    )
    .await?;
    Ok(())
}
