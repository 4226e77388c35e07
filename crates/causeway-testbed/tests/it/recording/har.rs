//! What browsers and proxies have saved.

use causeway_testbed::recording::{HarError, Recording};
use reqwest::Method;
use serde_json::{Value, json};

use super::{TOKEN, vendor};

fn entry(
    method: &str,
    url: &str,
    posted: Value,
    status: u16,
    media_type: &str,
    text: &str,
) -> Value {
    json!({
        "startedDateTime": "2026-01-05T10:00:00.000Z",
        "time": 12,
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "http/2.0",
            "headers": [
                { "name": ":authority", "value": "api.vendor.example" },
                { "name": "Authorization", "value": format!("Bearer {TOKEN}") },
            ],
            "queryString": [],
            "cookies": [],
            "postData": posted,
        },
        "response": {
            "status": status,
            "headers": [{ "name": "content-type", "value": media_type }],
            "content": { "size": text.len(), "mimeType": media_type, "text": text },
        },
    })
}

fn har(entries: &[Value]) -> String {
    let log = json!({ "log": { "version": "1.2", "creator": { "name": "x", "version": "1" }, "entries": entries } });
    format!("\u{feff}{log}")
}

const API: &str = "https://api.vendor.example/v3";

#[tokio::test]
async fn its_entries_become_a_vendor() {
    let form = json!({
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{ "name": "name", "value": "Ada & Co" }],
    });
    let text = json!({ "mimeType": "application/json", "text": "{\"state\":\"on\"}" });
    let json = "application/json; charset=utf-8";
    let mut decoded = entry(
        "GET",
        &format!("{API}/plans"),
        json!(null),
        200,
        json,
        "WyJhIl0=",
    );
    decoded["response"]["content"]["encoding"] = "base64".into();
    let entries = [
        entry(
            "GET",
            "https://panel.vendor.example/",
            json!(null),
            200,
            "text/html",
            "<html>",
        ),
        entry(
            "GET",
            "https://panel.vendor.example/a.js",
            json!(null),
            200,
            "application/javascript",
            "1",
        ),
        entry("GET", &format!("{API}/blocked"), json!(null), 0, "", ""),
        entry(
            "POST",
            &format!("{API}/boxes"),
            form,
            201,
            json,
            r#"{"id":31,"name":"Ada & Co","state":"off"}"#,
        ),
        entry(
            "PATCH",
            &format!("{API}/boxes/31"),
            text,
            200,
            json,
            r#"{"id":31,"name":"Ada & Co","state":"on"}"#,
        ),
        entry(
            "DELETE",
            &format!("{API}/boxes/31"),
            json!(null),
            204,
            "",
            "",
        ),
        decoded,
    ];
    let recording = Recording::of_har(&har(&entries)).unwrap();
    let script = recording.vendor_script();
    assert!(!script.text.contains(TOKEN), "{}", script.text);
    assert!(
        script.text.contains("hosts = [\"api.vendor.example\"]"),
        "{}",
        script.text
    );
    assert_eq!(
        (script.collections, script.routes),
        (1, 1),
        "{}",
        script.text
    );

    let vendor = vendor(&script.text).await;
    let client = reqwest::Client::new();
    let send = async |method: Method, path: &str, body: Value| {
        let request = client.request(method, format!("{}/v3{path}", vendor.api()));
        let response = request.bearer_auth(TOKEN).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap_or_default();
        (status, body)
    };
    let bob = json!({ "id": 31, "name": "Bob", "state": "off" });
    assert_eq!(
        send(Method::POST, "/boxes", json!({ "name": "Bob" })).await,
        (201, bob)
    );
    let (_, on) = send(Method::PATCH, "/boxes/31", json!({ "state": "on" })).await;
    assert_eq!(on["state"], "on");
    assert_eq!(send(Method::DELETE, "/boxes/31", json!({})).await.0, 204);
    assert_eq!(
        send(Method::GET, "/plans", json!({})).await,
        (200, json!(["a"]))
    );
}

#[test]
fn what_is_no_har_file_is_said() {
    let error = Recording::of_har("{\"log\":").unwrap_err();
    assert!(matches!(error, HarError::Unreadable(_)), "{error}");
    let page = entry(
        "GET",
        "https://x.example/",
        json!(null),
        200,
        "text/html",
        "<html>",
    );
    for entries in [vec![], vec![page]] {
        let error = Recording::of_har(&har(&entries)).unwrap_err();
        assert!(matches!(error, HarError::Empty), "{error}");
    }
}
