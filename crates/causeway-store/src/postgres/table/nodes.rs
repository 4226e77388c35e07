//! Nodes: the gateways, each with its lease. Time is the database's own.

use deadpool_postgres::{GenericClient, Transaction};

use super::{execute, first, get};
use crate::postgres::failure::Result;
use crate::postgres::lease::LEASE;

/// Begins a node, and gives its number.
pub(in crate::postgres) async fn begin(client: &impl GenericClient) -> Result<i64> {
    let row = client
        .query_one(
            "INSERT INTO nodes (begun_at, held_since, expires_at)
             SELECT now, now, now + make_interval(secs => $1) FROM clock_timestamp() AS now
             RETURNING number",
            &[&LEASE.as_secs_f64()],
        )
        .await?;
    get(&row, 0)
}

/// Renews a node's lease; `false` when it was ended.
pub(in crate::postgres) async fn renew(client: &impl GenericClient, number: i64) -> Result<bool> {
    let changed = execute(
        client,
        "UPDATE nodes SET
             expires_at = clock_timestamp() + make_interval(secs => $2),
             held_since = CASE WHEN expires_at < clock_timestamp() THEN clock_timestamp() ELSE held_since END
         WHERE number = $1 AND ended_at IS NULL",
        &[&number, &LEASE.as_secs_f64()],
    )
    .await?;
    Ok(changed == 1)
}

/// Ends a node.
pub(in crate::postgres) async fn end(client: &impl GenericClient, number: i64) -> Result<()> {
    execute(
        client,
        "UPDATE nodes SET ended_at = clock_timestamp() WHERE number = $1 AND ended_at IS NULL",
        &[&number],
    )
    .await?;
    Ok(())
}

/// Ends every other node whose lease has run out, once this one has held its own without a gap for as
/// long as a lease lasts: after an outage of the database everybody first has time to renew. A node
/// whose call is just being accepted is left for the next time.
pub(in crate::postgres) async fn end_expired(
    transaction: &Transaction<'_>,
    own: i64,
) -> Result<u64> {
    execute(
        transaction,
        "UPDATE nodes SET ended_at = clock_timestamp()
         WHERE number IN (
             SELECT expired.number FROM nodes AS expired
             WHERE expired.ended_at IS NULL AND expired.expires_at < clock_timestamp()
               AND EXISTS (
                   SELECT FROM nodes AS own
                   WHERE own.number = $1 AND own.ended_at IS NULL AND own.expires_at > clock_timestamp()
                     AND own.held_since <= clock_timestamp() - make_interval(secs => $2)
               )
             FOR UPDATE OF expired SKIP LOCKED
         )",
        &[&own, &LEASE.as_secs_f64()],
    )
    .await
}

/// The statement that keeps a node from being ended while a transaction goes on; no row when it was
/// ended already.
pub(super) const HOLD: &str =
    "SELECT FROM nodes WHERE number = $1 AND ended_at IS NULL FOR KEY SHARE";

/// Whether a node was not ended.
pub(in crate::postgres) async fn hold(transaction: &Transaction<'_>, number: i64) -> Result<bool> {
    Ok(first(transaction, HOLD, &[&number]).await?.is_some())
}
