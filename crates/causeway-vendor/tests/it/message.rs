//! What stands on the wire, and what is read from it.

use std::time::{Duration, SystemTime};

use causeway_definition::Request;
use causeway_definition::request::{BodyFormat, Method};
use serde_json::{Value, json};

use crate::server::{Server, ok};
use crate::support::{answered, assert_says, get, not_sent, post, send};

#[tokio::test]
async fn a_json_body() {
    let request = arrived(&post("/services")).await;
    assert_says(&request, "POST /services HTTP/1.1\r\n");
    assert_says(&request, "content-type: application/json\r\n");
    assert_says(&request, "accept: application/json\r\n");
    assert_says(&request, "authorization: Bearer s3cret\r\n");
    assert_says(&request, "user-agent: causeway/");
    assert_says(&request, "\r\n\r\n{\"plan\":\"pro\"}");
    assert!(!request.contains("accept-encoding"));
}

#[tokio::test]
async fn a_form_body() {
    let request = arrived(&form(json!({
        "name": "Ann & Bob",
        "user": {"email": "a@b.example", "tags": ["x", {"y": "z"}]},
        "trial": true,
        "beta": false,
        "seats": 3,
        "price": 9.5,
        "note": null,
        "empty": "",
        "none": [],
    })))
    .await;
    assert_says(
        &request,
        "content-type: application/x-www-form-urlencoded\r\n",
    );
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let expected = [
        ("name", "Ann & Bob"),
        ("user[email]", "a@b.example"),
        ("user[tags][0]", "x"),
        ("user[tags][1][y]", "z"),
        ("trial", "1"),
        ("beta", "0"),
        ("seats", "3"),
        ("price", "9.5"),
        ("empty", ""),
    ];
    assert_eq!(
        fields,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_form_needs_names() {
    let server = Server::answering(ok("{}")).await;
    let reason = not_sent(send(&server.api(), &form(json!(["a"]))).await, false);
    assert_says(&reason, "has to be a table");
    assert_eq!(server.accepted(), 0);
}

#[tokio::test]
async fn every_method() {
    for method in [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ] {
        let request = arrived(&Request {
            method,
            ..post("/x")
        })
        .await;
        assert!(request.starts_with(method.as_str()), "{request}");
    }
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let request = arrived(&Request {
        body: None,
        ..post("/suspend")
    })
    .await;
    assert_says(&request, "content-length: 0\r\n");
    assert!(!request.contains("content-type"));
}

#[tokio::test]
async fn a_definitions_header_wins() {
    let mut request = post("/services");
    let own = [
        ("Accept", "application/vnd.api+json"),
        ("Content-Type", "application/vnd.api+json"),
        ("X-Name", "Zoë"),
    ];
    request
        .headers
        .extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let request = arrived(&request).await;
    assert_says(&request, "accept: application/vnd.api+json\r\n");
    assert_says(&request, "content-type: application/vnd.api+json\r\n");
    assert_says(&request, "x-name: Zoë\r\n");
    assert!(!request.contains("application/json"));
}

#[tokio::test]
async fn bodies_come_through_as_bytes() {
    let html = b"<html><title>502 Bad Gateway</title></html>".to_vec();
    for body in [vec![0xff, 0xfe, b'{', 0x80], html, Vec::new()] {
        let mut answer =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        answer.extend(&body);
        let server = Server::answering(answer).await;
        assert_eq!(answered(send(&server.api(), &get("/")).await).body, body);
    }
}

#[tokio::test]
async fn retry_after_in_seconds() {
    assert_eq!(retry_after("120").await, Some(Duration::from_secs(120)));
    assert_eq!(retry_after("0").await, Some(Duration::ZERO));
    let day = Duration::from_secs(86_400);
    assert_eq!(retry_after("999999").await, Some(day));
    assert_eq!(retry_after("99999999999999999999999").await, Some(day));
    assert_eq!(retry_after("soon").await, None);
    assert_eq!(retry_after("-5").await, None);
}

#[tokio::test]
async fn retry_after_as_a_date() {
    let in_two_minutes =
        jiff::Timestamp::try_from(SystemTime::now() + Duration::from_secs(120)).unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&in_two_minutes)
        .unwrap();
    let wait = retry_after(&date).await.unwrap();
    assert!((100..=120).contains(&wait.as_secs()), "{wait:?}");
    let past = retry_after("Sun, 06 Nov 1994 08:49:37 GMT").await;
    assert_eq!(past, Some(Duration::ZERO));
}

async fn arrived(request: &Request) -> String {
    let server = Server::answering(ok("{}")).await;
    answered(send(&server.api(), request).await);
    server.requests().remove(0)
}

async fn retry_after(value: &str) -> Option<Duration> {
    let server = Server::answering(format!(
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n"
    ))
    .await;
    answered(send(&server.api(), &get("/")).await).retry_after
}

fn form(body: Value) -> Request {
    Request {
        body: Some(body),
        format: BodyFormat::Form,
        ..post("/services")
    }
}
