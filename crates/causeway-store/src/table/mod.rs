//! The tables: each file has the statements of one, and turns its rows into the engine's words.

pub(crate) mod claims;
pub(crate) mod exchanges;
pub(crate) mod meta;
pub(crate) mod operations;
pub(crate) mod providers;
pub(crate) mod services;

use jiff::Timestamp;
use rusqlite::{Connection, Params, Row};

use crate::failure::{Failure, Result};

/// Nanoseconds since 1970; the year 2262 is the end of it.
pub(crate) fn to_nanoseconds(time: Timestamp) -> i64 {
    let (low, high) = (i128::from(i64::MIN), i128::from(i64::MAX));
    i64::try_from(time.as_nanosecond().clamp(low, high)).unwrap_or(i64::MAX)
}

fn from_nanoseconds(nanoseconds: i64) -> Result<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds.into())
        .map_err(|_| Failure::damaged(format!("{nanoseconds} is not a time")))
}

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

/// A value that is kept by its name.
fn named<T>(what: &str, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    parse(name).ok_or_else(|| Failure::damaged(format!("`{name}` is not {what}")))
}
