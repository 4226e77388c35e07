//! What holds for every call: tokens, routes, bodies, the record, starting and stopping.

use std::time::Duration;

use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorError, SampleVendorSettings};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Reseller, Shop, answer, pro};

#[tokio::test]
async fn a_token_opens_its_own_account() {
    let Shop { vendor, reseller } = Shop::open().await;
    let other = Reseller::new(&vendor, "Southern Hosting");

    let account = reseller.get("/account").await;
    assert_eq!(account.status, 200);
    assert_eq!(account.body, json!({ "id": 1, "name": "Northern Hosting" }));
    assert_eq!(account.headers["content-type"], "application/json");
    let account = other.get("/account").await;
    assert_eq!(account.body, json!({ "id": 2, "name": "Southern Hosting" }));
}

#[tokio::test]
async fn a_missing_or_wrong_token_is_unauthenticated() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let url = format!("{}/account", reseller.api);
    let right = reseller.token.clone();
    let secret = right.split_once('|').unwrap().1;
    let bare = reseller.http.get(&url);
    let wrong = [
        bare.try_clone().unwrap(),
        bare.try_clone().unwrap().bearer_auth("1|wrong"),
        bare.try_clone().unwrap().bearer_auth("wrong"),
        bare.try_clone().unwrap().bearer_auth(format!("2|{secret}")),
        bare.try_clone().unwrap().header("Authorization", &right),
    ];
    for request in wrong {
        let answer = answer(request).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.body, json!({ "message": "Unauthenticated." }));
    }
}

#[tokio::test]
async fn an_account_sees_nothing_of_another() {
    let Shop { vendor, reseller } = Shop::open().await;
    let other = Reseller::new(&vendor, "Southern Hosting");
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;

    let not_found = format!("No query results for model [App\\Models\\Service] {service}");
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("PATCH", ""),
        ("POST", "/suspend"),
        ("POST", "/unsuspend"),
        ("POST", "/login-link"),
        ("PUT", "/renewal"),
    ] {
        let path = format!("/services/{service}{path}");
        let answer = other.call(method, &path, json!({ "plan": "pro" })).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(answer.message(), not_found);
    }
    for (method, path) in [("GET", ""), ("DELETE", ""), ("PUT", "/password")] {
        let path = format!("/users/{user}{path}");
        assert_eq!(other.call(method, &path, json!({})).await.status, 404);
    }
    assert_eq!(other.get("/users").await.body["meta"]["total"], 0);
    assert_eq!(other.get("/services").await.body["meta"]["total"], 0);
    let foreign_user = other
        .call("POST", "/services", pro(user, "a.example"))
        .await;
    assert_eq!(foreign_user.status, 500);
    assert_eq!(vendor.services().unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_routes_and_methods_are_told() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let missing = reseller.get("/x").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.message(), "The route v1/x could not be found.");
    assert_eq!(reseller.get("/services/1/unknown").await.status, 404);

    let wrong = reseller.post("/account").await;
    assert_eq!(wrong.status, 405);
    assert_eq!(
        wrong.message(),
        "The POST method is not supported for route v1/account. Supported methods: GET, HEAD."
    );
    assert_eq!(wrong.headers["allow"], "GET, HEAD");
    assert_eq!(reseller.delete("/services").await.status, 405);

    let head = answer(reseller.request("HEAD", "/account")).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[tokio::test]
async fn a_body_that_is_not_json_counts_as_empty() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let json_type = ("Content-Type", "application/json");
    let text_type = ("Content-Type", "text/plain");
    let valid = pro(1, "example.com").to_string();
    for (body, (name, value)) in [
        ("{ not json".to_owned(), json_type),
        ("[1, 2]".to_owned(), json_type),
        (String::new(), json_type),
        (valid, text_type),
    ] {
        let request = reseller.request("POST", "/services").header(name, value);
        let answer = answer(request.body(body)).await;
        assert_eq!(answer.status, 422);
        assert_eq!(
            answer.message(),
            "The domain field is required. (and 3 more errors)"
        );
    }
}

#[tokio::test]
async fn the_record_holds_the_calls_in_order_with_nothing_masked() {
    let Shop { vendor, reseller } = Shop::open().await;
    reseller.user("ada@example.com").await;
    let keyed = reseller.keyed("order-7", "POST", "/services", json!({}));
    assert_eq!(keyed.await.status, 422);
    reseller.get("/users?email=ada%40example.com").await;

    let requests = vendor.requests();
    let lines: Vec<_> = requests
        .iter()
        .map(|request| {
            (
                request.method.as_str(),
                request.path.as_str(),
                request.status,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("POST", "/v1/users", 201),
            ("POST", "/v1/services", 422),
            ("GET", "/v1/users?email=ada%40example.com", 200),
        ]
    );
    assert!(requests[0].body.contains("enchantress of numbers"));
    assert_eq!(requests[0].idempotency_key, None);
    assert_eq!(requests[1].idempotency_key.as_deref(), Some("order-7"));
}

#[tokio::test]
async fn the_record_can_be_switched_off() {
    let Shop { vendor, reseller } = Shop::open_with(SampleVendorSettings {
        record_requests: false,
        ..SampleVendorSettings::default()
    })
    .await;
    reseller.get("/account").await;
    assert_eq!(vendor.requests(), []);
}

#[tokio::test]
async fn the_work_is_done_even_when_the_caller_hangs_up() {
    let Shop { vendor, reseller } = Shop::open_with(SampleVendorSettings {
        latency: Duration::from_millis(50),
        ..SampleVendorSettings::default()
    })
    .await;
    let user = reseller.user("ada@example.com").await;
    let body = pro(user, "example.com").to_string();
    let address = vendor.api().replace("http://", "").replace("/v1", "");
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /v1/services HTTP/1.1\r\nHost: vendor\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        reseller.token,
        body.len(),
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    taken_up(&reseller).await;
    drop(connection);

    let worked_off = async {
        while !vendor
            .requests()
            .iter()
            .any(|call| call.status == 201 && call.path == "/v1/services")
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), worked_off)
        .await
        .expect("the service is created within seconds");
    assert_eq!(vendor.live_services().unwrap().len(), 1);
}

#[tokio::test]
async fn latency_delays_every_answer() {
    let latency = Duration::from_millis(120);
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open_with(SampleVendorSettings {
        latency,
        ..SampleVendorSettings::default()
    })
    .await;
    let before = std::time::Instant::now();
    assert_eq!(reseller.get("/account").await.status, 200);
    assert!(before.elapsed() >= latency);
}

#[tokio::test]
async fn a_database_file_outlives_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SampleVendorSettings {
        database: Some(folder.path().join("vendor.sqlite")),
        ..SampleVendorSettings::default()
    };
    let Shop { vendor, reseller } = Shop::open_with(settings.clone()).await;
    let user = reseller.user("ada@example.com").await;
    reseller.service(user, "example.com").await;
    let before = vendor.services().unwrap();
    vendor.shutdown().await;

    let vendor = SampleVendor::start(settings).await.unwrap();
    assert_eq!(vendor.services().unwrap(), before);
    let reseller = Reseller {
        api: vendor.api(),
        ..reseller
    };
    assert_eq!(reseller.get("/account").await.status, 200);
}

#[tokio::test]
async fn shutdown_lets_a_call_finish_and_drop_cuts_it() {
    let latency = Duration::from_millis(200);
    for finishes in [true, false] {
        let Shop { vendor, reseller } = Shop::open_with(SampleVendorSettings {
            latency,
            ..SampleVendorSettings::default()
        })
        .await;
        let address = vendor.api().replace("http://", "").replace("/v1", "");
        let mut connection = TcpStream::connect(&address).await.unwrap();
        let token = &reseller.token;
        let request = format!(
            "GET /v1/account HTTP/1.1\r\nHost: vendor\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        taken_up(&reseller).await;

        if finishes {
            vendor.shutdown().await;
        } else {
            drop(vendor);
        }
        let mut answered = Vec::new();
        let read = connection.read_to_end(&mut answered).await;
        assert_eq!(answered.starts_with(b"HTTP/1.1 200"), finishes, "{read:?}");
        assert!(TcpStream::connect(&address).await.is_err());
    }
}

/// Returns when the server has taken up what was written to it before: it takes things up in their
/// order, and a call without a route is answered at once, whatever the latency.
async fn taken_up(reseller: &Reseller) {
    assert_eq!(reseller.get("/x").await.status, 404);
}

#[tokio::test]
async fn a_taken_port_is_a_clear_error() {
    let Shop {
        vendor,
        reseller: _,
    } = Shop::open().await;
    let port = vendor.api()["http://127.0.0.1:".len()..].replace("/v1", "");
    let port = port.parse().unwrap();
    let refused = SampleVendor::start(SampleVendorSettings {
        port,
        ..SampleVendorSettings::default()
    })
    .await;
    let error = refused.unwrap_err();
    assert!(matches!(error, SampleVendorError::Listen { .. }));
    assert!(error.to_string().contains(&port.to_string()), "{error}");
}
