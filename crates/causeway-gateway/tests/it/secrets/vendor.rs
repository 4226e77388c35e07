//! A vendor that says back everything that it was asked, in many ways. The first part of the address
//! says how; what concerns a service whose reference begins with `good` ends well all the same.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How the vendor answers, by the first part of the address.
pub const WAYS: [&str; 14] = [
    "401", "422", "429", "500", "page", "text", "long", "cut-json", "ok-json", "redirect", "hang",
    "cut-off", "not-http", "reset",
];

/// No two sites have one identifier.
static NEXT_ID: AtomicU32 = AtomicU32::new(17);

/// A sign-on link's one-time secret.
pub const ONE_TIME: &str = "only-one-time-7f3a96";

pub struct EchoingVendor {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl EchoingVendor {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, serving }
    }

    pub fn url(&self, way: &str) -> String {
        format!("http://{}/{way}", self.address)
    }

    pub fn stop(self) {
        self.serving.abort();
    }
}

async fn answer(
    method: Method,
    OriginalUri(address): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut heard = format!("{method} {address}\n");
    for (name, value) in &headers {
        heard.push_str(&format!(
            "{name}: {}\n",
            String::from_utf8_lossy(value.as_bytes())
        ));
    }
    heard.push_str(&String::from_utf8_lossy(&body));
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (_, path) = address
        .path()
        .trim_start_matches('/')
        .split_once('/')
        .unwrap();
    let way = address.path().split('/').nth(1).unwrap();
    let query = address.query().unwrap_or_default();
    let is_good = |reference: &str| reference.starts_with("good");
    match (method.as_str(), path) {
        ("GET", "sites") if query.contains("ref=good") => {
            axum::Json(json!({"data": []})).into_response()
        }
        ("POST", "sites") if body["ref"].as_str().is_some_and(is_good) => {
            let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
            let made = json!({"id": id, "api_secret": super::PROPERTY, "heard": heard});
            axum::Json(made).into_response()
        }
        ("POST", path) if path.ends_with("/link") && way == "ok-json" => {
            axum::Json(json!({"url": format!("https://app.example/in?t={ONE_TIME}")}))
                .into_response()
        }
        _ => say(way, &heard).await,
    }
}

async fn say(way: &str, heard: &str) -> Response {
    let json = json!({"message": format!("I cannot take {heard}"), "errors": {"any": [heard], heard: ["is wrong"]}});
    let text = json.to_string();
    match way {
        "page" => {
            let escaped = heard
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&quot;");
            let page = format!("<html><head><title>{escaped}</title></head>{escaped}</html>");
            (
                StatusCode::BAD_GATEWAY,
                [(header::CONTENT_TYPE, "text/html")],
                page,
            )
                .into_response()
        }
        "text" => (StatusCode::BAD_REQUEST, heard.to_owned()).into_response(),
        // So long that a message of it ends within any secret, at one operation or another.
        "long" => {
            let words = heard.split_whitespace().last().unwrap_or_default();
            let length = words.chars().count();
            let before = 299_usize.saturating_sub(length / 2);
            let message = format!("{}{words}", "x".repeat(before));
            (
                StatusCode::UNPROCESSABLE_ENTITY,
                axum::Json(json!({"message": message})),
            )
                .into_response()
        }
        "cut-json" => text[..text.len() - 20].to_owned().into_response(),
        "ok-json" => axum::Json(json).into_response(),
        "redirect" => {
            let place: String = heard.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let place = format!("https://elsewhere.example/?{place}");
            (
                StatusCode::TEMPORARY_REDIRECT,
                [(header::LOCATION, place)],
                text,
            )
                .into_response()
        }
        "hang" => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            unreachable!("nobody waits so long")
        }
        "cut-off" | "reset" => {
            let first = Ok(Bytes::from(text));
            let pieces = stream::iter([first, Err(std::io::Error::other("cut off"))]);
            Body::from_stream(pieces).into_response()
        }
        "not-http" => {
            let odd = header::HeaderValue::from_bytes(heard.replace('\n', " ").as_bytes()).unwrap();
            (StatusCode::NO_CONTENT, [("x-heard", odd)], text).into_response()
        }
        status => (status.parse::<StatusCode>().unwrap(), axum::Json(json)).into_response(),
    }
}
