//! Reads that show for a while what was before a write.

use std::time::{Duration, Instant};

use causeway_testbed::fault_proxy::Fault;
use serde_json::json;

use super::{Bench, answered, creates, unknown};

const LIST: &str = "/services?domain=a.example";

async fn total(bench: &Bench, list: &str) -> i64 {
    let page = answered(bench.send(&bench.get(list)).await, 200);
    page["meta"]["total"].as_i64().unwrap()
}

#[tokio::test]
async fn a_read_answered_before_the_write_is_answered_as_before() {
    let lag = Duration::from_secs(3600);
    let bench = Bench::set_up_with(|settings| settings.reads_lag_by = lag).await;
    bench.arm(Fault::LaggingReads, creates(), 1).await;
    assert_eq!(total(&bench, LIST).await, 0);
    unknown(bench.send(&bench.service("a.example")).await);
    assert_eq!(bench.proxy.struck(), [1]);

    assert_eq!(total(&bench, LIST).await, 0, "the vendor's lag is missing");
    assert_eq!(bench.proxy.struck(), [2]);
    assert_eq!(total(&bench, "/services").await, 1, "never read before");
    assert_eq!(total(&bench, LIST).await, 0);
    assert_eq!(bench.proxy.struck(), [3]);
    // Another's credential sees its own.
    let mut stranger = bench.get(LIST);
    stranger.headers[0].1 = "Bearer nobody".to_owned();
    answered(bench.send(&stranger).await, 401);

    let record = bench.record().await;
    let lagging = Some(Fault::LaggingReads);
    let faults = record.iter().map(|exchange| exchange.fault);
    assert_eq!(
        faults.collect::<Vec<_>>(),
        [None, lagging, lagging, None, lagging, None]
    );
    assert_eq!(record[2].deliveries, []);

    bench.proxy.disarm().await;
    assert_eq!(total(&bench, LIST).await, 1);
}

#[tokio::test]
async fn reads_catch_up_after_the_lag() {
    let lag = Duration::from_millis(300);
    let bench = Bench::set_up_with(|settings| settings.reads_lag_by = lag).await;
    bench.arm(Fault::LaggingReads, creates(), 1).await;
    assert_eq!(total(&bench, LIST).await, 0);
    let begin = Instant::now();
    unknown(bench.send(&bench.service("a.example")).await);
    while total(&bench, LIST).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(begin.elapsed() >= lag);
    assert!(bench.proxy.struck()[0] >= 2);
}

#[tokio::test]
async fn a_write_that_the_vendor_refused_makes_nothing_lag() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::LaggingReads, creates(), 1).await;
    assert_eq!(total(&bench, LIST).await, 0);
    answered(bench.send(&bench.post("/services", json!({}))).await, 422);
    answered(bench.send(&bench.service("a.example")).await, 201);
    assert_eq!(total(&bench, LIST).await, 1);
    assert_eq!(bench.proxy.struck(), [0]);
}
