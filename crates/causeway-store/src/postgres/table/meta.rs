//! Facts about the journal itself.

use causeway_engine::StoreError;
use deadpool_postgres::GenericClient;
use jiff::Timestamp;

use super::{execute, first, get};
use crate::key::Keys;
use crate::postgres::failure::Result;
use crate::seal;
use crate::value::to_nanoseconds;

/// Refuses a database that cannot keep what a journal promises.
pub(in crate::postgres) async fn check_server(
    client: &impl GenericClient,
    shown: &str,
) -> Result<()> {
    let row = client
        .query_one(
            "SELECT current_setting('server_encoding'), current_setting('synchronous_commit')",
            &[],
        )
        .await?;
    let (encoding, commit): (String, String) = (get(&row, 0)?, get(&row, 1)?);
    if encoding != "UTF8" {
        return Err(StoreError::Damaged(format!(
            "{shown} keeps texts in {encoding}; make a database with ENCODING 'UTF8'"
        ))
        .into());
    }
    if commit == "off" {
        return Err(StoreError::Unavailable(format!(
            "{shown} acknowledges commits before they are on the disk (`synchronous_commit` is off); set it \
             to on for this database or user"
        ))
        .into());
    }
    Ok(())
}

/// Refuses keys that the journal was not sealed with; a new journal takes them as its own.
pub(in crate::postgres) async fn check_keys(
    client: &impl GenericClient,
    keys: &Keys,
) -> Result<()> {
    // Of two processes that make the journal together, the first one's key stays.
    execute(
        client,
        "INSERT INTO meta (name, value) VALUES ('key_check', $1) ON CONFLICT DO NOTHING",
        &[&seal::key_check(keys)?],
    )
    .await?;
    let kept = first(
        client,
        "SELECT value FROM meta WHERE name = 'key_check'",
        &[],
    )
    .await?;
    match kept {
        Some(row) => Ok(seal::check_keys(keys, get(&row, 0)?)?),
        None => Ok(()),
    }
}

/// Writes something that harms nothing.
pub(in crate::postgres) async fn note_check(client: &impl GenericClient) -> Result<()> {
    let now = to_nanoseconds(Timestamp::now()).to_be_bytes();
    execute(
        client,
        "INSERT INTO meta (name, value) VALUES ('checked_at', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[&now.as_slice()],
    )
    .await?;
    Ok(())
}
