//! A gateway that two providers share, and what can be seen of each of them afterwards.

use std::collections::BTreeSet;

use causeway_engine::store::OperationFilter;
use causeway_engine::{Identity, ProviderId, ServiceKey, Store as _};
use causeway_gateway::{Gateway, Token};
use causeway_store::SqliteStore;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::vendor::{Account, Vendor};
use crate::support::{add_provider_with, settings, start};

const DEFINITION: &str = r#"
[service]
name = "sites"
title = "Sites"
api = "API"
private_network = true

[auth]
bearer = "{{ credential }}"

[options.plan]
choices = { basic = "Basic", pro = "Professional" }
default = "basic"

[properties]
api_secret = { secret = true }

[resources.user]
key = "{{ client.email | lower }}"
find = { get = "/users", query = { email = "{{ client.email }}" }, at = "data" }
adopt = "always"
create = { post = "/users", body = { email = "{{ client.email }}", lastname = "{{ client.lastname }}", password = "{{ password }}" } }
keep = { user_id = "id" }

[resources.site]
find = { get = "/sites", query = { domain = "{{ domain }}" }, at = "data" }
create = { post = "/sites", body = { domain = "{{ domain }}", plan = "{{ options.plan }}" } }
read = { get = "/sites/{{ site_id }}" }
keep = { site_id = "id", license_key = "license.key", api_secret = "api_secret" }

[operations]
create = { ensure = ["user", "site"] }
suspend = { post = "/sites/{{ site_id }}/suspended" }
unsuspend = { post = "/sites/{{ site_id }}/active" }
terminate = { delete = "/sites/{{ site_id }}", done_when = [404], forget = ["site_id", "license_key", "api_secret"] }
renew = { put = "/sites/{{ site_id }}", body = { paid_until = "{{ service.next_due_date }}" } }
change_package = { patch = "/sites/{{ site_id }}", body = { plan = "{{ options.plan }}" } }
change_password = { put = "/users/{{ user_id }}/password", body = { password = "{{ password }}" } }
single_sign_on = { post = "/sites/{{ site_id }}/link", redirect = "url" }
test_connection = { get = "/account" }

[client_area]
show = [{ label = "License key", value = "{{ license_key }}", copy = true }]
"#;

pub struct World {
    pub gateway: Gateway,
    pub vendor: Vendor,
    store: std::sync::Arc<SqliteStore>,
    _folder: TempDir,
}

/// One provider, and its account at the vendor.
pub struct Tenant {
    pub id: ProviderId,
    pub token: Token,
    pub credential: &'static str,
}

/// Everything that there is of a provider.
#[derive(Debug, PartialEq)]
pub struct Truth {
    journal: Vec<String>,
    vendor: Account,
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vendor = Vendor::start().await;
        let definition = DEFINITION.replace("API", &vendor.url());
        let (gateway, store) = start(folder.path(), &definition, settings()).await.unwrap();
        Self {
            gateway,
            vendor,
            store,
            _folder: folder,
        }
    }

    pub async fn tenant(&self, name: &str, credential: &'static str) -> Tenant {
        let (id, token) = add_provider_with(&*self.store, name, credential).await;
        Tenant {
            id,
            token,
            credential,
        }
    }

    /// Sends a request just as it is written: no client puts the path in order before.
    pub async fn ask(
        &self,
        tenant: &Tenant,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(self.gateway.address()).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            tenant.token.expose(),
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    /// What journal and vendor have of a provider; the ids of its operations are replaced by their
    /// places in `ids`.
    pub async fn truth(
        &self,
        tenant: &Tenant,
        references: &BTreeSet<String>,
        identities: &BTreeSet<String>,
        ids: &[String],
    ) -> Truth {
        let mut journal = Vec::new();
        let filter = OperationFilter {
            provider: Some(tenant.id),
            limit: 10_000,
            ..OperationFilter::default()
        };
        for operation in self.store.operations(filter).await.unwrap() {
            journal.push(format!(
                "{} {} {} {:?} steps {} owed {} ended {}",
                operation.id.0,
                operation.kind,
                operation.service.reference,
                operation.standing,
                operation.steps_done,
                operation.owed,
                operation.ended_at.is_some(),
            ));
            for exchange in self.store.exchanges(operation.id).await.unwrap() {
                journal.push(format!(
                    "  {} {} {} {:?} {:?} {:?}",
                    exchange.number,
                    exchange.step,
                    exchange.purpose,
                    exchange.outcome,
                    exchange.status,
                    exchange.detail,
                ));
            }
        }
        for reference in references {
            let key = ServiceKey {
                provider: tenant.id,
                definition: "sites".to_owned(),
                reference: reference.clone(),
            };
            if let Some(service) = self.store.service(&key).await.unwrap() {
                journal.push(format!(
                    "{reference} {:?} life {} known {} {} doubts {:?} renewed {:?}",
                    service.status,
                    service.generation,
                    service.known,
                    json!(service.properties),
                    service.doubts.keys(),
                    service.renewed_for,
                ));
            }
        }
        let claimed: Vec<Identity> = identities
            .iter()
            .flat_map(|value| {
                ["site", "user"].map(|resource| Identity {
                    resource: resource.to_owned(),
                    value: value.clone(),
                })
            })
            .collect();
        let holders = self.store.holders(tenant.id, "sites", &claimed).await;
        for (identity, holder) in claimed.iter().zip(holders.unwrap()) {
            if let Some(holder) = holder {
                journal.push(format!("{identity:?} is held by {holder:?}"));
            }
        }
        let providers = self.store.providers().await.unwrap();
        let own = providers.iter().find(|provider| provider.id == tenant.id);
        let own = own.unwrap();
        journal.push(format!("{} {:?} {:?}", own.name, own.api, own.removed_at));
        Truth {
            journal: journal.iter().map(|line| without_ids(line, ids)).collect(),
            vendor: self.vendor.account(tenant.credential),
        }
    }

    pub async fn end(self) {
        self.vendor.let_go();
        self.gateway.stop().await;
        self.vendor.stop();
    }
}

/// The text with each id replaced by its place.
pub fn without_ids(text: &str, ids: &[String]) -> String {
    let mut text = text.to_owned();
    for (place, id) in ids.iter().enumerate() {
        text = text.replace(id, &format!("operation-{place}"));
    }
    text
}

/// An answer's body without times, which no two runs share.
pub fn without_times(body: &str) -> String {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.shift_remove("accepted_at");
                fields.shift_remove("ended_at");
                fields.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    match serde_json::from_str(body) {
        Ok(mut value) => {
            forget(&mut value);
            value.to_string()
        }
        Err(_) => body.to_owned(),
    }
}
