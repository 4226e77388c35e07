//! Who asks, how bodies are read, and what is remembered of requests.

use reqwest::Method;
use serde_json::json;

use super::{Bench, sent};

#[tokio::test]
async fn who_does_not_bring_what_the_script_wants_is_turned_away() {
    let ways = [
        (
            "header = 'X-Api-Key'\nvalue = 'key {{ credential }}'",
            "header",
        ),
        ("query = 'api_key'", "query"),
        ("basic = true", "basic"),
    ];
    for (auth, way) in ways {
        let script = format!("[auth]\n{auth}\n[collections.items]\npath = '/items'");
        let bench = Bench::of(&script).await;
        let ask = |secret: &str| {
            let address = format!("{}/items", bench.vendor.api());
            let request = match way {
                "query" => bench.client.post(format!("{address}?api_key={secret}")),
                "basic" => bench
                    .client
                    .post(address)
                    .basic_auth("reseller", Some(secret)),
                _ => bench
                    .client
                    .post(address)
                    .header("x-api-key", format!("key {secret}")),
            };
            sent(request)
        };
        let turned_away = ask("wrong").await.json(401);
        assert_eq!(turned_away["message"], "Unauthenticated.", "{way}");
        // What shows who asks is no part of the item.
        assert_eq!(
            ask("the-token").await.json(201),
            json!({ "id": 1 }),
            "{way}"
        );
        assert!(bench.vendor.unmatched().is_empty());
    }
}

#[tokio::test]
async fn every_kind_of_body_is_read() {
    let bench = Bench::of("[collections.items]\npath = '/items'").await;
    bench.post("/items?a=1", json!({ "b": 2 })).await.json(201);
    bench.form("/items", "a=x+y&b[c]=%26").await.json(201);
    let multipart = "--limit\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n\
                     --limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nfile\r\n\
                     --limit--\r\n";
    let request = bench
        .request(Method::POST, "/items")
        .header("content-type", "multipart/form-data; boundary=limit")
        .body(multipart);
    sent(request).await.json(201);
    // JSON that does not say so.
    let request = bench.request(Method::POST, "/items").body("{\"a\":[1]}");
    sent(request).await.json(201);
    assert_eq!(
        bench.vendor.items("items"),
        [
            json!({ "id": 1, "a": "1", "b": 2 }),
            json!({ "id": 2, "a": "x y", "b": { "c": "&" } }),
            json!({ "id": 3, "a": "one\r\ntwo" }),
            json!({ "id": 4, "a": [1] }),
        ]
    );
}

#[tokio::test]
async fn a_request_without_a_route_is_remembered() {
    let bench = Bench::of("title = 'Nimbus'\nprefix = '/v1'\n[[routes]]\nget = '/ping'").await;
    bench.get("/ping").await;
    let refused = bench.post("/accounts?x=1", json!({ "a": 1 })).await;
    let refused = refused.json(404);
    let message = refused["message"].as_str().unwrap();
    assert_eq!(
        message,
        "Nimbus has no route for POST /v1/accounts at 127.0.0.1"
    );

    let requests = bench.vendor.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].is_matched);
    let unmatched = bench.vendor.unmatched();
    assert_eq!(unmatched, requests[1..]);
    assert_eq!(unmatched[0].method, "POST");
    assert_eq!(unmatched[0].path, "/v1/accounts?x=1");
    assert_eq!(unmatched[0].body, r#"{"a":1}"#);
    assert_eq!(unmatched[0].status, 404);
    let token = ("authorization".to_owned(), "Bearer the-token".to_owned());
    assert!(unmatched[0].headers.contains(&token));
}

#[tokio::test]
async fn a_template_without_a_value_is_told() {
    let bench = Bench::of("[[routes]]\npost = '/echo'\nbody = { name = '{{ json.name }}' }").await;
    let answered = bench.post("/echo", json!({ "name": 7 })).await;
    assert_eq!(answered.json(200), json!({ "name": 7 }));
    assert!(bench.vendor.script_errors().is_empty());
    let failed = bench.post("/echo", json!({})).await.json(500);
    assert!(
        failed["message"].as_str().unwrap().contains("json.name"),
        "{failed}"
    );
    let errors = bench.vendor.script_errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("json.name"), "{errors:?}");
}

#[tokio::test]
async fn the_same_run_has_the_same_random_values() {
    let script = "[collections.items]\npath = '/items'\nid = '{{ uuid }}'\n\
                  fields = { key = '{{ random_hex(8) }}' }";
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::of(script).await;
        for _ in 0..2 {
            bench.post("/items", json!({})).await.json(201);
        }
        runs.push(bench.vendor.items("items"));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0][0]["key"], runs[0][1]["key"]);
    assert_eq!(runs[0][0]["id"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let bench = Bench::of("[[routes]]\nget = '/ping'").await;
    let address = format!("{}/ping", bench.vendor.api());
    assert!(bench.client.get(&address).send().await.is_ok());
    drop(bench.vendor);
    let error = reqwest::get(&address).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
}
