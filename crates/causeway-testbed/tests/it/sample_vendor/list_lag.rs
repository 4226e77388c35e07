//! Lists that lag behind what was created.

use std::time::{Duration, Instant};

use causeway_testbed::sample_vendor::SampleVendorSettings;

use super::{NONE, Shop, ada, ids};

const LONG: Duration = Duration::from_secs(3600);

async fn lagging(list_lag: Duration) -> Shop {
    Shop::open_with(SampleVendorSettings {
        list_lag,
        ..SampleVendorSettings::default()
    })
    .await
}

#[tokio::test]
async fn a_lagging_list_lacks_what_a_read_by_id_shows() {
    let Shop { vendor, reseller } = lagging(LONG).await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;

    for list in ["/users", "/users?email=ada@example.com", "/services"] {
        let page = reseller.get(list).await;
        assert_eq!(ids(&page), NONE, "{list}");
        assert_eq!(page.body["meta"]["total"], 0, "{list}");
    }
    assert_eq!(reseller.get(&format!("/users/{user}")).await.status, 200);
    let shown = reseller.get(&format!("/services/{service}")).await;
    assert_eq!(shown.body["domain"], "example.com");
    let again = reseller.call("POST", "/users", ada("ada@example.com"));
    assert_eq!(again.await.status, 422);
    assert_eq!(vendor.live_services().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_catches_up_after_its_lag() {
    let lag = Duration::from_millis(300);
    let Shop {
        vendor: _vendor,
        reseller,
    } = lagging(lag).await;
    let begin = Instant::now();
    let user = reseller.user("ada@example.com").await;
    while ids(&reseller.get("/users").await) != [user] {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The vendor's clock counts whole milliseconds.
    assert!(begin.elapsed() + Duration::from_millis(1) >= lag);
}
