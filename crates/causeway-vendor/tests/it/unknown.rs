//! The request left, and no whole answer came.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use causeway_engine::Vendor;

use crate::server::{Server, ok};
use crate::support::{
    SHORT, TIMEOUT, answered, assert_says, definition, get, post, send, send_within, unknown,
    vendor, vendor_with,
};

#[tokio::test]
async fn silence() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        std::future::pending().await
    })
    .await;
    let reason = unknown(send_within(&server.api(), &post("/services"), SHORT).await);
    assert_says(&reason, "no answer from");
    assert_says(&reason, "within 0.4 s");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn half_a_body() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection
            .write("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":7")
            .await
    })
    .await;
    let reason = unknown(send(&server.api(), &post("/services")).await);
    assert_says(&reason, "in the middle of its answer (HTTP 201)");
}

#[tokio::test]
async fn a_cut_chunked_body() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection
            .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"id\":7}\r\n")
            .await
    })
    .await;
    let reason = unknown(send(&server.api(), &post("/services")).await);
    assert_says(&reason, "in the middle of its answer (HTTP 200)");
}

#[tokio::test]
async fn a_slow_drip() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection
            .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            .await?;
        loop {
            connection.write(" ").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let started = Instant::now();
    let reason = unknown(send_within(&server.api(), &post("/services"), SHORT).await);
    assert!(started.elapsed() < SHORT * 5, "the total time applies");
    assert_says(&reason, "(HTTP 200) was not complete within 0.4 s");
}

#[tokio::test]
async fn an_answer_that_announces_too_much() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n").await;
    let reason = unknown(send(&server.api(), &get("/services")).await);
    assert_says(&reason, "(HTTP 200) is larger than 1 MiB");
}

#[tokio::test]
async fn an_answer_without_end_is_not_taken_in() {
    const CHUNK: usize = 64 * 1024;
    let written = Arc::new(AtomicUsize::new(0));
    let counter = written.clone();
    let server = Server::start(move |mut connection| {
        let counter = counter.clone();
        async move {
            connection.read().await?;
            connection
                .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                .await?;
            let chunk = format!("{CHUNK:x}\r\n{}\r\n", "x".repeat(CHUNK));
            for _ in 0..800 {
                connection.write(&chunk).await?;
                counter.fetch_add(CHUNK, Ordering::SeqCst);
            }
            connection.write("0\r\n\r\n").await
        }
    })
    .await;
    let reason = unknown(send(&server.api(), &get("/services")).await);
    assert_says(&reason, "larger than 1 MiB");
    // The client hung up; the rest is what the sockets hold.
    assert!(written.load(Ordering::SeqCst) < 20 * 1024 * 1024);
}

#[tokio::test]
async fn the_limit_is_the_settings() {
    let body = "x".repeat(1000);
    let server = Server::answering(ok(&body)).await;
    let definition = definition(&server.api());
    let at_limit = vendor_with(|settings| settings.answer_limit = 1000);
    let answer = answered(at_limit.send(&definition, None, &get("/"), TIMEOUT).await);
    assert_eq!(answer.body.len(), 1000);
    let below = vendor_with(|settings| settings.answer_limit = 999);
    let reason = unknown(below.send(&definition, None, &get("/"), TIMEOUT).await);
    assert_says(&reason, "larger than 999 bytes");
}

#[tokio::test]
async fn no_http() {
    let server = Server::answering("220 mail.example ESMTP\r\n\r\n").await;
    let reason = unknown(send(&server.api(), &post("/services")).await);
    assert_says(&reason, "is not valid HTTP");
}

#[tokio::test]
async fn a_cut_answer_does_not_spoil_the_next_exchange() {
    let first = AtomicUsize::new(0);
    let server = Server::start(move |mut connection| {
        let is_first = first.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            connection.read().await?;
            connection
                .write(if is_first {
                    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_owned()
                } else {
                    ok("{}")
                })
                .await
        }
    })
    .await;
    let (vendor, definition) = (vendor(), definition(&server.api()));
    unknown(vendor.send(&definition, None, &get("/"), TIMEOUT).await);
    answered(vendor.send(&definition, None, &get("/"), TIMEOUT).await);
}
