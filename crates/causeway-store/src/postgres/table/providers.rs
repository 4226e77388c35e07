//! Providers, their token hashes and their sealed credentials.

use causeway_engine::{Provider, ProviderId};
use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use tokio_postgres::Row;

use super::{all, execute, first, get};
use crate::failure::{no_provider, provider_is_there};
use crate::key::Keys;
use crate::place::Place;
use crate::postgres::failure::Result;
use crate::seal::{self, open_credential};
use crate::value::{from_nanoseconds, to_nanoseconds};

const COLUMNS: &str = "id, name, credential, api, added_at, token_made_at, removed_at";

/// Adds a provider.
pub(in crate::postgres) async fn add(
    client: &impl GenericClient,
    keys: &Keys,
    provider: &Provider,
    token_hash: [u8; 32],
) -> Result<()> {
    let added = execute(
        client,
        "INSERT INTO providers (id, name, token_hash, credential, api, added_at, token_made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (name) WHERE removed_at IS NULL DO NOTHING",
        &[
            &provider.id.0,
            &provider.name,
            &token_hash.as_slice(),
            &sealed_credential(keys, provider)?,
            &provider.api,
            &to_nanoseconds(provider.added_at),
            &to_nanoseconds(provider.token_made_at),
        ],
    )
    .await?;
    if added == 1 {
        Ok(())
    } else {
        Err(provider_is_there(&provider.name).into())
    }
}

/// Every provider that is not removed, by name.
pub(in crate::postgres) async fn list(
    client: &impl GenericClient,
    keys: &Keys,
) -> Result<Vec<Provider>> {
    let sql = format!("SELECT {COLUMNS} FROM providers WHERE removed_at IS NULL ORDER BY name");
    let rows = all(client, &sql, &[]).await?;
    rows.iter().map(|row| parse(row, keys)).collect()
}

/// The provider with this token.
pub(in crate::postgres) async fn by_token(
    client: &impl GenericClient,
    keys: &Keys,
    token_hash: [u8; 32],
) -> Result<Option<Provider>> {
    let sql = format!("SELECT {COLUMNS} FROM providers WHERE token_hash = $1");
    let row = first(client, &sql, &[&token_hash.as_slice()]).await?;
    row.map(|row| parse(&row, keys)).transpose()
}

/// Replaces the token.
pub(in crate::postgres) async fn rotate_token(
    client: &impl GenericClient,
    name: &str,
    token_hash: [u8; 32],
    at: Timestamp,
) -> Result<()> {
    let changed = execute(
        client,
        "UPDATE providers SET token_hash = $2, token_made_at = $3
         WHERE name = $1 AND removed_at IS NULL",
        &[&name, &token_hash.as_slice(), &to_nanoseconds(at)],
    )
    .await?;
    refuse_if_none(changed, name)
}

/// Replaces the credential and the address.
pub(in crate::postgres) async fn change(
    client: &impl GenericClient,
    keys: &Keys,
    provider: &Provider,
) -> Result<()> {
    let changed = execute(
        client,
        "UPDATE providers SET credential = $2, api = $3 WHERE id = $1 AND removed_at IS NULL",
        &[
            &provider.id.0,
            &sealed_credential(keys, provider)?,
            &provider.api,
        ],
    )
    .await?;
    refuse_if_none(changed, &provider.name)
}

/// Removes the provider's secrets, and keeps its name for its services.
pub(in crate::postgres) async fn remove(
    client: &impl GenericClient,
    name: &str,
    at: Timestamp,
) -> Result<()> {
    let changed = execute(
        client,
        "UPDATE providers SET token_hash = NULL, credential = NULL, removed_at = $2
         WHERE name = $1 AND removed_at IS NULL",
        &[&name, &to_nanoseconds(at)],
    )
    .await?;
    refuse_if_none(changed, name)
}

fn refuse_if_none(changed: u64, name: &str) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(no_provider(name).into())
    }
}

fn sealed_credential(keys: &Keys, provider: &Provider) -> Result<Vec<u8>> {
    let place = Place::credential(provider.id);
    let credential = provider.credential.expose_secret().as_bytes();
    Ok(seal::seal(keys, &place, credential)?)
}

fn parse(row: &Row, keys: &Keys) -> Result<Provider> {
    let id = ProviderId(get(row, 0)?);
    let removed_at: Option<i64> = get(row, 6)?;
    Ok(Provider {
        id,
        name: get(row, 1)?,
        credential: open_credential(keys, id, get(row, 2)?)?,
        api: get(row, 3)?,
        added_at: from_nanoseconds(get(row, 4)?)?,
        token_made_at: from_nanoseconds(get(row, 5)?)?,
        removed_at: removed_at.map(from_nanoseconds).transpose()?,
    })
}
