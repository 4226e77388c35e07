//! The example's service, with a gateway in this process: what the demo plays and the bench measures.

use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, Store, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings};
use causeway_store::Keys;
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Result, miette};
use secrecy::SecretString;
use uuid::Uuid;

use crate::commands::serve::fingerprints;

/// The definition as its author wrote it.
pub const DEFINITION: &str = include_str!("../../../examples/shieldpress.toml");

/// The definition.
///
/// # Errors
/// The example is wrong: a bug of this program.
pub fn definition() -> Result<Definition> {
    Definition::parse(DEFINITION)
        .map(|(definition, _)| definition)
        .map_err(|problems| {
            let problems: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
            miette!("the example's own definition: {}", problems.join("; "))
        })
}

/// A provider of this name, new today, with its account at the vendor.
pub fn provider(name: &str, api: String, credential: &str) -> Provider {
    let now = Timestamp::now();
    Provider {
        id: ProviderId(Uuid::now_v7()),
        name: name.to_owned(),
        credential: SecretString::from(credential),
        api: Some(api),
        added_at: now,
        token_made_at: now,
        removed_at: None,
    }
}

/// Starts a gateway on this journal, at a free port of this machine.
///
/// # Errors
/// A part of it does not start.
pub async fn gateway(store: Arc<dyn Store>, keys: Keys) -> Result<Gateway> {
    let definitions = Definitions::new([definition()?]);
    let executor = Executor::start(
        Arc::clone(&store),
        Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
        Arc::new(SystemClock),
        definitions.clone(),
        fingerprints(keys),
        ExecutorSettings::default(),
    );
    let executor = executor.await.into_diagnostic()?;
    let settings = GatewaySettings {
        listen: ([127, 0, 0, 1], 0).into(),
        ..GatewaySettings::default()
    };
    Gateway::start(settings, executor, store, definitions)
        .await
        .into_diagnostic()
}
