//! What the interceptor does on purpose: a certificate that nobody trusts, connections that do not
//! come about.

use causeway_testbed::interceptor::AskedHost;
use serde_json::json;

use super::{Bench, host};

/// curl: the certificate cannot be verified.
const UNVERIFIED: i64 = 60;
/// A stream has no numbers.
const NOT_OPENED: i64 = -1;
const TIMED_OUT: i64 = 28;
/// curl: receiving failed.
const RECEIVE_FAILED: i64 = 56;

const URL: &str = "https://api.nimbus.example/v1/where";

#[tokio::test]
async fn who_verifies_refuses_a_certificate_that_nobody_trusts() {
    let bench = Bench::set_up().await;
    bench.interceptor.present_untrusted(true);
    let clients = [
        ("curl", UNVERIFIED),
        ("guzzle", UNVERIFIED),
        ("streams", NOT_OPENED),
        ("file_get_contents", NOT_OPENED),
    ];
    for (with, errno) in clients {
        let refused = bench.ask(json!({ "with": with, "url": URL })).await;
        assert_eq!(refused.errno, errno, "{with}");
    }
    let refused = AskedHost {
        connections: 4,
        tunnels: 4,
        failed_handshakes: 4,
        ..host("api.nimbus.example", 443)
    };
    assert_eq!(bench.interceptor.hosts(), [refused]);
    assert!(bench.vendor.requests().is_empty());

    // Who does not is found out.
    bench.interceptor.forget_hosts();
    for with in ["curl", "guzzle", "streams"] {
        let careless = json!({ "with": with, "url": URL, "verify": false });
        assert_eq!(bench.ask(careless).await.status, 200, "{with}");
    }
    let careless = AskedHost {
        connections: 3,
        tunnels: 3,
        requests: 3,
        untrusted_handshakes: 3,
        ..host("api.nimbus.example", 443)
    };
    assert_eq!(bench.interceptor.hosts(), [careless]);

    bench.interceptor.present_untrusted(false);
    assert_eq!(bench.ask(json!({ "url": URL })).await.status, 200);
}

#[tokio::test]
async fn a_held_connection_measures_the_connect_timeout() {
    let bench = Bench::set_up().await;
    bench.interceptor.hold_connections(true);
    let given_up = bench
        .ask(json!({ "url": URL, "connect_timeout_ms": 100 }))
        .await;
    assert_eq!((given_up.errno, given_up.status), (TIMED_OUT, 0));
    let held = AskedHost {
        connections: 1,
        tunnels: 1,
        ..host("api.nimbus.example", 443)
    };
    assert_eq!(bench.interceptor.hosts(), [held]);
    assert!(bench.vendor.requests().is_empty());
}

#[tokio::test]
async fn a_connection_is_held_until_the_switch_is_off() {
    let bench = Bench::set_up().await;
    bench.interceptor.hold_connections(true);
    let patient = bench.ask(json!({ "url": URL }));
    let release = async {
        while bench.interceptor.hosts().is_empty() {
            tokio::task::yield_now().await;
        }
        bench.interceptor.hold_connections(false);
    };
    let (answered, ()) = tokio::join!(patient, release);
    assert_eq!((answered.errno, answered.status), (RECEIVE_FAILED, 0));
    assert_eq!(bench.ask(json!({ "url": URL })).await.status, 200);
}
