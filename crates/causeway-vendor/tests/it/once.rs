//! A request arrives at most once, whatever the vendor does with it.

use std::collections::HashSet;
use std::time::Duration;

use causeway_engine::Vendor;

use crate::server::{Server, ok};
use crate::support::{
    TIMEOUT, answered, assert_says, definition, post, send, unknown, vendor, vendor_with,
};

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(ok("{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/caught", elsewhere.api());
        let here = Server::answering(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        ))
        .await;
        let answer = answered(send(&here.api(), &post("/services")).await);
        assert_eq!(answer.status, status);
        assert_eq!(here.requests().len(), 1);
    }
    assert_eq!(elsewhere.accepted(), 0);
}

#[tokio::test]
async fn a_redirect_to_the_same_server_is_not_followed_either() {
    let server =
        Server::answering("HTTP/1.1 307 Moved\r\nLocation: /services\r\nContent-Length: 0\r\n\r\n")
            .await;
    assert_eq!(
        answered(send(&server.api(), &post("/services")).await).status,
        307
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_503_is_an_answer_and_not_tried_again() {
    let server =
        Server::answering("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(
        answered(send(&server.api(), &post("/services")).await).status,
        503
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_reset_before_the_request_was_read_is_unknown() {
    let server = Server::start(|connection| async move { connection.reset() }).await;
    let reason = unknown(send(&server.api(), &post("/services")).await);
    assert_says(&reason, &server.address.to_string());
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_reset_after_the_request_was_read_is_unknown() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection.reset()
    })
    .await;
    let reason = unknown(send(&server.api(), &post("/services?key=s3cret")).await);
    assert_says(&reason, "closed the connection before it answered");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_close_after_the_request_was_read_is_unknown() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        Ok(())
    })
    .await;
    let reason = unknown(send(&server.api(), &post("/services")).await);
    assert_says(&reason, "closed the connection before it answered");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_reset_on_a_kept_connection_is_unknown_and_not_tried_on_a_new_one() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection.write(ok("{}")).await?;
        connection.read().await?;
        connection.reset()
    })
    .await;
    let (vendor, definition) = (vendor(), definition(&server.api()));
    answered(
        vendor
            .send(&definition, None, &post("/first"), TIMEOUT)
            .await,
    );
    unknown(
        vendor
            .send(&definition, None, &post("/second"), TIMEOUT)
            .await,
    );
    assert_eq!(server.accepted(), 1);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_connection_that_rested_too_long_is_not_used_again() {
    // Like a server that is about to close: whatever comes second on a connection is lost.
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection.write(ok("{}")).await?;
        connection.read().await?;
        connection.reset()
    })
    .await;
    let idle_timeout = Duration::from_millis(50);
    let vendor = vendor_with(|settings| settings.idle_timeout = idle_timeout);
    let definition = definition(&server.api());
    for _ in 0..3 {
        answered(
            vendor
                .send(&definition, None, &post("/services"), TIMEOUT)
                .await,
        );
        tokio::time::sleep(idle_timeout * 2).await;
    }
    assert_eq!(server.accepted(), 3);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_server_that_closes_without_a_word_never_gets_a_request_twice() {
    let server = Server::start(|mut connection| async move {
        connection.read().await?;
        connection.write(ok("{}")).await
    })
    .await;
    let (vendor, definition) = (vendor(), definition(&server.api()));
    for number in 0..200 {
        vendor
            .send(
                &definition,
                None,
                &post(&format!("/services/{number}")),
                TIMEOUT,
            )
            .await;
    }
    let requests = server.requests();
    let distinct: HashSet<&str> = requests
        .iter()
        .map(|request| request.lines().next().unwrap())
        .collect();
    assert_eq!(distinct.len(), requests.len());
}
