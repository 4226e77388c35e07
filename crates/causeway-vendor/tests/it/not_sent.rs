//! No connection came about, so nothing left.

use std::sync::Arc;
use std::time::Duration;

use causeway_engine::Vendor;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::{TlsAcceptor, rustls};

use crate::server::{Server, ok};
use crate::support::{
    TIMEOUT, answered, assert_says, definition, not_sent, post, send, vendor_with,
};

#[tokio::test]
async fn a_refused_port() {
    let server = Server::answering(ok("{}")).await;
    let address = server.address;
    drop(server);
    // The port is free again as soon as the listener is gone.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let request = post("/services?key=s3cret");
    let reason = not_sent(send(&format!("http://{address}"), &request).await, true);
    assert_eq!(reason, format!("connection refused by {address}"));
}

#[tokio::test]
async fn an_unknown_name() {
    let reply = send("https://api.vendor.invalid/v1", &post("/services")).await;
    let reason = not_sent(reply, true);
    assert_says(&reason, "the name api.vendor.invalid could not be found");
}

#[tokio::test]
async fn tls_to_a_plain_port() {
    let server = Server::start(|mut connection| async move {
        connection
            .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            .await?;
        connection.read().await?;
        Ok(())
    })
    .await;
    let api = format!("https://{}", server.address);
    let reason = not_sent(send(&api, &post("/services")).await, true);
    assert_says(&reason, "does not speak TLS");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_handshake_without_end() {
    let server = Server::start(|connection| async move {
        let _open = connection;
        std::future::pending().await
    })
    .await;
    let vendor = vendor_with(|settings| settings.connect_timeout = Duration::from_millis(300));
    let definition = definition(&format!("https://{}", server.address));
    let reason = not_sent(
        vendor.send(&definition, None, &post("/"), TIMEOUT).await,
        true,
    );
    let address = server.address;
    assert_eq!(reason, format!("no connection to {address} within 0.3 s"));
}

#[tokio::test]
async fn a_handshake_that_breaks_off() {
    let server = Server::start(|connection| async move { connection.reset() }).await;
    let api = format!("https://{}", server.address);
    let reason = not_sent(send(&api, &post("/services")).await, true);
    assert_says(&reason, "closed the connection before it was set up");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_issuer() {
    let (acceptor, _) = certificate_for("localhost");
    let server = Server::answering_tls(acceptor, &ok("{}")).await;
    let api = format!("https://localhost:{}", server.address.port());
    let reason = not_sent(send(&api, &post("/services")).await, true);
    assert_says(&reason, "the certificate of localhost:");
    assert_says(&reason, "its issuer is unknown here");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let (acceptor, root) = certificate_for("localhost");
    let server = Server::answering_tls(acceptor, &ok("{}")).await;
    let vendor = vendor_with(|settings| settings.extra_roots.push(root));
    let definition = definition(&format!("https://{}", server.address));
    let reply = vendor.send(&definition, None, &post("/"), TIMEOUT).await;
    assert_says(&not_sent(reply, true), "made out to another name");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn an_extra_root_makes_a_certificate_good() {
    let (acceptor, root) = certificate_for("localhost");
    let server = Server::answering_tls(acceptor, &ok("{}")).await;
    let vendor = vendor_with(|settings| settings.extra_roots.push(root));
    let definition = definition(&format!("https://localhost:{}", server.address.port()));
    let reply = vendor.send(&definition, None, &post("/"), TIMEOUT).await;
    assert_eq!(answered(reply).body, b"{}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_unreadable_extra_root_is_named() {
    let error = causeway_vendor::HttpVendor::new(causeway_vendor::HttpVendorSettings {
        extra_roots: vec![b"no certificate".to_vec()],
        ..Default::default()
    })
    .unwrap_err();
    assert_says(&error.to_string(), "extra root certificate 1");
}

#[tokio::test]
async fn a_header_that_would_split_the_request() {
    let server = Server::answering(ok("{}")).await;
    let mut request = post("/services");
    request
        .headers
        .push(("X-Plan".to_owned(), "pro\r\nX-Admin: s3cret".to_owned()));
    let reason = not_sent(send(&server.api(), &request).await, false);
    assert_says(&reason, "`x-plan`");
    for name in ["Content-Length", "Transfer-Encoding", "Host"] {
        let mut request = post("/services");
        request.headers.push((name.to_owned(), "0".to_owned()));
        not_sent(send(&server.api(), &request).await, false);
    }
    assert_eq!(server.accepted(), 0);
}

fn certificate_for(name: &str) -> (TlsAcceptor, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::Pkcs8(signing_key.serialize_der().into()),
        )
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), cert.pem().into_bytes())
}
