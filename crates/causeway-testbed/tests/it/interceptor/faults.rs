//! Behind the interceptor things go wrong, and the module sees it as it is.

use std::num::NonZeroU32;

use causeway_definition::request::Method;
use causeway_testbed::fault_proxy::{
    ArmedFault, Fault, FaultProxy, FaultProxySettings, Given, PathPattern, Place,
};
use causeway_testbed::scripted_vendor::RecordedRequest;
use serde_json::json;

use super::{Answered, Bench};

const URL: &str = "https://api.nimbus.example/v1/accounts";

/// curl's numbers.
const PARTIAL: i64 = 18;
const TIMED_OUT: i64 = 28;
const RECEIVE_FAILED: i64 = 56;

/// A proxy between the interceptor and the vendor, where one create goes wrong.
async fn create_with(fault: Fault, bench: &Bench) -> (Answered, FaultProxy) {
    let settings = FaultProxySettings {
        keeps_host: true,
        ..FaultProxySettings::before(bench.vendor.api().parse().unwrap())
    };
    let proxy = FaultProxy::start(settings).await.unwrap();
    let place = Place::Request {
        method: Method::Post,
        path: PathPattern::of_template("/accounts"),
    };
    let fault = ArmedFault::new(fault, place, NonZeroU32::MIN).unwrap();
    proxy.arm([fault]).await;
    bench
        .interceptor
        .lead_to(&proxy.api().parse().unwrap())
        .unwrap();
    let create = json!({
        "method": "POST",
        "url": URL,
        "body": { "name": "Ada" },
        "timeout_ms": 700,
    });
    let answered = bench.ask(create).await;
    assert_eq!(proxy.struck(), [1]);
    (answered, proxy)
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    for fault in [Fault::ResetBefore, Fault::ResetAfter] {
        let bench = Bench::set_up().await;
        let (answered, _proxy) = create_with(fault, &bench).await;
        assert_eq!((answered.errno, answered.status), (RECEIVE_FAILED, 0));
        let made = usize::from(fault == Fault::ResetAfter);
        assert_eq!(bench.vendor.items("accounts").len(), made, "{fault:?}");
    }
}

#[tokio::test]
async fn silence_is_silence_and_a_caller_who_gives_up_is_seen_behind() {
    let bench = Bench::set_up().await;
    let (answered, proxy) = create_with(Fault::HangAfter, &bench).await;
    assert_eq!((answered.errno, answered.status), (TIMED_OUT, 0));
    proxy.settled().await;
    assert_eq!(proxy.record()[0].given, Given::CallerGaveUp);
    assert_eq!(bench.vendor.items("accounts").len(), 1);
}

#[tokio::test]
async fn half_an_answer_is_half_an_answer() {
    let bench = Bench::set_up().await;
    let (answered, _proxy) = create_with(Fault::CutBody, &bench).await;
    assert_eq!((answered.errno, answered.status), (PARTIAL, 201));
}

#[tokio::test]
async fn what_the_vendor_answers_is_passed_on_whatever_it_is() {
    let bench = Bench::set_up().await;
    let (answered, _proxy) = create_with(Fault::BadGatewayAfter, &bench).await;
    assert_eq!((answered.errno, answered.status), (0, 502));
    assert!(answered.body.contains("<html>"), "{}", answered.body);

    let (answered, _proxy) = create_with(Fault::SlowDrip, &bench).await;
    assert_eq!((answered.errno, answered.status), (0, 201));
    let hosts: Vec<_> = bench
        .vendor
        .requests()
        .into_iter()
        .map(|RecordedRequest { host, .. }| host)
        .collect();
    assert_eq!(hosts, ["api.nimbus.example"; 2]);
}

#[tokio::test]
async fn a_vendor_that_is_away_is_never_answered_for() {
    let bench = Bench::set_up().await;
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", away.local_addr().unwrap());
    drop(away);
    bench
        .interceptor
        .lead_to(&address.parse().unwrap())
        .unwrap();
    for url in [URL, "http://api.nimbus.example/v1/accounts"] {
        let answered = bench.ask(json!({ "url": url })).await;
        assert_eq!(
            (answered.errno, answered.status),
            (RECEIVE_FAILED, 0),
            "{url}"
        );
    }
}
