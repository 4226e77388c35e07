//! How connections are made and kept.

use std::process::Command;

use causeway_engine::Vendor;
use futures::future::join_all;

use crate::server::{Server, ok};
use crate::support::{
    TIMEOUT, answered, assert_says, definition, get, not_sent, post, send, vendor, vendor_with,
};

#[tokio::test]
async fn many_requests_at_once_share_connections() {
    const AT_ONCE: usize = 64;
    const EACH: usize = 30;
    let server = Server::answering(ok("{}")).await;
    let (vendor, definition) = (vendor(), definition(&server.api()));
    let request = post("/services");
    join_all((0..AT_ONCE).map(|_| async {
        for _ in 0..EACH {
            answered(vendor.send(&definition, None, &request, TIMEOUT).await);
        }
    }))
    .await;
    assert_eq!(server.requests().len(), AT_ONCE * EACH);
    let accepted = server.accepted();
    assert!(accepted <= AT_ONCE * 2, "{accepted} connections");
}

/// Run by the next test, with proxies in its environment.
#[tokio::test]
async fn reaches_the_server_itself() {
    let server = Server::answering(ok("{}")).await;
    answered(send(&server.api(), &get("/")).await);
    let reply = send("https://api.vendor.invalid", &get("/")).await;
    assert_says(&not_sent(reply, true), "could not be found");
}

#[tokio::test]
async fn proxies_of_the_environment_are_ignored() {
    let proxy = Server::answering(ok("{}")).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "connection::reaches_the_server_itself"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, proxy.api());
        child.env(name.to_lowercase(), proxy.api());
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert_says(&said, "1 passed");
    assert_eq!(proxy.accepted(), 0);
}

#[tokio::test]
async fn a_proxy_of_the_settings_is_used_except_for_this_machine() {
    let proxy = Server::answering("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await;
    let vendor = vendor_with(|settings| settings.proxy = Some(proxy.api().parse().unwrap()));
    let far = definition("https://api.vendor.invalid");
    not_sent(
        vendor.send(&far, None, &post("/services"), TIMEOUT).await,
        true,
    );
    assert_says(
        &proxy.requests()[0],
        "CONNECT api.vendor.invalid:443 HTTP/1.1\r\n",
    );
    assert_eq!(proxy.requests().len(), 1);

    let server = Server::answering(ok("{}")).await;
    let near = definition(&server.api());
    answered(vendor.send(&near, None, &post("/services"), TIMEOUT).await);
    assert_eq!(proxy.requests().len(), 1);
}
