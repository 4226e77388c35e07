//! Providers, their token hashes and their sealed credentials.

use causeway_engine::{Provider, ProviderId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use super::{all, execute, first};
use crate::failure::{no_provider, no_provider_with_id, provider_is_there};
use crate::key::Keys;
use crate::place::Place;
use crate::seal::{self, open_credential};
use crate::sqlite::failure::Result;
use crate::value::{from_nanoseconds, to_nanoseconds};

const COLUMNS: &str = "id, name, credential, api, added_at, token_made_at, removed_at";

/// Adds a provider.
pub(crate) fn add(
    connection: &Connection,
    keys: &Keys,
    provider: &Provider,
    token_hash: [u8; 32],
) -> Result<()> {
    if number_by_name(connection, &provider.name)?.is_some() {
        return Err(provider_is_there(&provider.name).into());
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
        Err(no_provider(&provider.name).into())
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
    .ok_or_else(|| no_provider_with_id(id).into())
}

fn number_by_name(connection: &Connection, name: &str) -> Result<Option<i64>> {
    first(
        connection,
        "SELECT number FROM providers WHERE name = ?1 AND removed_at IS NULL",
        [name],
        |row| Ok(row.get(0)?),
    )
}

fn sealed_credential(keys: &Keys, provider: &Provider) -> Result<Vec<u8>> {
    let place = Place::credential(provider.id);
    let credential = provider.credential.expose_secret().as_bytes();
    Ok(seal::seal(keys, &place, credential)?)
}

fn parse(row: &Row<'_>, keys: &Keys) -> Result<Provider> {
    let id = ProviderId(Uuid::from_bytes(row.get(0)?));
    Ok(Provider {
        id,
        name: row.get(1)?,
        credential: open_credential(keys, id, row.get(2)?)?,
        api: row.get(3)?,
        added_at: from_nanoseconds(row.get(4)?)?,
        token_made_at: from_nanoseconds(row.get(5)?)?,
        removed_at: row
            .get::<_, Option<i64>>(6)?
            .map(from_nanoseconds)
            .transpose()?,
    })
}
