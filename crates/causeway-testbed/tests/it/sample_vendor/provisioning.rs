//! A vendor that builds a service after it has answered.

use std::time::Duration;

use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings, ServiceStatus};
use serde_json::{Value, json};

use super::{Answer, NONE, Shop, ids, pro};

async fn shop(provisioning: Provisioning) -> Shop {
    Shop::open_with(SampleVendorSettings {
        provisioning,
        ..SampleVendorSettings::default()
    })
    .await
}

async fn ordered(shop: &Shop) -> Answer {
    let user = shop.reseller.user("ada@example.com").await;
    let input = pro(user, "example.com");
    let created = shop.reseller.call("POST", "/services", input).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["status"], "pending");
    assert_eq!(created.body["license"]["key"], Value::Null);
    created
}

#[tokio::test]
async fn a_service_becomes_active_after_some_reads_alone_or_in_a_list() {
    let shop = shop(Provisioning::PendingForReads(2)).await;
    ordered(&shop).await;
    let read = shop.reseller.get("/services/1").await;
    assert_eq!(read.body["status"], "pending");
    assert_eq!(
        ids(&shop.reseller.get("/services?domain=other.example").await),
        NONE
    );
    let list = shop.reseller.get("/services?domain=example.com").await;
    assert_eq!(list.body["data"][0]["status"], "pending");
    let active = shop.reseller.get("/services/1").await;
    assert_eq!(active.body["status"], "active");
    let key = active.body["license"]["key"].as_str().unwrap();
    assert_eq!(
        shop.vendor.services().unwrap()[0].license_key.as_deref(),
        Some(key)
    );
    assert_eq!(shop.reseller.get("/services/1").await.body, active.body);
}

#[tokio::test]
async fn pending_for_no_read_is_active_in_the_first() {
    let shop = shop(Provisioning::PendingForReads(0)).await;
    ordered(&shop).await;
    assert_eq!(
        shop.reseller.get("/services/1").await.body["status"],
        "active"
    );
}

#[tokio::test]
async fn provisioning_can_fail_in_the_end() {
    let shop = shop(Provisioning::FailsAfterReads(1)).await;
    ordered(&shop).await;
    assert_eq!(
        shop.reseller.get("/services/1").await.body["status"],
        "pending"
    );
    for _ in 0..2 {
        let failed = shop.reseller.get("/services/1").await;
        assert_eq!(failed.body["status"], "failed");
        assert_eq!(failed.body["license"]["key"], Value::Null);
    }
    let refused = shop.reseller.post("/services/1/suspend").await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.message(),
        "The provisioning of this service has failed."
    );
    assert_eq!(shop.reseller.delete("/services/1").await.status, 204);
}

#[tokio::test]
async fn a_pending_service_cannot_be_used_but_can_be_terminated() {
    let shop = shop(Provisioning::PendingForReads(9)).await;
    ordered(&shop).await;
    for (method, path) in [
        ("POST", "/services/1/suspend"),
        ("POST", "/services/1/unsuspend"),
        ("POST", "/services/1/login-link"),
        ("PATCH", "/services/1"),
    ] {
        let input = json!({ "plan": "basic" });
        let refused = shop.reseller.call(method, path, input).await;
        assert_eq!(refused.status, 409, "{method} {path}");
        assert_eq!(
            refused.message(),
            "This service is still being provisioned."
        );
    }
    assert_eq!(shop.reseller.delete("/services/1").await.status, 204);
}

#[tokio::test]
async fn a_service_becomes_active_after_a_time() {
    let shop = shop(Provisioning::PendingFor(Duration::from_millis(300))).await;
    ordered(&shop).await;
    let status = || shop.vendor.services().unwrap()[0].status;
    assert_eq!(status(), ServiceStatus::Pending);
    let provisioned = async {
        while status() == ServiceStatus::Pending {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), provisioned)
        .await
        .expect("the service is provisioned within seconds");
    let active = shop.reseller.get("/services/1").await;
    assert_eq!(active.body["status"], "active");
    assert!(active.body["license"]["key"].is_string());
}
