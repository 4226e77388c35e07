//! The journal in a PostgreSQL database, for many gateways at once.
//!
//! Each gateway holds a lease; its number is the fencing token that stands in every operation that it
//! works on. A gateway that does not renew its lease in time is ended by another one, which takes over
//! its operations; from then on nothing that it commits counts.
//!
//! Every change of a service first locks the service's row, so that changes of one service go one after
//! the other and none waits in a circle.

mod address;
mod connection;
mod database;
mod failure;
mod lease;
mod migration;
mod table;
mod upkeep;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Exchange, Holder, Identity, Lease, NewOperation, Operation, OperationId,
    Provider, ProviderId, Resolve, ServiceKey, ServiceRecord, Store, StoreError, Unfinished,
};
use jiff::Timestamp;

pub use self::address::PostgresAddress;

use self::connection::{Connection, commit};
use self::database::{Database, Repetition};
use self::failure::Result;
use self::lease::Node;
use self::table::operations::{Committed, taken_for_dead};
use self::table::{
    claims, exchanges, meta, nodes, operations, providers, services, turns, unfinished,
};
use crate::key::Keys;
use crate::role::Role;

/// The journal in a PostgreSQL database.
pub struct PostgresStore {
    database: Database,
    keys: Keys,
    role: Role,
    node: Mutex<Option<Arc<Node>>>,
}

impl PostgresStore {
    /// Opens the journal in a database, makes it when there is none, and brings it to the present
    /// schema. A gateway has its first lease from its first [`Store::renew_lease`].
    ///
    /// # Errors
    /// When the database cannot be reached and written, is one of a newer Causeway, was sealed with
    /// another key, or is of an older version and gateways run on it.
    pub async fn open(
        address: PostgresAddress,
        keys: Keys,
        role: Role,
    ) -> std::result::Result<Self, StoreError> {
        let store = Self {
            database: Database::new(address)?,
            keys,
            role,
            node: Mutex::default(),
        };
        let prepared = store.prepare().await;
        prepared.map_err(|failure| failure.at(store.database.address()))?;
        Ok(store)
    }

    /// Whether the database has a journal.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_there(address: &PostgresAddress) -> std::result::Result<bool, StoreError> {
        let database = Database::new(address.clone())?;
        database
            .run(Repetition::Harmless, || async {
                let connection = database.connection().await?;
                migration::is_there(&*connection).await
            })
            .await
    }

    /// Without a time limit: a migration takes as long as it takes.
    async fn prepare(&self) -> Result<()> {
        let shown = self.database.address().to_string();
        let mut connection = self.database.connection().await?;
        meta::check_server(&*connection, &shown).await?;
        migration::migrate(&mut connection, &shown).await?;
        meta::check_keys(&*connection, &self.keys).await?;
        connection.release();
        Ok(())
    }

    /// Closes every connection.
    pub fn close(self) {
        self.database.close();
    }

    fn node(&self) -> Option<Arc<Node>> {
        self.node
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_node(&self, node: Option<Arc<Node>>) {
        *self.node.lock().unwrap_or_else(PoisonError::into_inner) = node;
    }
}

/// Runs one verb that is one statement, or reads only.
macro_rules! on_connection {
    ($store:ident, $repetition:expr, |$connection:ident| $verb:expr) => {{
        let database = &$store.database;
        database
            .run($repetition, || async {
                let held: Connection = database.connection().await?;
                let $connection = &*held;
                let answer = $verb.await?;
                held.release();
                Ok(answer)
            })
            .await
    }};
}

/// Runs one verb in a transaction.
macro_rules! in_transaction {
    ($store:ident, $repetition:expr, |$transaction:ident| $verb:expr) => {{
        let database = &$store.database;
        database
            .run($repetition, || async {
                let mut connection = database.connection().await?;
                let opened = connection.begin().await?;
                let $transaction = &opened;
                let answer = $verb.await?;
                commit(opened).await?;
                connection.release();
                Ok(answer)
            })
            .await
    }};
}

#[async_trait]
impl Store for PostgresStore {
    async fn accept(&self, new: NewOperation) -> std::result::Result<Acceptance, StoreError> {
        let (keys, new) = (&self.keys, &new);
        let Some(node) = self.node() else {
            return Err(taken_for_dead().at(self.database.address()));
        };
        let begun = node.begin(new.id);
        let acceptance = in_transaction!(self, Repetition::Harmless, |transaction| {
            operations::accept(transaction, keys, node.number, new, begun.is_some())
        })?;
        if let (Acceptance::Begun { .. }, Some(begun)) = (&acceptance, begun) {
            begun.stay();
        }
        Ok(acceptance)
    }

    async fn commit(&self, change: Commit) -> std::result::Result<(), StoreError> {
        let (keys, change) = (&self.keys, &change);
        let Some(node) = self.node() else {
            return Err(StoreError::TakenOver(change.operation));
        };
        let database = &self.database;
        database
            .run(Repetition::Harmless, || async {
                let mut connection = database.connection().await?;
                let transaction = connection.begin().await?;
                match operations::commit(&transaction, keys, node.number, change).await? {
                    Committed::Now => commit(transaction).await?,
                    Committed::Before => transaction.rollback().await?,
                }
                connection.release();
                Ok(())
            })
            .await?;
        if change.standing != causeway_engine::Standing::Open {
            node.end(change.operation);
        }
        Ok(())
    }

    async fn set_owed(
        &self,
        operation: OperationId,
        owed: bool,
    ) -> std::result::Result<(), StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            operations::set_owed(connection, operation, owed)
        })
    }

    async fn resolve(&self, resolve: Resolve) -> std::result::Result<(), StoreError> {
        let (keys, resolve) = (&self.keys, &resolve);
        in_transaction!(self, Repetition::Harmful, |transaction| {
            operations::resolve(transaction, keys, resolve)
        })
    }

    async fn count_open(&self) -> std::result::Result<u64, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            operations::count_open(connection)
        })
    }

    async fn take_over(&self) -> std::result::Result<Vec<Unfinished>, StoreError> {
        let keys = &self.keys;
        let Some(node) = self.node() else {
            return Ok(Vec::new());
        };
        let database = &self.database;
        let taken = database.run(Repetition::Harmless, || async {
            let mut connection = database.connection_to_take_over().await?;
            let transaction = connection.begin().await?;
            let ended = nodes::end_expired(&transaction, node.number).await?;
            commit(transaction).await?;
            if ended > 0 {
                tracing::warn!(
                    ended,
                    "gateways are taken for dead: their leases have run out"
                );
            }
            turns::forget_settled(&*connection).await?;
            let transaction = connection.begin().await?;
            if !nodes::hold(&transaction, node.number).await? {
                return Ok((Vec::new(), Vec::new()));
            }
            let taken = unfinished::take(&transaction, keys, node.number, &node.works_on()).await?;
            let begun: Vec<_> = taken
                .iter()
                .map(|unfinished| node.begin(unfinished.operation.id))
                .collect();
            commit(transaction).await?;
            connection.release();
            Ok((taken, begun))
        });
        let (taken, begun) = taken.await?;
        // What was begun meanwhile by another way is worked on already.
        let taken = taken.into_iter().zip(begun);
        Ok(taken
            .filter_map(|(unfinished, begun)| {
                begun?.stay();
                Some(unfinished)
            })
            .collect())
    }

    async fn renew_lease(&self) -> std::result::Result<Lease, StoreError> {
        if self.role == Role::Tool {
            return Ok(Lease::Kept);
        }
        let database = &self.database;
        let asked_at = lease::now();
        let Some(node) = self.node() else {
            let number = database
                .run_with_lease(|connection| async move {
                    let number = nodes::begin(&*connection).await?;
                    connection.release();
                    Ok(number)
                })
                .await?;
            self.set_node(Some(Arc::new(Node::new(number, asked_at))));
            return Ok(Lease::Kept);
        };
        let number = node.number;
        let renewed = database.run_with_lease(|connection| async move {
            let renewed = nodes::renew(&*connection, number).await?;
            connection.release();
            Ok(renewed)
        });
        if renewed.await? {
            node.renewed(asked_at);
            return Ok(Lease::Kept);
        }
        self.set_node(None);
        Ok(Lease::Lost)
    }

    async fn end_lease(&self) -> std::result::Result<(), StoreError> {
        let Some(node) = self.node() else {
            return Ok(());
        };
        on_connection!(self, Repetition::Harmless, |connection| {
            nodes::end(connection, node.number)
        })?;
        self.set_node(None);
        Ok(())
    }

    fn holds_lease(&self) -> bool {
        self.node().is_some_and(|node| node.is_held())
    }

    async fn take_turn(
        &self,
        operation: OperationId,
        key: &str,
    ) -> std::result::Result<bool, StoreError> {
        let Some(node) = self.node() else {
            return Err(StoreError::TakenOver(operation));
        };
        let key = self.keys.hashed_turn(key);
        let key = key.as_slice();
        // Given back first and by itself: who takes a turn keeps none that others wait for.
        on_connection!(self, Repetition::Harmless, |connection| {
            turns::give_back_others(connection, operation, node.number, key)
        })?;
        in_transaction!(self, Repetition::Harmless, |transaction| async {
            let sequence = operations::hold_own(transaction, node.number, operation).await?;
            turns::take(transaction, sequence, key).await
        })
    }

    async fn settle_turn(
        &self,
        operation: OperationId,
        key: &str,
        settle: Duration,
    ) -> std::result::Result<(), StoreError> {
        let Some(node) = self.node() else {
            return Err(StoreError::TakenOver(operation));
        };
        let key = self.keys.hashed_turn(key);
        let key = key.as_slice();
        on_connection!(self, Repetition::Harmless, |connection| {
            turns::settle(connection, operation, node.number, key, settle)
        })
    }

    async fn operation(
        &self,
        id: OperationId,
    ) -> std::result::Result<Option<Operation>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            operations::find_by_id(connection, &self.keys, id)
        })
    }

    async fn exchanges(&self, id: OperationId) -> std::result::Result<Vec<Exchange>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            exchanges::list(connection, &self.keys, id)
        })
    }

    async fn operations(
        &self,
        filter: OperationFilter,
    ) -> std::result::Result<Vec<Operation>, StoreError> {
        let filter = &filter;
        on_connection!(self, Repetition::Harmless, |connection| {
            operations::list(connection, &self.keys, filter)
        })
    }

    async fn service(
        &self,
        key: &ServiceKey,
    ) -> std::result::Result<Option<ServiceRecord>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            services::find(connection, &self.keys, key)
        })
    }

    async fn holders(
        &self,
        provider: ProviderId,
        definition: &str,
        identities: &[Identity],
    ) -> std::result::Result<Vec<Option<Holder>>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            claims::holders(connection, provider, definition, identities)
        })
    }

    async fn add_provider(
        &self,
        provider: Provider,
        token_hash: [u8; 32],
    ) -> std::result::Result<(), StoreError> {
        let provider = &provider;
        in_transaction!(self, Repetition::Harmful, |transaction| {
            providers::add(transaction, &self.keys, provider, token_hash)
        })
    }

    async fn providers(&self) -> std::result::Result<Vec<Provider>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            providers::list(connection, &self.keys)
        })
    }

    async fn provider_by_token(
        &self,
        token_hash: [u8; 32],
    ) -> std::result::Result<Option<Provider>, StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            providers::by_token(connection, &self.keys, token_hash)
        })
    }

    async fn rotate_token(
        &self,
        name: &str,
        token_hash: [u8; 32],
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            providers::rotate_token(connection, name, token_hash, at)
        })
    }

    async fn change_provider(&self, provider: Provider) -> std::result::Result<(), StoreError> {
        let provider = &provider;
        on_connection!(self, Repetition::Harmless, |connection| {
            providers::change(connection, &self.keys, provider)
        })
    }

    async fn remove_provider(
        &self,
        name: &str,
        at: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        in_transaction!(self, Repetition::Harmful, |transaction| {
            providers::remove(transaction, name, at)
        })
    }

    async fn check(&self) -> std::result::Result<(), StoreError> {
        on_connection!(self, Repetition::Harmless, |connection| {
            meta::note_check(connection)
        })
    }
}
