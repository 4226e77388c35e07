//! A vendor's API that remembers what it was asked, and can be held up.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// One request that reached the vendor.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub authorization: String,
    pub body: Value,
}

pub struct ScriptedVendor {
    address: SocketAddr,
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

struct Desk {
    received: Mutex<Vec<Received>>,
    held: watch::Sender<bool>,
    arrived: watch::Sender<usize>,
}

impl ScriptedVendor {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let desk = Arc::new(Desk {
            received: Mutex::default(),
            held: watch::channel(false).0,
            arrived: watch::channel(0).0,
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            desk,
            serving,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.desk.received.lock().unwrap().clone()
    }

    /// Holds every answer back, until they are let go.
    pub fn hold(&self) {
        self.desk.held.send_replace(true);
    }

    pub fn let_go(&self) {
        self.desk.held.send_replace(false);
    }

    /// Waits until so many requests have come in.
    pub async fn has_received(&self, count: usize) {
        let mut arrived = self.desk.arrived.subscribe();
        arrived.wait_for(|arrived| *arrived >= count).await.unwrap();
    }

    pub async fn stop(self) {
        self.serving.abort();
        let _ = self.serving.await;
    }
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    method: Method,
    OriginalUri(address): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let received = Received {
        method: method.clone(),
        path: address.path().to_owned(),
        query: address.query().unwrap_or_default().to_owned(),
        authorization: headers
            .get("authorization")
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let domain = received.body["domain"].clone();
    let is_create = |one: &Received| one.method == "POST" && one.path == "/v1/services";
    let created = {
        let mut all = desk.received.lock().unwrap();
        all.push(received);
        all.iter().filter(|one| is_create(one)).count()
    };
    // One that answers a second create with what the first one made.
    let created = if domain == "shared.example" {
        1
    } else {
        created
    };
    desk.arrived.send_modify(|arrived| *arrived += 1);
    desk.held.subscribe().wait_for(|held| !held).await.unwrap();
    let path = address.path().trim_start_matches("/v1");
    let body = match (method.as_str(), path) {
        ("GET", "/users" | "/services") => json!({"data": []}),
        ("GET", "/account") => json!({"name": "Acme"}),
        ("POST", "/users") => json!({"id": 5}),
        ("POST", "/services") => json!({"id": 16 + created, "license": {"key": "SP-1"}}),
        ("POST", path) if path.ends_with("/login-link") => {
            json!({"url": "https://app.shield.example/in?t=one-time"})
        }
        ("POST", path) if path.ends_with("/suspend") => json!({}),
        ("DELETE", _) => return StatusCode::NO_CONTENT.into_response(),
        _ => {
            return (
                StatusCode::NOT_FOUND,
                Json(json!({"message": "no such thing"})),
            )
                .into_response();
        }
    };
    Json(body).into_response()
}
