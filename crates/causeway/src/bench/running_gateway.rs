//! A gateway in this process, on a journal of its own.

use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, Store, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings, Token};
use causeway_store::{KeyFile, Keys, Role, SqliteStore};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Result};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

use super::http::Api;
use super::world::{World, definition};
use crate::commands::serve::fingerprints;

/// A gateway, the provider that it serves, and what it writes to.
pub struct RunningGateway {
    gateway: Gateway,
    token: Token,
    pub provider: ProviderId,
    pub store: Arc<dyn Store>,
    /// Tells of the journal's durable commits.
    commits: Box<dyn Fn() -> u64 + Send + Sync>,
    _folder: TempDir,
}

impl RunningGateway {
    /// One whose journal is a new SQLite file.
    pub async fn on_sqlite(world: &World) -> Result<Self> {
        let folder = TempDir::new().into_diagnostic()?;
        let keys =
            KeyFile::open_or_create(&folder.path().join("causeway.key")).into_diagnostic()?;
        let journal = folder.path().join("journal.sqlite");
        let store =
            Arc::new(SqliteStore::open(&journal, keys.clone(), Role::Gateway).into_diagnostic()?);
        let statistics = Arc::clone(&store);
        let commits = Box::new(move || statistics.statistics().commits);
        Self::start(world, store, keys, commits, folder).await
    }

    async fn start(
        world: &World,
        store: Arc<dyn Store>,
        keys: Keys,
        commits: Box<dyn Fn() -> u64 + Send + Sync>,
        folder: TempDir,
    ) -> Result<Self> {
        let token = Token::generate().into_diagnostic()?;
        let provider = new_provider(world);
        let provider_id = provider.id;
        store
            .add_provider(provider, token.hash())
            .await
            .into_diagnostic()?;
        let definitions = Definitions::new([definition()?]);
        let executor = Executor::start(
            Arc::clone(&store),
            Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
            Arc::new(SystemClock),
            definitions.clone(),
            fingerprints(keys),
            ExecutorSettings::default(),
        )
        .await
        .into_diagnostic()?;
        let settings = GatewaySettings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..GatewaySettings::default()
        };
        let gateway = Gateway::start(settings, executor, Arc::clone(&store), definitions)
            .await
            .into_diagnostic()?;
        Ok(Self {
            gateway,
            token,
            provider: provider_id,
            store,
            commits,
            _folder: folder,
        })
    }

    /// A client for it.
    pub fn api(&self, definition: Arc<Definition>) -> Result<Api> {
        Api::new(definition, &self.gateway.url(), self.token.expose())
    }

    pub fn commits(&self) -> u64 {
        (self.commits)()
    }

    pub async fn stop(&self) {
        self.gateway.stop().await;
    }
}

/// A provider that sells the services of this world's vendor.
pub fn new_provider(world: &World) -> Provider {
    let (api, credential) = world.vendor();
    let now = Timestamp::now();
    Provider {
        id: ProviderId(Uuid::now_v7()),
        name: "bench".to_owned(),
        credential: SecretString::from(credential.to_owned()),
        api: Some(api),
        added_at: now,
        token_made_at: now,
        removed_at: None,
    }
}
