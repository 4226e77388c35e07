//! A vendor with an account for each provider, which it knows by the credential. Its identifiers
//! cannot be guessed, and do not depend on what other accounts do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Everything that the vendor has of one account, and what it was asked in its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    users: BTreeMap<String, Value>,
    sites: BTreeMap<String, Value>,
    asked: Vec<String>,
    made: usize,
}

pub struct Vendor {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Desk {
    accounts: Mutex<BTreeMap<String, Account>>,
    /// The credential whose calls are not answered for now.
    held: watch::Sender<Option<String>>,
}

impl Vendor {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Desk::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            desk,
            serving,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What stands in the account, as the vendor's own staff would see it.
    pub fn account(&self, credential: &str) -> Account {
        let accounts = self.desk.accounts.lock().unwrap();
        accounts.get(credential).cloned().unwrap_or_default()
    }

    pub fn hold(&self, credential: &str) {
        self.desk.held.send_replace(Some(credential.to_owned()));
    }

    pub fn let_go(&self) {
        self.desk.held.send_replace(None);
    }

    pub fn stop(&self) {
        self.serving.abort();
    }
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    method: Method,
    OriginalUri(address): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let credential = headers["authorization"].to_str().unwrap().to_owned();
    let credential = credential.trim_start_matches("Bearer ").to_owned();
    let mut held = desk.held.subscribe();
    held.wait_for(|held| held.as_ref() != Some(&credential))
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut accounts = desk.accounts.lock().unwrap();
    let account = accounts.entry(credential.clone()).or_default();
    account.asked.push(format!("{method} {address} {body}"));
    let query = pairs(address.query().unwrap_or_default());
    let path: Vec<&str> = address.path().split('/').skip(1).collect();
    account.answer(&credential, method.as_str(), &path, &query, &body)
}

impl Account {
    fn answer(
        &mut self,
        credential: &str,
        method: &str,
        path: &[&str],
        query: &BTreeMap<String, String>,
        body: &Value,
    ) -> Response {
        match (method, path) {
            ("GET", ["account"]) => Json(json!({"name": "An account"})).into_response(),
            ("GET", ["users"]) => found(&self.users, "email", query),
            ("GET", ["sites"]) => found(&self.sites, "domain", query),
            ("POST", ["users"]) => self.make(|account| &mut account.users, credential, body),
            ("POST", ["sites"]) => self.make(|account| &mut account.sites, credential, body),
            ("PUT", ["users", id, "password"]) => changed(self.users.get_mut(*id), body),
            ("GET", ["sites", id]) => changed(self.sites.get_mut(*id), &json!({})),
            ("DELETE", ["sites", id]) => match self.sites.remove(*id) {
                Some(_) => StatusCode::NO_CONTENT.into_response(),
                None => missing(),
            },
            ("PATCH" | "PUT", ["sites", id]) => changed(self.sites.get_mut(*id), body),
            ("POST", ["sites", id, "link"]) => match self.sites.get(*id) {
                Some(site) => {
                    let key = site["license"]["key"].as_str().unwrap();
                    Json(json!({"url": format!("https://app.example/in?key={key}")}))
                        .into_response()
                }
                None => missing(),
            },
            ("POST", ["sites", id, status]) => {
                changed(self.sites.get_mut(*id), &json!({"status": status}))
            }
            _ => missing(),
        }
    }

    fn make(
        &mut self,
        rows: fn(&mut Self) -> &mut BTreeMap<String, Value>,
        credential: &str,
        body: &Value,
    ) -> Response {
        self.made += 1;
        let number = self.made;
        let name = |part: &str| {
            let text = format!("{credential}/{part}/{number}");
            let hash = digest(&SHA256, text.as_bytes());
            let bytes = &hash.as_ref()[..12];
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let id = name("id");
        let mut row = body.clone();
        row["id"] = id.clone().into();
        row["license"] = json!({"key": format!("LICENCE-{}", name("key"))});
        row["api_secret"] = format!("secret-{}", name("secret")).into();
        rows(self).insert(id, row.clone());
        (StatusCode::CREATED, Json(row)).into_response()
    }
}

fn found(rows: &BTreeMap<String, Value>, by: &str, query: &BTreeMap<String, String>) -> Response {
    let wanted = query.get(by).map(String::as_str);
    let matching: Vec<&Value> = rows
        .values()
        .filter(|row| row[by].as_str() == wanted)
        .collect();
    Json(json!({"data": matching})).into_response()
}

fn changed(row: Option<&mut Value>, with: &Value) -> Response {
    let Some(row) = row else {
        return missing();
    };
    for (name, value) in with.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    Json(row.clone()).into_response()
}

fn missing() -> Response {
    let body = Json(json!({"message": "there is no such thing in this account"}));
    (StatusCode::NOT_FOUND, body).into_response()
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    reqwest::Url::parse(&format!("http://vendor/?{query}"))
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}
