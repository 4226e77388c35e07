//! A gateway in this process, on a journal of its own.

use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings, Token};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Result};
use secrecy::SecretString;
use uuid::Uuid;

use super::http::Api;
use super::journal::Journal;
use super::world::{World, definition};
use crate::commands::serve::fingerprints;

/// A gateway, the provider that it serves, and what it writes to.
pub struct RunningGateway {
    gateway: Gateway,
    token: Token,
    pub provider: ProviderId,
    pub journal: Journal,
}

impl RunningGateway {
    /// One with this journal.
    pub async fn on(world: &World, journal: Journal) -> Result<Self> {
        let store = Arc::clone(&journal.store);
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
            fingerprints(journal.keys.clone()),
            ExecutorSettings::default(),
        )
        .await
        .into_diagnostic()?;
        let settings = GatewaySettings {
            listen: ([127, 0, 0, 1], 0).into(),
            ..GatewaySettings::default()
        };
        let gateway = Gateway::start(settings, executor, store, definitions)
            .await
            .into_diagnostic()?;
        Ok(Self {
            gateway,
            token,
            provider: provider_id,
            journal,
        })
    }

    /// A client for it.
    pub fn api(&self, definition: Arc<Definition>) -> Result<Api> {
        Api::new(definition, &self.gateway.url(), self.token.expose())
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
