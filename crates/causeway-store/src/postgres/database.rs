//! One database: its connections, and verbs that are tried again when they may be.

use std::future::Future;
use std::time::Duration;

use causeway_engine::StoreError;

use super::address::PostgresAddress;
use super::connection::{Connection, Connections};
use super::failure::{Failure, Remedy, Result};

/// How long a verb may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a renewal of the lease may take: the next one may do better.
const PATIENCE_WITH_LEASE: Duration = Duration::from_secs(1);

/// How often a verb is tried that others were in the way of, and how long it waits in between, times
/// the tries so far.
const TRIES: u32 = 10;
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// Verbs at once; more would only wait for each other inside the server, which by its defaults takes a
/// hundred connections from all gateways together.
const VERBS_AT_ONCE: usize = 16;

/// Whether a verb that was done does the same, and no more, when it is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repetition {
    Harmless,
    Harmful,
}

/// One database.
#[derive(Debug)]
pub(super) struct Database {
    address: PostgresAddress,
    verbs: Connections,
    /// The lease is renewed however many verbs wait.
    lease: Connections,
    /// So is what nobody works on taken over: then there is the most to do.
    take_over: Connections,
}

impl Database {
    pub(super) fn new(address: PostgresAddress) -> std::result::Result<Self, StoreError> {
        Ok(Self {
            verbs: Connections::new(&address, VERBS_AT_ONCE)?,
            lease: Connections::new(&address, 1)?,
            take_over: Connections::new(&address, 1)?,
            address,
        })
    }

    pub(super) fn address(&self) -> &PostgresAddress {
        &self.address
    }

    pub(super) async fn connection(&self) -> Result<Connection> {
        self.verbs.take().await
    }

    /// The connection that waits for no other verb.
    pub(super) async fn connection_to_take_over(&self) -> Result<Connection> {
        self.take_over.take().await
    }

    /// Runs a verb of the lease on a connection of its own.
    pub(super) async fn run_with_lease<T, F>(
        &self,
        verb: impl Fn(Connection) -> F,
    ) -> std::result::Result<T, StoreError>
    where
        F: Future<Output = Result<T>>,
    {
        let attempt = || async { verb(self.lease.take().await?).await };
        self.run_within(PATIENCE_WITH_LEASE, Repetition::Harmless, attempt)
            .await
    }

    /// Runs a verb: again when somebody else was in the way, once more on a new connection when the
    /// old one broke.
    pub(super) async fn run<T, F>(
        &self,
        repetition: Repetition,
        verb: impl Fn() -> F,
    ) -> std::result::Result<T, StoreError>
    where
        F: Future<Output = Result<T>>,
    {
        self.run_within(PATIENCE, repetition, verb).await
    }

    async fn run_within<T, F>(
        &self,
        patience: Duration,
        repetition: Repetition,
        verb: impl Fn() -> F,
    ) -> std::result::Result<T, StoreError>
    where
        F: Future<Output = Result<T>>,
    {
        let (mut tries, mut may_reconnect) = (0, true);
        loop {
            let attempt = tokio::time::timeout(patience, verb()).await;
            let failure = match attempt.unwrap_or(Err(Failure::Silent)) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            tries += 1;
            match failure.remedy() {
                Remedy::Again if tries < TRIES => {
                    tokio::time::sleep(BETWEEN_TRIES * tries).await;
                }
                Remedy::Reconnect if may_reconnect => may_reconnect = false,
                Remedy::ReconnectIfHarmless
                    if may_reconnect && repetition == Repetition::Harmless =>
                {
                    may_reconnect = false;
                }
                _ => return Err(failure.at(&self.address)),
            }
        }
    }

    pub(super) fn close(&self) {
        self.verbs.close();
        self.lease.close();
        self.take_over.close();
    }
}
