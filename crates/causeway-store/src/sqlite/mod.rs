//! The journal in one SQLite file.
//!
//! One thread writes, and brings the writes of concurrent operations to the disk in one commit; reads
//! go beside it on connections of their own.

mod backup;
mod connection;
mod failure;
mod left_turns;
mod lock;
mod migration;
mod reader;
mod table;
mod upkeep;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Exchange, Holder, Identity, NewOperation, Operation, OperationId, Provider,
    ProviderId, Resolve, ServiceKey, ServiceRecord, Standing, Store, StoreError, Unfinished,
};
use jiff::Timestamp;
use rusqlite::Connection;

pub use self::writer::Statistics;

use self::connection::open_writer;
use self::failure::Result;
use self::left_turns::{Availability, LeftTurns};
use self::lock::GatewayLock;
use self::reader::Reader;
use self::table::{claims, exchanges, meta, operations, providers, services, turns};
use self::writer::Writer;
use crate::key::Keys;
use crate::role::Role;

/// The journal in one SQLite file. Dropping it (or [`SqliteStore::close`]) finishes every write that
/// was asked for.
#[derive(Debug)]
pub struct SqliteStore {
    // In the order in which they have to end.
    reader: Reader,
    writer: Writer,
    _lock: Option<GatewayLock>,
    path: PathBuf,
    keys: Keys,
    taken_over: AtomicBool,
    left_turns: LeftTurns,
}

impl SqliteStore {
    /// Opens the journal at `path`, makes it when there is none, and brings it to the present schema.
    /// Blocks; for a few seconds when another process keeps the file locked.
    ///
    /// # Errors
    /// When the file cannot be opened and written, is not a journal, is one of a newer Causeway, was
    /// sealed with another key, or is another gateway's.
    pub fn open(path: &Path, keys: Keys, role: Role) -> std::result::Result<Self, StoreError> {
        let lock = match role {
            Role::Gateway => Some(GatewayLock::take(path)?),
            Role::Tool => None,
        };
        let connection =
            prepare(path, &keys, lock.is_some()).map_err(|failure| failure.at(path))?;
        let left_turns = match role {
            Role::Gateway => left_turns(&connection).map_err(|failure| failure.at(path))?,
            Role::Tool => LeftTurns::default(),
        };
        Ok(Self {
            reader: Reader::new(path.to_owned()),
            writer: Writer::start(connection, path.to_owned())?,
            _lock: lock,
            path: path.to_owned(),
            keys,
            taken_over: AtomicBool::new(false),
            left_turns,
        })
    }

    /// Finishes every write that was asked for, and lets go of the file. Blocks.
    pub fn close(self) {
        drop(self);
    }

    /// How many writes there were, and in how many commits.
    pub fn statistics(&self) -> Statistics {
        self.writer.statistics()
    }

    async fn write<T, F>(&self, work: F) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection, &Keys) -> Result<T> + Send + 'static,
    {
        let keys = self.keys.clone();
        self.writer
            .write(move |connection| work(connection, &keys))
            .await
    }

    async fn read<T, F>(&self, work: F) -> std::result::Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, &Keys) -> Result<T> + Send + 'static,
    {
        let keys = self.keys.clone();
        self.reader
            .read(move |connection| work(connection, &keys))
            .await
    }
}

fn prepare(path: &Path, keys: &Keys, locked: bool) -> Result<Connection> {
    let mut connection = open_writer(path)?;
    if migration::is_behind(&connection, path)? {
        let _lock = if locked {
            None
        } else {
            Some(lock_to_migrate(path)?)
        };
        migration::migrate(&mut connection, path)?;
    }
    meta::check_keys(&connection, keys)?;
    Ok(connection)
}

fn left_turns(connection: &Connection) -> Result<LeftTurns> {
    let now = Timestamp::now();
    turns::forget_settled(connection, now)?;
    Ok(LeftTurns::new(turns::remembered(connection)?, now))
}

/// The schema never changes under the feet of a gateway of an older version.
fn lock_to_migrate(path: &Path) -> std::result::Result<GatewayLock, StoreError> {
    GatewayLock::take(path).map_err(|error| match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(format!(
            "it is of an older version and has to be brought to this one, but {why}"
        )),
        other => other,
    })
}

#[async_trait]
impl Store for SqliteStore {
    async fn accept(&self, new: NewOperation) -> std::result::Result<Acceptance, StoreError> {
        self.write(move |connection, keys| operations::accept(connection, keys, &new))
            .await
    }

    async fn commit(&self, commit: Commit) -> std::result::Result<(), StoreError> {
        self.write(move |connection, keys| operations::commit(connection, keys, &commit))
            .await
    }

    async fn set_owed(
        &self,
        operation: OperationId,
        owed: bool,
    ) -> std::result::Result<(), StoreError> {
        self.write(move |connection, _| operations::set_owed(connection, operation, owed))
            .await
    }

    async fn resolve(&self, resolve: Resolve) -> std::result::Result<(), StoreError> {
        self.write(move |connection, keys| operations::resolve(connection, keys, &resolve))
            .await
    }

    async fn count_open(&self) -> std::result::Result<u64, StoreError> {
        self.read(|connection, _| operations::count_open(connection))
            .await
    }

    async fn take_over(&self) -> std::result::Result<Vec<Unfinished>, StoreError> {
        // Nobody else runs operations: what is open at the start is all that will ever be left.
        if self.taken_over.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let open = self.read(operations::open).await?;
        self.taken_over.store(true, Ordering::Relaxed);
        Ok(open)
    }

    async fn take_turn(
        &self,
        operation: OperationId,
        key: &str,
    ) -> std::result::Result<bool, StoreError> {
        match self.left_turns.take(operation, &self.keys.hashed_turn(key)) {
            Availability::Free => Ok(true),
            Availability::Settles => Ok(false),
            Availability::LeftBy(holder) => {
                let holding = self.operation(holder).await?;
                if !holding.is_some_and(|holding| holding.standing == Standing::Open) {
                    self.left_turns.ended(holder);
                }
                Ok(false)
            }
        }
    }

    async fn settle_turn(
        &self,
        operation: OperationId,
        key: &str,
        settle: Duration,
    ) -> std::result::Result<(), StoreError> {
        let key = self.keys.hashed_turn(key);
        self.write(move |connection, _| turns::remember(connection, operation, &key, settle))
            .await
    }

    async fn operation(
        &self,
        id: OperationId,
    ) -> std::result::Result<Option<Operation>, StoreError> {
        self.reader
            .glance(|connection| operations::get(connection, &self.keys, id))
    }

    async fn exchanges(&self, id: OperationId) -> std::result::Result<Vec<Exchange>, StoreError> {
        self.read(move |connection, keys| exchanges::list(connection, keys, id))
            .await
    }

    async fn operations(
        &self,
        filter: OperationFilter,
    ) -> std::result::Result<Vec<Operation>, StoreError> {
        self.read(move |connection, keys| operations::list(connection, keys, &filter))
            .await
    }

    async fn service(
        &self,
        key: &ServiceKey,
    ) -> std::result::Result<Option<ServiceRecord>, StoreError> {
        self.reader
            .glance(|connection| services::get(connection, &self.keys, key))
    }

    async fn holders(
        &self,
        provider: ProviderId,
        definition: &str,
        identities: &[Identity],
    ) -> std::result::Result<Vec<Option<Holder>>, StoreError> {
        self.reader.glance(|connection| {
            // Several are seen in one state of the journal.
            let several = identities.len() > 1;
            let _state = several
                .then(|| connection.unchecked_transaction())
                .transpose()?;
            claims::holders(connection, provider, definition, identities)
        })
    }

    async fn add_provider(
        &self,
        provider: Provider,
        token_hash: [u8; 32],
    ) -> std::result::Result<(), StoreError> {
        self.write(move |connection, keys| providers::add(connection, keys, &provider, token_hash))
            .await
    }

    async fn providers(&self) -> std::result::Result<Vec<Provider>, StoreError> {
        self.read(providers::list).await
    }

    async fn provider_by_token(
        &self,
        token_hash: [u8; 32],
    ) -> std::result::Result<Option<Provider>, StoreError> {
        self.reader
            .glance(|connection| providers::by_token(connection, &self.keys, token_hash))
    }

    async fn rotate_token(
        &self,
        name: &str,
        token_hash: [u8; 32],
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |connection, _| providers::rotate_token(connection, &name, token_hash, at))
            .await
    }

    async fn change_provider(&self, provider: Provider) -> std::result::Result<(), StoreError> {
        self.write(move |connection, keys| providers::change(connection, keys, &provider))
            .await
    }

    async fn remove_provider(
        &self,
        name: &str,
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |connection, _| providers::remove(connection, &name, at))
            .await
    }

    async fn check(&self) -> std::result::Result<(), StoreError> {
        self.write(|connection, _| meta::note_check(connection))
            .await
    }
}
