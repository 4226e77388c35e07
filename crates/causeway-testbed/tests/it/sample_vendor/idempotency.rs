//! `Idempotency-Key`, where the vendor honours it.

use std::time::Duration;

use causeway_testbed::sample_vendor::SampleVendorSettings;
use serde_json::json;

use super::{Reseller, Shop, ada, pro};

async fn shop(latency: Duration) -> Shop {
    Shop::open_with(SampleVendorSettings {
        idempotency_keys: true,
        latency,
        ..SampleVendorSettings::default()
    })
    .await
}

#[tokio::test]
async fn the_same_call_with_the_same_key_is_replayed() {
    let Shop { vendor, reseller } = shop(Duration::ZERO).await;
    let user = reseller.user("ada@example.com").await;
    let order = || reseller.keyed("order-1", "POST", "/services", pro(user, "example.com"));

    let first = order().await;
    assert_eq!(first.status, 201);
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let second = order().await;
    assert_eq!((second.status, &second.text), (201, &first.text));
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(vendor.live_services().unwrap().len(), 1);
    let replayed: Vec<_> = vendor.requests().iter().map(|call| call.replayed).collect();
    assert_eq!(replayed, [false, false, true]);

    let other_key = reseller.keyed("order-2", "POST", "/services", pro(user, "example.com"));
    assert_eq!(other_key.await.body["id"], 2);
    assert_eq!(reseller.service(user, "example.com").await, 3);
}

#[tokio::test]
async fn another_call_with_the_same_key_is_refused() {
    let Shop { vendor, reseller } = shop(Duration::ZERO).await;
    let user = reseller.user("ada@example.com").await;
    let first = reseller.keyed("order-1", "POST", "/services", pro(user, "example.com"));
    assert_eq!(first.await.status, 201);
    let other_body = reseller.keyed("order-1", "POST", "/services", pro(user, "example.org"));
    let other_path = reseller.keyed("order-1", "POST", "/users", ada("bob@example.com"));
    for refused in [other_body.await, other_path.await] {
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.body,
            json!({ "message": "Keys for idempotent requests can only be used with the same \
                                parameters they were first used with." })
        );
    }
    assert_eq!(vendor.live_services().unwrap().len(), 1);
}

#[tokio::test]
async fn while_the_first_is_running_the_second_is_a_conflict() {
    let Shop { vendor, reseller } = shop(Duration::from_millis(300)).await;
    let user = reseller.user("ada@example.com").await;
    let order = || reseller.keyed("order-1", "POST", "/services", pro(user, "example.com"));

    let (one, other) = tokio::join!(order(), order());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let conflict = if one.status == 409 { one } else { other };
    assert_eq!(
        conflict.message(),
        "A request with this idempotency key is still being processed."
    );
    assert_eq!(order().await.headers["idempotent-replayed"], "true");
    assert_eq!(vendor.live_services().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_call_leaves_its_key_free() {
    let Shop {
        vendor: _running,
        reseller,
    } = shop(Duration::ZERO).await;
    let user = reseller.user("ada@example.com").await;
    let wrong = json!({ "domain": "example.com" });
    let refused = reseller.keyed("order-1", "POST", "/services", wrong).await;
    assert_eq!(refused.status, 422);
    let failed = reseller.keyed("order-1", "POST", "/services", pro(99, "example.com"));
    assert_eq!(failed.await.status, 500);
    let mended = reseller.keyed("order-1", "POST", "/services", pro(user, "example.com"));
    assert_eq!(mended.await.status, 201);
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    let Shop { vendor, reseller } = shop(Duration::ZERO).await;
    let other = Reseller::new(&vendor, "Southern Hosting");
    let mine = reseller.keyed("key", "POST", "/users", ada("ada@example.com"));
    assert_eq!(mine.await.status, 201);
    let theirs = other.keyed("key", "POST", "/users", ada("bob@example.com"));
    assert_eq!(theirs.await.status, 201);
}

#[tokio::test]
async fn reads_take_no_notice_of_a_key() {
    let Shop {
        vendor: _running,
        reseller,
    } = shop(Duration::ZERO).await;
    let before = reseller.keyed("key", "GET", "/users", json!({})).await;
    assert_eq!(before.body["meta"]["total"], 0);
    reseller.user("ada@example.com").await;
    let after = reseller.keyed("key", "GET", "/users", json!({})).await;
    assert_eq!(after.body["meta"]["total"], 1);
}

#[tokio::test]
async fn a_vendor_without_them_ignores_keys() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    for _ in 0..2 {
        let order = reseller.keyed("order-1", "POST", "/services", pro(user, "example.com"));
        assert_eq!(order.await.status, 201);
    }
    assert_eq!(vendor.live_services().unwrap().len(), 2);
}
