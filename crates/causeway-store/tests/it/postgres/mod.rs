//! PostgreSQL does what every journal has to do, and what many gateways on one need.

mod leases;
mod opening;
mod outages;
mod races;
mod turns;

use std::sync::LazyLock;

use causeway_engine::{Lease, Store as _, StoreError};
use causeway_store::{KeyFile, Keys, PostgresAddress, PostgresStore, Role};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};

use crate::conformance::conforms;
use crate::support::Folder;

/// One server for all tests; each has a database of its own.
static SERVER: LazyLock<PostgresServer> = LazyLock::new(start_server);

fn start_server() -> PostgresServer {
    PostgresServer::start_new(PostgresSettings::default()).unwrap()
}

/// A database of one's own, and the key file of its journal.
pub struct Database {
    folder: Folder,
    url: String,
}

impl Database {
    pub fn new() -> Self {
        Self::of(&SERVER)
    }

    pub fn of(server: &PostgresServer) -> Self {
        Self {
            folder: Folder::new(),
            url: server.new_database().unwrap(),
        }
    }

    pub fn address(&self) -> PostgresAddress {
        self.url.parse().unwrap()
    }

    pub fn keys(&self) -> Keys {
        KeyFile::open_or_create(&self.folder.key_file()).unwrap()
    }

    pub fn sql(&self, statement: &str) -> String {
        let statement = format!("SET search_path = causeway; {statement}");
        SERVER.sql_in(&self.url, &statement).unwrap()
    }

    pub async fn try_open(&self, role: Role) -> Result<PostgresStore, StoreError> {
        PostgresStore::open(self.address(), self.keys(), role).await
    }

    /// A gateway that has its lease.
    pub async fn gateway(&self) -> PostgresStore {
        let store = self.try_open(Role::Gateway).await.unwrap();
        assert_eq!(store.renew_lease().await.unwrap(), Lease::Kept);
        store
    }
}

async fn open() -> (Database, PostgresStore) {
    let database = Database::new();
    let store = database.gateway().await;
    (database, store)
}

conforms!(open());
