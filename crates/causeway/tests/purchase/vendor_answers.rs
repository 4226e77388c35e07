//! A vendor whose answers cannot be used: each has a clear error, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::bridge::{Bridge, SHIELDPRESS, all_good, is_one_line, only_message};

/// A vendor that gives one and the same answer to everything; how often it was asked.
async fn answering(answer: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let (answer, counter) = (Arc::new(answer), Arc::clone(&asked));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
            tokio::spawn(async move {
                let mut request = vec![0; 64 * 1024];
                let _ = socket.read(&mut request).await;
                counter.fetch_add(1, Ordering::Relaxed);
                let _ = socket.write_all(&answer).await;
                let _ = socket.shutdown().await;
            });
        }
    });
    (api, asked)
}

fn http(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

/// One order at a vendor that answers like this, then at a sane one; what staff read first.
async fn then_mended(answer: Vec<u8>) -> String {
    // An operation gives up soon, so that the reason is told instead of "still working on this".
    let definition = SHIELDPRESS.replacen("[auth]", "patience = \"1s\"\n\n[auth]", 1);
    let bridge = Bridge::with(&definition, Default::default()).await;
    let (api, asked) = answering(answer).await;
    let change = |api: String| {
        let (good, _, errors) =
            bridge.causeway(&["provider", "change", "sunny", "--api", &api], "");
        assert!(good, "{errors}");
    };
    change(api);
    let order = bridge.order("ada@example.com", "example.com").await;
    let calls = order.pays().await.unwrap();
    assert!(!calls[0].success && asked.load(Ordering::Relaxed) > 0);
    is_one_line(only_message(&calls));
    change(bridge.vendor.api());
    all_good(&bridge.whmcs.retry_queue().await.unwrap());
    assert_eq!(bridge.counts(), (1, 1));
    calls[0].message.clone()
}

#[tokio::test]
async fn html_for_json() {
    let page = b"<html><head><title>Welcome to nginx!</title></head></html>";
    let said = then_mended(http("200 OK", "text/html", page)).await;
    assert!(said.contains("HTML"), "{said}");
}

#[tokio::test]
async fn invalid_utf8() {
    let said = then_mended(http(
        "200 OK",
        "application/json",
        b"{\"data\": \"\xff\xfe\"}",
    ))
    .await;
    assert!(said.contains("UTF-8"), "{said}");
}

#[tokio::test]
async fn an_answer_of_50_mb() {
    let said = then_mended(http("200 OK", "application/json", &vec![b' '; 50 << 20])).await;
    assert!(said.contains("MiB") || said.contains("larger"), "{said}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer =
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let said = then_mended(answer.to_vec()).await;
    assert!(said.contains("elsewhere"), "{said}");
}

/// An identifier beyond 64 bits is kept to its last digit.
#[tokio::test]
async fn numbers_beyond_64_bits_are_kept_exactly() {
    let bridge = Bridge::start().await;
    let body = br#"{"data": [{"id": 123456789012345678901234567890, "status": "active", "license": {"key": "SP-BIG"}}], "id": 1, "status": "active"}"#;
    let (api, _) = answering(http("200 OK", "application/json", body)).await;
    let (good, _, errors) = bridge.causeway(&["provider", "change", "sunny", "--api", &api], "");
    assert!(good, "{errors}");
    let order = bridge.order("ada@example.com", "example.com").await;
    order.pays().await.unwrap();
    let (_, operations, _) = bridge.causeway(&["operations", "--json"], "");
    let listed: Vec<serde_json::Value> = serde_json::from_str(&operations).unwrap();
    let id = listed[0]["operation_id"].as_str().unwrap().to_owned();
    let (_, shown, _) = bridge.causeway(&["operation", &id], "");
    assert!(
        shown.contains("user_id=123456789012345678901234567890"),
        "{shown}"
    );
}
