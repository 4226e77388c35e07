//! The way to the vendor, as the engine sees it.

use std::time::Duration;

use async_trait::async_trait;
use causeway_definition::{Answer, Definition, Request};

/// What came of sending a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A whole answer.
    Answered(Answer),
    /// The request never left: name not found, connection refused, TLS failed, address not allowed.
    NotSent {
        /// Why, in one line.
        reason: String,
        /// Whether a later try could go better (an address that is not allowed stays so).
        passing: bool,
    },
    /// The request left, and no whole answer came.
    Unknown {
        /// What happened, in one line.
        reason: String,
    },
}

/// Sends one request, once.
#[async_trait]
pub trait Vendor: Send + Sync {
    /// Sends `request` to the definition's API (or to `api`, when the provider has an own one) and
    /// waits at most `timeout` for the whole answer. Never sends anything twice.
    async fn send(
        &self,
        definition: &Definition,
        api: Option<&str>,
        request: &Request,
        timeout: Duration,
    ) -> Reply;
}
