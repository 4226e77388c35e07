//! Open operations that nobody works on.

use causeway_engine::{OperationId, Unfinished};
use deadpool_postgres::Transaction;
use uuid::Uuid;

use super::operations::{COLUMN_COUNT, COLUMNS, parse};
use super::{all, count, get, services};
use crate::key::Keys;
use crate::postgres::failure::Result;
use crate::value::with_input;

/// Makes those open operations the node's own whose node has ended, and those that are its own
/// without its knowledge; gives them in the order in which they were accepted. What somebody else
/// works on or takes just now is left out.
pub(in crate::postgres) async fn take(
    transaction: &Transaction<'_>,
    keys: &Keys,
    node: i64,
    works_on: &[OperationId],
) -> Result<Vec<Unfinished>> {
    let works_on: Vec<Uuid> = works_on.iter().map(|operation| operation.0).collect();
    let rows = all(
        transaction,
        "UPDATE operations SET node = $1
         WHERE sequence IN (
             SELECT o.sequence FROM operations AS o
             WHERE o.standing = 'open' AND (
                 (o.node = $1 AND o.id <> ALL ($2))
                 OR NOT EXISTS (SELECT FROM nodes AS n WHERE n.number = o.node AND n.ended_at IS NULL)
             )
             FOR UPDATE OF o SKIP LOCKED
         )
         RETURNING sequence",
        &[&node, &works_on],
    )
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let sequences: Vec<i64> = rows.iter().map(|row| get(row, 0)).collect::<Result<_>>()?;
    let sql = format!(
        "SELECT {COLUMNS}, i.input, (SELECT count(*) FROM exchanges WHERE operation = o.sequence), {}
         FROM operations AS o
         JOIN services AS s ON s.number = o.service
         JOIN providers AS p ON p.number = o.provider
         JOIN inputs AS i ON i.operation = o.sequence
         WHERE o.sequence = ANY ($1) ORDER BY o.sequence",
        services::COLUMNS
    );
    let rows = all(transaction, &sql, &[&sequences]).await?;
    rows.iter()
        .map(|row| {
            Ok(Unfinished {
                operation: with_input(parse(row, keys)?, get(row, COLUMN_COUNT)?, keys)?,
                exchanges: count(row, COLUMN_COUNT + 1)?,
                service: services::parse(row, COLUMN_COUNT + 2, keys)?,
            })
        })
        .collect()
}
