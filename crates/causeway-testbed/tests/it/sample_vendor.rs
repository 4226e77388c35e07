//! The sample vendor's behaviour over real HTTP, as the table in its documentation promises it.

mod idempotency;
mod list_lag;
mod platform;
mod provisioning;
mod services;
mod throughput;
mod users;

use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// A vendor with one account, and that account's way to call it.
struct Shop {
    vendor: SampleVendor,
    reseller: Reseller,
}

impl Shop {
    async fn open() -> Self {
        Self::open_with(SampleVendorSettings::default()).await
    }

    async fn open_with(settings: SampleVendorSettings) -> Self {
        let vendor = SampleVendor::start(settings).await.unwrap();
        let reseller = Reseller::new(&vendor, "Northern Hosting");
        Self { vendor, reseller }
    }
}

#[derive(Clone)]
struct Reseller {
    http: reqwest::Client,
    api: String,
    token: String,
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
    body: Value,
}

impl Answer {
    fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }
}

impl Reseller {
    fn new(vendor: &SampleVendor, name: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            api: vendor.api(),
            token: vendor.add_account(name).unwrap(),
        }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http
            .request(method, format!("{}{path}", self.api))
            .bearer_auth(&self.token)
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        answer(self.request(method, path).json(&body)).await
    }

    async fn keyed(&self, key: &str, method: &str, path: &str, body: Value) -> Answer {
        let request = self.request(method, path).json(&body);
        answer(request.header("Idempotency-Key", key)).await
    }

    async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await
    }

    async fn post(&self, path: &str) -> Answer {
        answer(self.request("POST", path)).await
    }

    async fn delete(&self, path: &str) -> Answer {
        answer(self.request("DELETE", path)).await
    }

    /// A new user's id.
    async fn user(&self, email: &str) -> i64 {
        let answer = self.call("POST", "/users", ada(email)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["id"].as_i64().unwrap()
    }

    /// A new service's id.
    async fn service(&self, user_id: i64, domain: &str) -> i64 {
        let answer = self.call("POST", "/services", pro(user_id, domain)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["id"].as_i64().unwrap()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer {
        status,
        headers,
        text,
        body,
    }
}

fn ada(email: &str) -> Value {
    json!({
        "firstname": "Ada",
        "lastname": "Lovelace",
        "email": email,
        "password": "enchantress of numbers",
        "password_confirmation": "enchantress of numbers",
    })
}

fn pro(user_id: i64, domain: &str) -> Value {
    json!({ "domain": domain, "user_id": user_id, "plan": "pro", "type_id": 1 })
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// What [`ids`] gives for an empty page.
const NONE: [i64; 0] = [];

fn ids(page: &Answer) -> Vec<i64> {
    let entries = page.body["data"].as_array().unwrap().iter();
    entries.map(|entry| entry["id"].as_i64().unwrap()).collect()
}
