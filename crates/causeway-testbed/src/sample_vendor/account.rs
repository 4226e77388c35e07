//! Reseller accounts and their tokens.

use rand::distr::{Alphanumeric, SampleString};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::call::{Call, Failure, Reply};
use super::database::sha256;

const TOKEN_LENGTH: usize = 40;

/// Opens an account and returns its token.
pub(super) fn add(database: &Connection, name: &str) -> rusqlite::Result<String> {
    let token = Alphanumeric.sample_string(&mut rand::rng(), TOKEN_LENGTH);
    database.execute(
        "INSERT INTO accounts (name, token_hash) VALUES (?1, ?2)",
        params![name, sha256(&[token.as_bytes()])],
    )?;
    // Sanctum's tokens carry their number in front.
    Ok(format!("{}|{token}", database.last_insert_rowid()))
}

/// The account that a token belongs to.
pub(super) fn authenticate(database: &Connection, token: &str) -> Result<i64, Failure> {
    let (id, token) = token.split_once('|').ok_or(Failure::Unauthenticated)?;
    database
        .prepare_cached("SELECT id FROM accounts WHERE token_hash = ?1")?
        .query_row([sha256(&[token.as_bytes()])], |row| row.get::<_, i64>(0))
        .optional()?
        .filter(|account_id| account_id.to_string() == id)
        .ok_or(Failure::Unauthenticated)
}

/// `GET /account`
pub(super) fn show(call: &Call<'_>) -> Result<Reply, Failure> {
    let account: Value = call
        .database
        .prepare_cached("SELECT id, name FROM accounts WHERE id = ?1")?
        .query_row([call.account_id], |row| {
            Ok(json!({ "id": row.get::<_, i64>(0)?, "name": row.get::<_, String>(1)? }))
        })?;
    Ok(Reply::ok(&account))
}
