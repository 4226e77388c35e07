//! The tables: each file has the statements of one, and turns its rows into the engine's words.

pub(crate) mod claims;
pub(crate) mod exchanges;
pub(crate) mod meta;
pub(crate) mod operations;
pub(crate) mod providers;
pub(crate) mod services;
pub(crate) mod turns;

use rusqlite::{Connection, Params, Row};

use crate::sqlite::failure::Result;

/// The first row, when there is one.
fn first<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    parse: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(parse).transpose()
}

/// Every row.
fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    mut parse: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut parsed = Vec::new();
    while let Some(row) = rows.next()? {
        parsed.push(parse(row)?);
    }
    Ok(parsed)
}

/// Changes rows, and says how many.
fn execute(connection: &Connection, sql: &str, parameters: impl Params) -> Result<usize> {
    Ok(connection.prepare_cached(sql)?.execute(parameters)?)
}
