//! The protocol's description.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;

use crate::support::{House, read};

/// `UPDATE=1 cargo test -p causeway-gateway openapi` writes it anew.
#[test]
fn the_committed_description_is_the_present_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let present = causeway_gateway::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &present).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == present,
        "docs/openapi.json is not the present one; run with UPDATE=1 and look at the difference"
    );
}

#[tokio::test]
async fn the_gateway_serves_its_description_without_a_token() {
    let house = House::new().await;
    let response = house
        .request(Method::GET, "/v1/openapi.json", None)
        .send()
        .await
        .unwrap();
    let (status, served) = read(response).await;
    assert_eq!(status, 200);
    assert_eq!(
        served,
        serde_json::to_value(causeway_gateway::openapi()).unwrap()
    );
    house.end().await;
}

/// Every `$ref` leads somewhere.
#[test]
fn the_description_is_whole() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let found = document.pointer(reference.trim_start_matches('#'));
                    assert!(found.is_some(), "{reference}");
                }
                fields.values().for_each(|field| check(field, document));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, document)),
            _ => {}
        }
    }
    let document = serde_json::to_value(causeway_gateway::openapi()).unwrap();
    check(&document, &document);
}
