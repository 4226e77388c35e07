//! A gateway with a journal of its own, a vendor that is told what to do, and a caller.

pub mod log;
mod vendor;

use std::path::Path;
use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Provider, ProviderId, Store, SystemClock};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewayError, GatewaySettings, Token};
use causeway_store::{KeyFile, Keys, Role, SqliteStore};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use jiff::Timestamp;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

pub use vendor::ScriptedVendor;

pub const CREDENTIAL: &str = "vendor-credential-1";

pub const DEFINITION: &str = r#"
[service]
name = "shield"
title = "Shield"
api = "API"
private_network = true

[auth]
bearer = "{{ credential }}"

[options.plan]
label = "Plan"
choices = { basic = "Basic", pro = "Professional" }
default = "basic"

[resources.user]
key = "{{ client.email | lower }}"
find = { get = "/users", query = { email = "{{ client.email }}" }, at = "data" }
adopt = "always"
create = { post = "/users", body = { firstname = "{{ client.firstname }}", lastname = "{{ client.lastname }}", client = { id = "{{ client.id }}", uuid = "{{ client.uuid }}", firstname = "{{ client.firstname }}", lastname = "{{ client.lastname }}", fullname = "{{ client.fullname }}", companyname = "{{ client.companyname }}", email = "{{ client.email }}", address1 = "{{ client.address1 }}", address2 = "{{ client.address2 }}", city = "{{ client.city }}", state = "{{ client.state }}", postcode = "{{ client.postcode }}", country = "{{ client.country }}", phonenumber = "{{ client.phonenumber }}", language = "{{ client.language }}", currency = "{{ client.currency }}", note = "{{ client.custom_fields['note'] | default('') }}" }, password = "{{ password }}" } }
keep = { user_id = "id" }

[resources.subscription]
key = "{{ service.reference }}"
find = { get = "/services", query = { domain = "{{ domain }}" }, at = "data" }
create = { post = "/services", body = { domain = "{{ domain }}", username = "{{ username }}", plan = "{{ options.plan }}", note = "{{ custom_fields['note'] | default('') }}" } }
keep = { service_id = "id", license_key = "license.key" }

[operations]
create = { ensure = ["user", "subscription"] }
suspend = { post = "/services/{{ service_id }}/suspend" }
terminate = { delete = "/services/{{ service_id }}", forget = ["service_id", "license_key"] }
single_sign_on = { post = "/services/{{ service_id }}/login-link", redirect = "url" }
test_connection = { get = "/account" }

[client_area]
show = [{ label = "License key", value = "{{ license_key }}", copy = true }]
dashboard = "https://app.shield.example/services/{{ service_id }}"
"#;

/// A gateway, and everything around it.
pub struct House {
    pub gateway: Gateway,
    pub store: Arc<SqliteStore>,
    pub vendor: ScriptedVendor,
    pub token: Token,
    folder: TempDir,
    client: reqwest::Client,
}

/// Settings for a test: a free port.
pub fn settings() -> GatewaySettings {
    GatewaySettings {
        listen: ([127, 0, 0, 1], 0).into(),
        ..GatewaySettings::default()
    }
}

impl House {
    pub async fn new() -> Self {
        Self::with(settings()).await.unwrap()
    }

    pub async fn with(settings: GatewaySettings) -> Result<Self, GatewayError> {
        let folder = tempfile::tempdir().unwrap();
        let vendor = ScriptedVendor::start().await;
        let source = DEFINITION.replace("API", &vendor.url());
        let (gateway, store) = start(folder.path(), &source, settings).await?;
        let token = add_provider(&*store, "acme").await;
        Ok(Self {
            gateway,
            store,
            vendor,
            token,
            folder,
            client: reqwest::Client::new(),
        })
    }

    /// A request with a token, or without one.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
    ) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.gateway.url()));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(
            self.request(Method::GET, path, Some(self.token.expose()))
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(Method::POST, path, Some(self.token.expose()));
        read(request.json(body).send().await.unwrap()).await
    }

    /// Runs an operation, which must be taken.
    pub async fn operate(&self, body: &Value) -> Value {
        let (status, answer) = self.post("/v1/operations", body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The journal as another process opens it, beside the gateway.
    pub fn tool(&self) -> SqliteStore {
        let keys = KeyFile::open(&self.folder.path().join("key")).unwrap();
        SqliteStore::open(&self.folder.path().join("journal.sqlite"), keys, Role::Tool).unwrap()
    }

    /// Stops everything.
    pub async fn end(self) {
        self.gateway.stop().await;
        self.vendor.stop().await;
    }
}

/// A gateway for one definition, with key and journal in `folder`.
pub async fn start(
    folder: &Path,
    definition: &str,
    settings: GatewaySettings,
) -> Result<(Gateway, Arc<SqliteStore>), GatewayError> {
    let keys = KeyFile::open_or_create(&folder.join("key")).unwrap();
    let journal = folder.join("journal.sqlite");
    let store = Arc::new(SqliteStore::open(&journal, keys.clone(), Role::Gateway).unwrap());
    let gateway = start_on(store.clone(), keys, definition, settings).await?;
    Ok((gateway, store))
}

/// A gateway for one definition, on this journal.
pub async fn start_on(
    store: Arc<dyn Store>,
    keys: Keys,
    definition: &str,
    settings: GatewaySettings,
) -> Result<Gateway, GatewayError> {
    log::capture();
    let (definition, _) = Definition::parse(definition).unwrap();
    let definitions = Definitions::new([definition]);
    let executor = Executor::start(
        store.clone(),
        Arc::new(HttpVendor::new(HttpVendorSettings::default()).unwrap()),
        Arc::new(SystemClock),
        definitions.clone(),
        Arc::new(move |data| keys.keyed_hash("fingerprint", data)),
        ExecutorSettings::default(),
    )
    .await
    .unwrap();
    Gateway::start(settings, executor, store, definitions).await
}

/// Adds a provider, and says its token.
pub async fn add_provider(store: &dyn Store, name: &str) -> Token {
    add_provider_with(store, name, CREDENTIAL).await.1
}

/// Adds a provider with this credential at the vendor; its id and its token.
pub async fn add_provider_with(
    store: &dyn Store,
    name: &str,
    credential: &str,
) -> (ProviderId, Token) {
    let token = Token::generate().unwrap();
    let id = ProviderId(Uuid::now_v7());
    let now = Timestamp::now();
    let provider = Provider {
        id,
        name: name.to_owned(),
        credential: credential.to_owned().into(),
        api: None,
        added_at: now,
        token_made_at: now,
        removed_at: None,
    };
    store.add_provider(provider, token.hash()).await.unwrap();
    (id, token)
}

/// An answer's status and JSON; null where there is no body.
pub async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let body = response.text().await.unwrap();
    let value = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
    };
    (status, value)
}

/// The call that makes a service.
pub fn create(reference: &str) -> Value {
    json!({
        "definition": "shield",
        "operation": "create",
        "deadline_ms": 10_000,
        "reference": reference,
        "domain": "example.com",
        "password": "s3cret-of-the-client",
        "client": {"firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com"},
        "options": {"plan": "pro"},
    })
}

/// Another call on the same service.
pub fn operation(name: &str, reference: &str) -> Value {
    json!({"definition": "shield", "operation": name, "deadline_ms": 10_000, "reference": reference})
}
