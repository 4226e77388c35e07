//! The parts that are measured: the sample vendor, the gateway on a journal in a file, one client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, Store, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings, Token};
use causeway_store::{KeyFile, Role, SqliteStore};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Result, miette};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

const DEFINITION: &str = include_str!("../../../../examples/shieldpress.toml");

/// Everything that is measured. Clones share it.
#[derive(Clone)]
pub struct Bridge {
    pub definition: Arc<Definition>,
    /// The sample vendor's address.
    pub api: String,
    /// The gateway's address.
    pub gateway: String,
    pub credential: String,
    pub token: String,
    pub client: Arc<HttpVendor>,
    parts: Arc<Parts>,
}

struct Parts {
    gateway: Gateway,
    store: Arc<SqliteStore>,
    next: AtomicUsize,
    _vendor: SampleVendor,
    _folder: TempDir,
}

impl Bridge {
    /// Starts them, with a vendor that takes so long for each answer.
    pub async fn start(vendor_time: Duration) -> Result<Self> {
        let folder = TempDir::new().into_diagnostic()?;
        let vendor = SampleVendor::start(SampleVendorSettings {
            record_requests: false,
            latency: vendor_time,
            ..SampleVendorSettings::default()
        })
        .await
        .into_diagnostic()?;
        let credential = vendor.add_account("Bench Hosting").into_diagnostic()?;
        let keys =
            KeyFile::open_or_create(&folder.path().join("causeway.key")).into_diagnostic()?;
        let journal = folder.path().join("journal.sqlite");
        let store =
            Arc::new(SqliteStore::open(&journal, keys.clone(), Role::Gateway).into_diagnostic()?);
        let token = Token::generate().into_diagnostic()?;
        let now = Timestamp::now();
        let provider = Provider {
            id: ProviderId(Uuid::now_v7()),
            name: "bench".to_owned(),
            credential: SecretString::from(credential.clone()),
            api: Some(vendor.api()),
            added_at: now,
            token_made_at: now,
            removed_at: None,
        };
        store
            .add_provider(provider, token.hash())
            .await
            .into_diagnostic()?;
        let definitions = Definitions::new([parse(DEFINITION)?]);
        let journal: Arc<dyn Store> = store.clone();
        let executor = Executor::start(
            Arc::clone(&journal),
            Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
            Arc::new(SystemClock),
            definitions.clone(),
            Arc::new(move |data| keys.keyed_hash("fingerprint", data)),
            ExecutorSettings::default(),
        )
        .await
        .into_diagnostic()?;
        let settings = GatewaySettings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..GatewaySettings::default()
        };
        let gateway = Gateway::start(settings, executor, journal, definitions)
            .await
            .into_diagnostic()?;
        Ok(Self {
            definition: Arc::new(parse(DEFINITION)?),
            gateway: gateway.url(),
            api: vendor.api(),
            credential,
            token: token.expose().to_owned(),
            client: Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
            parts: Arc::new(Parts {
                gateway,
                store,
                next: AtomicUsize::new(0),
                _vendor: vendor,
                _folder: folder,
            }),
        })
    }

    /// The first of so many customer numbers that nobody has used.
    pub fn reserve(&self, customers: usize) -> usize {
        self.parts.next.fetch_add(customers, Ordering::Relaxed)
    }

    /// How many durable commits the journal has made.
    pub fn commits(&self) -> u64 {
        self.parts.store.statistics().commits
    }

    pub async fn stop(&self) {
        self.parts.gateway.stop().await;
    }
}

fn parse(definition: &str) -> Result<Definition> {
    Definition::parse(definition)
        .map(|(definition, _)| definition)
        .map_err(|problems| {
            miette!(
                "{}",
                problems
                    .iter()
                    .map(|p| p.message.as_str())
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        })
}
