//! The HTTP client that all callers use, the gateway's own towards vendors: reused connections,
//! nothing recorded.

use std::sync::Arc;
use std::time::Duration;

use causeway_definition::request::{BodyFormat, Method};
use causeway_definition::{Definition, Request};
use causeway_engine::{Reply, Vendor as _};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use miette::{IntoDiagnostic as _, Result, bail};
use serde_json::Value;

/// A server that is called with a bearer token.
#[derive(Clone)]
pub struct Api {
    client: Arc<HttpVendor>,
    definition: Arc<Definition>,
    address: Arc<str>,
    authorization: Arc<str>,
}

impl Api {
    /// A client for the server at this address.
    pub fn new(definition: Arc<Definition>, address: &str, token: &str) -> Result<Self> {
        Ok(Self {
            client: Arc::new(HttpVendor::new(HttpVendorSettings::default()).into_diagnostic()?),
            definition,
            address: address.into(),
            authorization: format!("Bearer {token}").into(),
        })
    }

    pub async fn get(&self, target: String) -> Result<Value> {
        self.send(Method::Get, target, None).await
    }

    pub async fn post(&self, target: String, body: Option<Value>) -> Result<Value> {
        self.send(Method::Post, target, body).await
    }

    async fn send(&self, method: Method, target: String, body: Option<Value>) -> Result<Value> {
        const TIMEOUT: Duration = Duration::from_secs(120);
        let request = Request {
            method,
            target,
            headers: vec![("Authorization".to_owned(), self.authorization.to_string())],
            body,
            format: BodyFormat::Json,
        };
        let reply = self
            .client
            .send(&self.definition, Some(&self.address), &request, TIMEOUT)
            .await;
        match reply {
            Reply::Answered(answer) if answer.status < 300 => {
                serde_json::from_slice(&answer.body).into_diagnostic()
            }
            Reply::Answered(answer) => bail!(
                "HTTP {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            ),
            Reply::NotSent { reason, .. } | Reply::Unknown { reason } => bail!("{reason}"),
        }
    }
}
