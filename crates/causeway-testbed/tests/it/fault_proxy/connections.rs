//! Faults of a connection, and the https port.

use std::time::{Duration, Instant};

use causeway_testbed::fault_proxy::{Fault, Given, Place, Port};

use causeway_vendor::{HttpVendor, HttpVendorSettings};

use super::{Bench, IMPATIENT, PATIENT, answered, creates, not_sent, send_by, unknown};

const HTTP: Place = Place::Connection(Port::Http);
const HTTPS: Place = Place::Connection(Port::Https);

#[tokio::test]
async fn refused_on_the_http_port() {
    let long = Duration::from_secs(3600);
    let bench = Bench::set_up_with(|settings| settings.refused_for = long).await;
    for round in 1..=20 {
        bench.arm(Fault::Refuse, HTTP, 1).await;
        let refused = bench.send(&bench.service("a.example")).await;
        assert!(not_sent(refused).contains("connection refused"));
        assert_eq!(bench.recorded().await.given, Given::PortClosed);
        assert_eq!(bench.proxy.struck(), [1]);
        bench.proxy.disarm().await;
        answered(bench.send(&bench.service("b.example")).await, 201);
        assert_eq!(bench.domains(), vec!["b.example"; round]);
    }
}

#[tokio::test]
async fn the_nth_connection_is_refused_on_the_http_port() {
    let long = Duration::from_secs(3600);
    let bench = Bench::set_up_with(|settings| settings.refused_for = long).await;
    bench.arm(Fault::Refuse, HTTP, 3).await;
    for domain in ["a.example", "b.example"] {
        answered(bench.send(&bench.service(domain)).await, 201);
    }
    not_sent(bench.send(&bench.service("c.example")).await);
    assert_eq!(bench.domains(), ["a.example", "b.example"]);
    // The other port is not concerned.
    answered(bench.send_securely(&bench.service("d.example")).await, 201);
}

#[tokio::test]
async fn a_refusing_port_opens_again_after_its_time() {
    let refused_for = Duration::from_millis(200);
    let bench = Bench::set_up_with(|settings| settings.refused_for = refused_for).await;
    bench.arm(Fault::Refuse, HTTP, 1).await;
    let begin = Instant::now();
    let mut refusals = 0;
    while let causeway_engine::Reply::NotSent { .. } = bench.send(&bench.get("/account")).await {
        refusals += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(refusals > 0);
    assert!(begin.elapsed() > refused_for / 2);
    answered(bench.send(&bench.get("/account")).await, 200);
    assert_eq!(bench.proxy.struck(), [1]);
}

#[tokio::test]
async fn refused_on_the_https_port() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::Refuse, HTTPS, 2).await;
    answered(bench.send_securely(&bench.service("a.example")).await, 201);
    not_sent(bench.send_securely(&bench.service("b.example")).await);
    answered(bench.send_securely(&bench.service("c.example")).await, 201);
    assert_eq!(bench.domains(), ["a.example", "c.example"]);
    assert_eq!(bench.proxy.struck(), [1]);
    let record = bench.record().await;
    assert_eq!(record[1].given, Given::Reset);
    assert_eq!(record[1].fault, Some(Fault::Refuse));
    assert_eq!(record[1].request, None);
}

#[tokio::test]
async fn a_wrong_certificate_ends_the_handshake() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::WrongCertificate, HTTPS, 2).await;
    answered(bench.send_securely(&bench.service("a.example")).await, 201);
    let reason = not_sent(bench.send_securely(&bench.service("b.example")).await);
    assert!(reason.contains("certificate"), "{reason}");
    answered(bench.send_securely(&bench.service("c.example")).await, 201);
    assert_eq!(bench.domains(), ["a.example", "c.example"]);
    let record = bench.record().await;
    assert!(matches!(record[1].given, Given::HandshakeFailed { .. }));
    assert_eq!(record[1].fault, Some(Fault::WrongCertificate));
    assert_eq!(bench.proxy.struck(), [1]);
}

#[tokio::test]
async fn a_caller_who_takes_any_certificate_is_recorded_with_its_request() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::WrongCertificate, HTTPS, 1).await;
    let careless = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .build()
        .unwrap();
    let url = format!("{}/account", bench.proxy.secure_api());
    let answer = careless.get(url).bearer_auth(&bench.token).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(bench.proxy.struck(), [1]);
    assert!(bench.recorded().await.request.is_some());
}

#[tokio::test]
async fn the_https_port_is_trusted_by_its_authority_alone() {
    let bench = Bench::set_up().await;
    let by_name = bench.proxy.secure_api().replace("127.0.0.1", "localhost");
    let account = bench.get("/account");
    let reply = send_by(&bench.client, &by_name, &account, PATIENT).await;
    answered(reply, 200);
    let stranger = HttpVendor::new(HttpVendorSettings::default()).unwrap();
    not_sent(send_by(&stranger, &by_name, &account, PATIENT).await);
}

#[tokio::test]
async fn faults_of_requests_strike_on_the_https_port_as_well() {
    let bench = Bench::set_up().await;
    for fault in [Fault::ResetBefore, Fault::ResetAfter, Fault::CutBody] {
        bench.arm(fault, creates(), 1).await;
        unknown(bench.send_securely(&bench.service("a.example")).await);
        assert_eq!(bench.proxy.struck(), [1], "{fault}");
    }
    bench.arm(Fault::HangAfter, creates(), 1).await;
    let api = bench.proxy.secure_api();
    let create = bench.service("a.example");
    unknown(send_by(&bench.client, &api, &create, IMPATIENT).await);
    assert_eq!(bench.recorded().await.given, Given::CallerGaveUp);
    assert_eq!(bench.domains().len(), 3);
}

#[tokio::test]
async fn a_connection_without_a_request_is_recorded() {
    let bench = Bench::set_up().await;
    bench.proxy.arm([]).await;
    let address = bench.proxy.api().replace("http://", "").replace("/v1", "");
    let connection = tokio::net::TcpStream::connect(address).await.unwrap();
    drop(connection);
    while bench.proxy.record().is_empty() {
        tokio::task::yield_now().await;
    }
    let exchange = bench.recorded().await;
    assert_eq!(
        (exchange.request, exchange.given),
        (None, Given::CallerGaveUp)
    );
}
