//! Too large, too slow, too many.

use std::time::{Duration, Instant};

use causeway_gateway::GatewaySettings;
use futures::stream;
use reqwest::{Body, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{House, add_provider, create, read, settings};

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_a_length_and_without() {
    let house = House::new().await;
    let chunks = || stream::iter((0..20).map(|_| Ok::<_, std::io::Error>("x".repeat(64 * 1024))));
    let bodies = [
        Body::from("x".repeat(256 * 1024 + 1)),
        Body::from("x".repeat(1024 * 1024)),
        Body::wrap_stream(chunks()),
    ];
    for body in bodies {
        let request = house.request(Method::POST, "/v1/operations", Some(house.token.expose()));
        let (status, answer) = read(request.body(body).send().await.unwrap()).await;
        assert_eq!(
            (status.as_u16(), &answer["error"]["code"]),
            (413, &"body_too_large".into())
        );
    }
    house.end().await;
}

#[tokio::test]
async fn a_request_whose_head_or_body_never_comes_is_ended() {
    let house = House::with(GatewaySettings {
        header_timeout: Duration::from_millis(200),
        body_timeout: Duration::from_millis(200),
        ..settings()
    })
    .await
    .unwrap();
    let authorization = format!("Authorization: Bearer {}\r\n", house.token.expose());
    let half_a_body = format!(
        "POST /v1/operations HTTP/1.1\r\nHost: x\r\n{authorization}Content-Length: 100\r\n\r\n{{"
    );
    for (sent, answer) in [
        ("", ""),
        ("POST /v1/operations HTTP/1.1\r\nHost: x\r\n", ""),
        (half_a_body.as_str(), "HTTP/1.1 408 "),
    ] {
        let started = Instant::now();
        let mut stream = TcpStream::connect(house.gateway.address()).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut got = Vec::new();
        let _ = stream.read_to_end(&mut got).await;
        let got = String::from_utf8(got).unwrap();
        assert!(got.starts_with(answer), "{got}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    house.end().await;
}

#[tokio::test]
async fn more_requests_than_the_gateway_takes_are_told_to_come_again() {
    let house = House::with(GatewaySettings {
        requests: 1,
        ..settings()
    })
    .await
    .unwrap();
    house.vendor.hold();
    let first = async { house.operate(&create("service-1")).await };
    let second = async {
        house.vendor.has_received(1).await;
        let request = house.request(Method::POST, "/v1/operations", Some(house.token.expose()));
        let response = request.json(&create("service-2")).send().await.unwrap();
        let alive = house
            .request(Method::GET, "/readyz", None)
            .send()
            .await
            .unwrap();
        assert_eq!(alive.status(), 200, "supervisors are answered all the same");
        house.vendor.let_go();
        response
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first["status"], "succeeded");
    assert_eq!(second.status(), 503);
    assert!(second.headers().contains_key("retry-after"));
    assert_eq!(read(second).await.1["error"]["code"], "overloaded");
    house.end().await;
}

#[tokio::test]
async fn one_provider_does_not_keep_the_others_out() {
    let house = House::with(GatewaySettings {
        requests_per_provider: 1,
        ..settings()
    })
    .await
    .unwrap();
    let other = add_provider(&*house.store, "other").await;
    house.vendor.hold();
    let first = async { house.operate(&create("service-1")).await };
    let others = async {
        house.vendor.has_received(1).await;
        let look = |token: &str| {
            let path = "/v1/services/shield/service-9";
            house.request(Method::GET, path, Some(token)).send()
        };
        let own = look(house.token.expose()).await.unwrap().status();
        let others = look(other.expose()).await.unwrap().status();
        house.vendor.let_go();
        (own.as_u16(), others.as_u16())
    };
    let (first, statuses) = tokio::join!(first, others);
    assert_eq!(first["status"], "succeeded");
    assert_eq!(statuses, (503, 404));
    house.operate(&create("service-2")).await;
    house.end().await;
}

#[tokio::test]
async fn more_connections_than_the_gateway_takes_are_told_to_come_again() {
    let house = House::with(GatewaySettings {
        connections: 1,
        ..settings()
    })
    .await
    .unwrap();
    // The first connection is the client's, and it is kept.
    assert_eq!(
        house
            .request(Method::GET, "/healthz", None)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let mut stream = TcpStream::connect(house.gateway.address()).await.unwrap();
    let mut got = String::new();
    stream.read_to_string(&mut got).await.unwrap();
    assert!(
        got.starts_with("HTTP/1.1 503 ") && got.contains("overloaded"),
        "{got}"
    );
    house.end().await;
}
