//! Where the gateway listens, and TLS.

use std::net::SocketAddr;

use causeway_gateway::{GatewayError, GatewaySettings, ListenError, TlsError, TlsFiles};
use reqwest::{Certificate, Client};
use tempfile::TempDir;

use crate::support::{House, settings};

fn certificate(folder: &TempDir) -> (TlsFiles, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])
        .unwrap();
    let files = TlsFiles {
        certificate: folder.path().join("certificate.pem"),
        key: folder.path().join("key.pem"),
    };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    (files, made.cert.pem())
}

#[tokio::test]
async fn others_cannot_listen_in() {
    let everywhere: SocketAddr = ([0, 0, 0, 0], 0).into();
    let refused = House::with(GatewaySettings {
        listen: everywhere,
        ..settings()
    })
    .await;
    let error = refused.err().unwrap();
    assert!(matches!(
        error,
        GatewayError::Listen(ListenError::WouldBePlain(_))
    ));
    let text = error.to_string();
    assert!(
        text.contains("--tls-cert") && text.contains("--behind-proxy"),
        "{text}"
    );
    let allowed = GatewaySettings {
        listen: everywhere,
        behind_proxy: true,
        ..settings()
    };
    House::with(allowed).await.unwrap().end().await;
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let house = House::new().await;
    let listen = house.gateway.address();
    let error = House::with(GatewaySettings {
        listen,
        ..settings()
    })
    .await
    .err()
    .unwrap();
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
    house.end().await;
}

#[tokio::test]
async fn tls_is_served_with_the_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (files, root) = certificate(&folder);
    let everywhere = GatewaySettings {
        tls: Some(files),
        listen: ([0, 0, 0, 0], 0).into(),
        ..settings()
    };
    let house = House::with(everywhere).await.unwrap();
    let port = house.gateway.address().port();
    let client = Client::builder()
        .tls_certs_only([Certificate::from_pem(root.as_bytes()).unwrap()])
        .build()
        .unwrap();
    let response = client
        .get(format!("https://localhost:{port}/healthz"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);

    let plain = client
        .get(format!("http://localhost:{port}/healthz"))
        .send()
        .await
        .unwrap();
    assert_eq!(plain.status(), 400);
    let text = plain.text().await.unwrap();
    assert!(
        text.contains("tls_required") && text.contains("https://"),
        "{text}"
    );
    house.end().await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (files, _) = certificate(&folder);
    let elsewhere = tempfile::tempdir().unwrap();
    let (other, _) = certificate(&elsewhere);
    let with = async |tls: TlsFiles| match House::with(GatewaySettings {
        tls: Some(tls),
        ..settings()
    })
    .await
    {
        Err(GatewayError::Tls(error)) => error,
        _ => panic!("it should not have started"),
    };
    let unfit = with(TlsFiles {
        key: other.key,
        ..files.clone()
    })
    .await;
    assert!(matches!(unfit, TlsError::Unfit { .. }), "{unfit}");
    let swapped = with(TlsFiles {
        certificate: files.key.clone(),
        key: files.key.clone(),
    })
    .await;
    assert!(
        swapped
            .to_string()
            .contains("there is no certificate in it"),
        "{swapped}"
    );
    let absent = with(TlsFiles {
        certificate: folder.path().join("absent.pem"),
        ..files
    })
    .await;
    assert!(absent.to_string().contains("absent.pem"), "{absent}");
}
