//! `Idempotency-Key`: the same call with the same key is worked off once.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};

use super::call::{Failure, Reply};

/// A key in the name of one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AccountKey {
    pub(super) account_id: i64,
    pub(super) key: String,
}

/// The keys whose first call is still being worked off.
#[derive(Debug, Default)]
pub(super) struct RunningKeys(Mutex<HashSet<AccountKey>>);

impl RunningKeys {
    /// Takes the key until the claim is dropped.
    pub(super) fn claim(&self, key: AccountKey) -> Result<Claim<'_>, Failure> {
        if self.lock().insert(key.clone()) {
            return Ok(Claim { keys: self, key });
        }
        Err(Failure::Refused {
            status: StatusCode::CONFLICT,
            message: "A request with this idempotency key is still being processed.",
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<AccountKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work under a key.
pub(super) struct Claim<'keys> {
    keys: &'keys RunningKeys,
    key: AccountKey,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.keys.lock().remove(&self.key);
    }
}

impl Claim<'_> {
    /// The stored answer, or the work's own, which is stored in the same transaction if it is a
    /// success. The fingerprint tells one call from another.
    pub(super) fn answer_once(
        &self,
        database: &Connection,
        fingerprint: &[u8],
        work: impl FnOnce() -> Result<Reply, Failure>,
    ) -> Result<Reply, Failure> {
        let AccountKey { account_id, key } = &self.key;
        let stored = database
            .prepare_cached(
                "SELECT fingerprint, status, body FROM idempotent_answers \
                 WHERE account_id = ?1 AND key = ?2",
            )?
            .query_row(params![account_id, key], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((first_fingerprint, status, body)) = stored {
            return replay(&first_fingerprint, fingerprint, status, body);
        }
        let reply = work()?;
        database
            .prepare_cached(
                "INSERT INTO idempotent_answers (account_id, key, fingerprint, status, body) \
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                account_id,
                key,
                fingerprint,
                reply.status.as_u16(),
                reply.body
            ])?;
        Ok(reply)
    }
}

fn replay(first: &[u8], now: &[u8], status: u16, body: String) -> Result<Reply, Failure> {
    if first != now {
        return Err(Failure::Refused {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            message: "Keys for idempotent requests can only be used with the same parameters \
                      they were first used with.",
        });
    }
    Ok(Reply {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::OK),
        body,
        allow: None,
        replayed: true,
    })
}
