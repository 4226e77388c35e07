//! The scripted vendor over real sockets, and what is said of a script that cannot be used.

mod collections;
mod requests;
mod routes;
mod script;

use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use reqwest::{Method, StatusCode};
use serde_json::Value;

const TOKEN: &str = "the-token";

/// A vendor with a script, and a client.
struct Bench {
    vendor: ScriptedVendor,
    client: reqwest::Client,
}

/// What was answered.
#[derive(Debug, PartialEq)]
struct Answered {
    status: u16,
    text: String,
}

impl Answered {
    #[track_caller]
    fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Bench {
    async fn of(script: &str) -> Self {
        let script = VendorScript::parse(script).unwrap();
        let credentials = Credentials {
            username: "reseller".to_owned(),
            password: TOKEN.to_owned(),
            access_hash: "the-hash".to_owned(),
        };
        Self {
            vendor: ScriptedVendor::start(script, credentials).await.unwrap(),
            client: reqwest::Client::new(),
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let address = format!("{}{path}", self.vendor.api());
        self.client.request(method, address).bearer_auth(TOKEN)
    }

    async fn get(&self, path: &str) -> Answered {
        sent(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: Value) -> Answered {
        sent(self.request(Method::POST, path).json(&body)).await
    }

    async fn form(&self, path: &str, form: &'static str) -> Answered {
        let request = self
            .request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        sent(request).await
    }
}

async fn sent(request: reqwest::RequestBuilder) -> Answered {
    let response = request.send().await.unwrap();
    let status: StatusCode = response.status();
    Answered {
        status: status.as_u16(),
        text: response.text().await.unwrap(),
    }
}
