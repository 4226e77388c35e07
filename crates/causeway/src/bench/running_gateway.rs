//! A gateway in this process, on a journal of its own.

use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId};
use causeway_gateway::{Gateway, Token};
use miette::{IntoDiagnostic as _, Result};

use super::http::Api;
use super::journal::Journal;
use super::world::World;
use crate::example_service;

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
        Ok(Self {
            gateway: example_service::gateway(store, journal.keys.clone()).await?,
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
    example_service::provider("bench", api, credential)
}
