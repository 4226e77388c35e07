//! The tables: each file has the statements of one, and turns its rows into the engine's words.

pub(super) mod claims;
pub(super) mod exchanges;
pub(super) mod meta;
pub(super) mod nodes;
pub(super) mod operations;
pub(super) mod providers;
pub(super) mod services;
pub(super) mod turns;
pub(super) mod unfinished;

use deadpool_postgres::GenericClient;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{Row, Statement};

use super::failure::Result;
use crate::failure::damaged;

type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// The first row, when there is one.
async fn first(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Option<Row>> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client
        .query(&statement, parameters)
        .await?
        .into_iter()
        .next())
}

/// Every row.
async fn all(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, parameters).await?)
}

/// Changes rows, and says how many.
async fn execute(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<u64> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, parameters).await?)
}

/// A statement that is sent together with others: all have to be prepared before, so that none
/// overtakes another.
async fn prepared(client: &impl GenericClient, sql: &str) -> Result<Statement> {
    Ok(client.prepare_cached(sql).await?)
}

/// A column's value.
fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T> {
    Ok(row.try_get(column)?)
}

/// PostgreSQL has no unsigned numbers.
fn count(row: &Row, column: usize) -> Result<u32> {
    let number: i64 = get(row, column)?;
    Ok(u32::try_from(number).map_err(|_| damaged(format!("{number} is not a count")))?)
}
