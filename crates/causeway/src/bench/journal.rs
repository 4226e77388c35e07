//! A new journal for a gateway, and what it costs the disk.

use std::sync::Arc;
use std::time::Duration;

use causeway_engine::Store;
use causeway_store::{KeyFile, Keys, PostgresStore, Role, SqliteStore};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use miette::{IntoDiagnostic as _, Result, miette};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::process::Process;

/// A journal that is open; what it stands on goes with it.
pub struct Journal {
    pub store: Arc<dyn Store>,
    pub keys: Keys,
    kind: Kind,
    _folder: TempDir,
}

enum Kind {
    Sqlite(Arc<SqliteStore>),
    Postgres(Arc<PostgresServer>),
}

impl Journal {
    /// One in a new SQLite file.
    pub fn on_sqlite() -> Result<Self> {
        let (folder, keys) = new_folder()?;
        let file = folder.path().join("journal.sqlite");
        let store = SqliteStore::open(&file, keys.clone(), Role::Gateway).into_diagnostic()?;
        let store = Arc::new(store);
        Ok(Self {
            store: Arc::clone(&store) as _,
            keys,
            kind: Kind::Sqlite(store),
            _folder: folder,
        })
    }

    /// One in a database of a PostgreSQL server of its own, whose commits are on the disk when it
    /// acknowledges them.
    pub async fn on_postgres() -> Result<Self> {
        let (folder, keys) = new_folder()?;
        let (server, database) = spawn_blocking(|| {
            let server = PostgresServer::start_new(PostgresSettings::default())?;
            let database = server.new_database()?;
            Ok((server, database))
        })
        .await
        .into_diagnostic()?
        .map_err(|error: causeway_testbed::postgres::PostgresError| miette!("{error}"))?;
        let address = database.parse().into_diagnostic()?;
        let store = PostgresStore::open(address, keys.clone(), Role::Gateway)
            .await
            .into_diagnostic()?;
        Ok(Self {
            store: Arc::new(store),
            keys,
            kind: Kind::Postgres(Arc::new(server)),
            _folder: folder,
        })
    }

    /// The processes beside this one that work for it.
    pub fn processes(&self) -> Vec<Process> {
        let master = match &self.kind {
            Kind::Sqlite(_) => None,
            Kind::Postgres(server) => server.process_id().map(Process::of),
        };
        let workers = master.map(Process::children).unwrap_or_default();
        master.into_iter().chain(workers).collect()
    }

    /// How often it has waited for the disk so far; none when a PostgreSQL server does not tell.
    pub async fn syncs(&self) -> Result<Option<u64>> {
        // A server that counts them elsewhere (since 18) has no such column.
        const SYNCS: &str = "SELECT to_jsonb(pg_stat_wal) ->> 'wal_sync' FROM pg_stat_wal";
        let server = match &self.kind {
            Kind::Sqlite(store) => return Ok(Some(store.statistics().commits)),
            Kind::Postgres(server) => Arc::clone(server),
        };
        let told = spawn_blocking(move || server.sql(SYNCS))
            .await
            .into_diagnostic()?
            .map_err(|error| miette!("{error}"))?;
        Ok(told.parse().ok())
    }

    /// Waits until all that was done is counted: a process of PostgreSQL tells what it has done when
    /// it has been idle for ten seconds.
    pub async fn until_counted(&self) {
        const IDLE: Duration = Duration::from_millis(10_500);
        match &self.kind {
            Kind::Sqlite(_) => {}
            Kind::Postgres(_) => sleep(IDLE).await,
        }
    }
}

fn new_folder() -> Result<(TempDir, Keys)> {
    let folder = TempDir::new().into_diagnostic()?;
    let keys = KeyFile::open_or_create(&folder.path().join("causeway.key")).into_diagnostic()?;
    Ok((folder, keys))
}
