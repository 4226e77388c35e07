//! Providers, their token hashes and their sealed credentials.

use causeway_engine::{Provider, ProviderId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{all, execute, first, from_nanoseconds, to_nanoseconds};
use crate::failure::{Failure, Result};
use crate::key::Keys;
use crate::seal::{self, Place};

const COLUMNS: &str = "id, name, credential, api, added_at, token_made_at, removed_at";

/// Adds a provider.
pub(crate) fn add(
    connection: &Connection,
    keys: &Keys,
    provider: &Provider,
    token_hash: [u8; 32],
) -> Result<()> {
    if number_by_name(connection, &provider.name)?.is_some() {
        return Err(Failure::provider(format!(
            "there is a provider named `{}` already; choose another name, or give that one a new token with `causeway provider rotate`",
            provider.name
        )));
    }
    execute(
        connection,
        "INSERT INTO providers (id, name, token_hash, credential, api, added_at, token_made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            provider.id.0.as_bytes(),
            provider.name,
            token_hash,
            sealed_credential(keys, provider)?,
            provider.api,
            to_nanoseconds(provider.added_at),
            to_nanoseconds(provider.token_made_at),
        ],
    )?;
    Ok(())
}

/// Every provider that is not removed, by name.
pub(crate) fn list(connection: &Connection, keys: &Keys) -> Result<Vec<Provider>> {
    let sql = format!("SELECT {COLUMNS} FROM providers WHERE removed_at IS NULL ORDER BY name");
    all(connection, &sql, [], |row| parse(row, keys))
}

/// The provider with this token.
pub(crate) fn by_token(
    connection: &Connection,
    keys: &Keys,
    token_hash: [u8; 32],
) -> Result<Option<Provider>> {
    let sql = format!("SELECT {COLUMNS} FROM providers WHERE token_hash = ?1");
    first(connection, &sql, [token_hash], |row| parse(row, keys))
}

/// Replaces the token.
pub(crate) fn rotate_token(
    connection: &Connection,
    name: &str,
    token_hash: [u8; 32],
    at: Timestamp,
) -> Result<()> {
    let number = number_by_name(connection, name)?.ok_or_else(|| no_provider(name))?;
    execute(
        connection,
        "UPDATE providers SET token_hash = ?2, token_made_at = ?3 WHERE number = ?1",
        params![number, token_hash, to_nanoseconds(at)],
    )?;
    Ok(())
}

/// Replaces the credential and the address.
pub(crate) fn change(connection: &Connection, keys: &Keys, provider: &Provider) -> Result<()> {
    let changed = execute(
        connection,
        "UPDATE providers SET credential = ?2, api = ?3 WHERE id = ?1 AND removed_at IS NULL",
        params![
            provider.id.0.as_bytes(),
            sealed_credential(keys, provider)?,
            provider.api
        ],
    )?;
    if changed == 1 {
        Ok(())
    } else {
        Err(no_provider(&provider.name))
    }
}

/// Removes the provider's secrets, and keeps its name for its services.
pub(crate) fn remove(connection: &Connection, name: &str, at: Timestamp) -> Result<()> {
    let number = number_by_name(connection, name)?.ok_or_else(|| no_provider(name))?;
    execute(
        connection,
        "UPDATE providers SET token_hash = NULL, credential = NULL, removed_at = ?2
         WHERE number = ?1",
        params![number, to_nanoseconds(at)],
    )?;
    Ok(())
}

/// What the other tables call a provider.
pub(super) fn number(connection: &Connection, id: ProviderId) -> Result<i64> {
    first(
        connection,
        "SELECT number FROM providers WHERE id = ?1",
        [id.0.as_bytes()],
        |row| Ok(row.get(0)?),
    )?
    .ok_or_else(|| Failure::provider(format!("there is no provider with the id {id}")))
}

fn number_by_name(connection: &Connection, name: &str) -> Result<Option<i64>> {
    first(
        connection,
        "SELECT number FROM providers WHERE name = ?1 AND removed_at IS NULL",
        [name],
        |row| Ok(row.get(0)?),
    )
}

fn no_provider(name: &str) -> Failure {
    Failure::provider(format!(
        "there is no provider named `{name}`; `causeway provider list` shows those that there are"
    ))
}

fn sealed_credential(keys: &Keys, provider: &Provider) -> Result<Vec<u8>> {
    let row: &[&[u8]] = &[provider.id.0.as_bytes()];
    seal::seal(
        keys,
        credential_place(row),
        provider.credential.expose_secret().as_bytes(),
    )
}

const fn credential_place<'a>(row: &'a [&'a [u8]]) -> Place<'a> {
    Place {
        table: "providers",
        column: "credential",
        row,
    }
}

fn parse(row: &Row<'_>, keys: &Keys) -> Result<Provider> {
    let id: [u8; 16] = row.get(0)?;
    let credential = seal::open(keys, credential_place(&[&id]), row.get(2)?)?;
    let credential = std::str::from_utf8(&credential)
        .map_err(|_| Failure::damaged("a provider's credential is not text"))?;
    Ok(Provider {
        id: ProviderId(Uuid::from_bytes(id)),
        name: row.get(1)?,
        credential: SecretString::from(credential),
        api: row.get(3)?,
        added_at: from_nanoseconds(row.get(4)?)?,
        token_made_at: from_nanoseconds(row.get(5)?)?,
        removed_at: row
            .get::<_, Option<i64>>(6)?
            .map(from_nanoseconds)
            .transpose()?,
    })
}
