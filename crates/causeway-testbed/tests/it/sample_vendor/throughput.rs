//! A measurement, not a check: how many services one vendor creates in a second.

use std::time::Instant;

use causeway_testbed::sample_vendor::SampleVendorSettings;

use super::Shop;

const CALLERS: usize = 16;
const CREATES_PER_CALLER: usize = 2_000;

#[tokio::test]
#[ignore = "a measurement: run it with --release -- --ignored --nocapture"]
async fn creates_per_second() {
    let Shop { vendor, reseller } = Shop::open_with(SampleVendorSettings {
        record_requests: false,
        ..SampleVendorSettings::default()
    })
    .await;
    let user = reseller.user("ada@example.com").await;
    let begin = Instant::now();
    let callers = (0..CALLERS).map(|caller| {
        let reseller = reseller.clone();
        tokio::spawn(async move {
            for number in 0..CREATES_PER_CALLER {
                let domain = format!("{caller}-{number}.example");
                reseller.service(user, &domain).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    let creates = CALLERS * CREATES_PER_CALLER;
    assert_eq!(vendor.live_services().unwrap().len(), creates);
    let per_second = creates as f64 / begin.elapsed().as_secs_f64();
    println!("{per_second:.0} creates/s with the callers on the same machine");
}
