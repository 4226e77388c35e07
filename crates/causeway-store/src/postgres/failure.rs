//! What PostgreSQL reports, in the journal's words.

use std::error::Error as _;

use causeway_engine::StoreError;
use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::error::SqlState;

use super::address::PostgresAddress;

/// Why a statement or what was made of its rows failed, inside this crate.
#[derive(Debug)]
pub(super) enum Failure {
    Postgres(tokio_postgres::Error),
    Pool(PoolError),
    /// The connection broke while the server committed: it may have, and it may not.
    WhileCommitting(tokio_postgres::Error),
    /// The server does not answer.
    Silent,
    Store(StoreError),
}

pub(super) type Result<T> = std::result::Result<T, Failure>;

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        Self::Pool(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Somebody else was in the way and nothing was done: the same again succeeds.
    Again,
    /// The connection broke and nothing was done: once more on a new one.
    Reconnect,
    /// As above, but it may have been done.
    ReconnectIfHarmless,
    /// None.
    None,
}

impl Failure {
    pub(super) fn remedy(&self) -> Remedy {
        match self {
            Self::Postgres(error) if is_in_the_way(error) => Remedy::Again,
            Self::Postgres(error) if is_broken(error) => Remedy::Reconnect,
            Self::WhileCommitting(error) if is_in_the_way(error) => Remedy::Again,
            Self::WhileCommitting(_) => Remedy::ReconnectIfHarmless,
            _ => Remedy::None,
        }
    }

    /// The error for the caller, with the database that it is about.
    pub(super) fn at(self, address: &PostgresAddress) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Postgres(error) => from_postgres(&error, address),
            Self::Pool(error) => from_pool(&error, address),
            Self::WhileCommitting(error) => StoreError::Unavailable(format!(
                "the connection to {address} broke while a change was committed ({}); it is not known \
                 whether it was: look before you repeat it",
                words(&error)
            )),
            Self::Silent => StoreError::Unavailable(format!(
                "{address} does not answer; look whether the server and the network are well"
            )),
        }
    }
}

/// Serialization failures, deadlocks, and rows that somebody has kept for long.
fn is_in_the_way(error: &tokio_postgres::Error) -> bool {
    matches!(
        error.code(),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED)
    )
}

fn is_broken(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            code.code().starts_with("08")
                || matches!(
                    *code,
                    SqlState::ADMIN_SHUTDOWN
                        | SqlState::CRASH_SHUTDOWN
                        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
                )
        }
        None => {
            error.is_closed()
                || error
                    .source()
                    .is_some_and(|source| source.is::<std::io::Error>())
        }
    }
}

fn from_pool(error: &PoolError, address: &PostgresAddress) -> StoreError {
    match error {
        PoolError::Backend(error) => from_postgres(error, address),
        PoolError::Timeout(TimeoutType::Wait) => StoreError::Unavailable(format!(
            "{address} is too slow for what is asked of it: no connection became free in time; look at \
             the server's load"
        )),
        PoolError::Timeout(_) => StoreError::Unavailable(format!(
            "{address} took no connection in time; look at the server's load and at the network"
        )),
        _ => Failure::Silent.at(address),
    }
}

fn from_postgres(error: &tokio_postgres::Error, address: &PostgresAddress) -> StoreError {
    let words = words(error);
    let Some(code) = error.code() else {
        return StoreError::Unavailable(format!(
            "{address} cannot be reached ({words}); look whether the server runs and the address is right"
        ));
    };
    match *code {
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME => StoreError::Unavailable(format!(
            "{address} lets nobody in with this user and password ({words}); correct them, or make the \
             user and the database"
        )),
        SqlState::INSUFFICIENT_PRIVILEGE => StoreError::ReadOnly(format!(
            "the user of {address} lacks a right ({words}); make it the owner of the database"
        )),
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly(format!(
            "{address} takes no writes ({words}); name the primary server"
        )),
        SqlState::DISK_FULL | SqlState::OUT_OF_MEMORY => StoreError::Unavailable(format!(
            "the server of {address} is out of room ({words}); make room on it"
        )),
        SqlState::TOO_MANY_CONNECTIONS => StoreError::Unavailable(format!(
            "{address} takes no more connections ({words}); raise its `max_connections`"
        )),
        SqlState::LOCK_NOT_AVAILABLE => StoreError::Unavailable(format!(
            "somebody keeps rows of {address} locked ({words}); end that session or wait for it"
        )),
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            StoreError::Unavailable(format!(
                "{address} is too busy for this now ({words}); try again"
            ))
        }
        SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER => {
            StoreError::Unavailable(format!(
                "{address} cannot keep one of the characters in this ({words}); leave it out"
            ))
        }
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => StoreError::Damaged(format!(
            "{address} is not whole ({words}); put it back from its backup"
        )),
        ref code if is_for_now(code) => StoreError::Unavailable(format!(
            "{address} is not ready ({words}); it is tried again once it is"
        )),
        _ => StoreError::Damaged(format!(
            "{address} does not hold what this Causeway expects ({words}); put it back from its backup, \
             or report this as a defect"
        )),
    }
}

/// The classes of connection failures, resources, operators and the system.
fn is_for_now(code: &SqlState) -> bool {
    ["08", "25", "53", "55", "57", "58"]
        .iter()
        .any(|class| code.code().starts_with(class))
}

/// The server's own line without the row that it may quote, or what the system said.
fn words(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(database) => database.message().to_owned(),
        None => match error.source() {
            Some(source) => source.to_string(),
            None => error.to_string(),
        },
    }
}
