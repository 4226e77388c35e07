//! Definitions, requests, and what came of them.

use std::time::Duration;

use causeway_definition::request::{BodyFormat, Method};
use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use serde_json::json;

pub const TIMEOUT: Duration = Duration::from_secs(10);
pub const SHORT: Duration = Duration::from_millis(400);

pub fn definition(api: &str) -> Definition {
    let mut definition = Definition::parse(
        r#"
        [service]
        name  = "shieldpress"
        title = "ShieldPress"
        api   = "https://api.shieldpress.example"

        [resources.subscription]
        key    = "{{ service.reference }}"
        create = { post = "/services" }
        keep   = { service_id = "id" }

        [operations]
        create = { ensure = ["subscription"] }
        "#,
    )
    .unwrap()
    .0;
    definition.service.api = api.parse().unwrap();
    definition
}

pub fn get(target: &str) -> Request {
    Request {
        method: Method::Get,
        target: target.to_owned(),
        headers: vec![("Authorization".to_owned(), "Bearer s3cret".to_owned())],
        body: None,
        format: BodyFormat::Json,
    }
}

pub fn post(target: &str) -> Request {
    Request {
        method: Method::Post,
        body: Some(json!({"plan": "pro"})),
        ..get(target)
    }
}

pub fn vendor() -> HttpVendor {
    vendor_with(|_| {})
}

pub fn vendor_with(change: impl FnOnce(&mut HttpVendorSettings)) -> HttpVendor {
    let mut settings = HttpVendorSettings::default();
    change(&mut settings);
    HttpVendor::new(settings).unwrap()
}

/// Sends by a vendor client of its own.
pub async fn send(api: &str, request: &Request) -> Reply {
    send_within(api, request, TIMEOUT).await
}

pub async fn send_within(api: &str, request: &Request, timeout: Duration) -> Reply {
    vendor()
        .send(&definition(api), None, request, timeout)
        .await
}

#[track_caller]
pub fn answered(reply: Reply) -> Answer {
    match reply {
        Reply::Answered(answer) => answer,
        other => panic!("an answer was expected, not {other:?}"),
    }
}

/// The reason of a `NotSent`, which has to be as passing as said.
#[track_caller]
pub fn not_sent(reply: Reply, expected_passing: bool) -> String {
    match reply {
        Reply::NotSent { reason, passing } if passing == expected_passing => readable(reason),
        other => panic!("NotSent {{ passing: {expected_passing} }} was expected, not {other:?}"),
    }
}

#[track_caller]
pub fn unknown(reply: Reply) -> String {
    match reply {
        Reply::Unknown { reason } => readable(reason),
        other => panic!("Unknown was expected, not {other:?}"),
    }
}

/// Every reason is one line without a secret.
#[track_caller]
fn readable(reason: String) -> String {
    assert!(!reason.contains('\n'), "several lines: {reason}");
    assert!(!reason.contains("s3cret"), "a secret: {reason}");
    assert!(!reason.is_empty());
    reason
}

#[track_caller]
pub fn assert_says(reason: &str, words: &str) {
    assert!(reason.contains(words), "{words:?} is missing in {reason:?}");
}
