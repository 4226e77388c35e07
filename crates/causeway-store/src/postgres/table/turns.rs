//! Turns: which open operation may work on what has this key.

use causeway_engine::OperationId;
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
        "DELETE FROM turns USING operations AS o
         WHERE o.id = $1 AND o.standing = 'open' AND o.node = $2
           AND turns.operation = o.sequence AND turns.key <> $3",
        &[&operation.0, &node, &key],
    )
    .await?;
    Ok(())
}

/// Takes the turn with this key for an operation that is this node's; `false` when another open
/// operation holds it.
pub(in crate::postgres) async fn take(
    transaction: &Transaction<'_>,
    sequence: i64,
    key: &[u8],
) -> Result<bool> {
    let taken = first(
        transaction,
        "INSERT INTO turns (key, operation) VALUES ($2, $1)
         ON CONFLICT (key) DO UPDATE SET operation = excluded.operation
             WHERE turns.operation = excluded.operation OR NOT EXISTS (
                 SELECT FROM operations AS o WHERE o.sequence = turns.operation AND o.standing = 'open'
             )
         RETURNING key",
        &[&sequence, &key],
    )
    .await?;
    Ok(taken.is_some())
}

/// The turns of an operation end with it.
pub(super) const END: &str =
    "DELETE FROM turns WHERE operation = (SELECT sequence FROM operations WHERE id = $1)";
