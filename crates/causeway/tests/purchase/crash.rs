//! The gateway is killed at the worst moments, and started again.

use crate::bridge::{Bridge, all_good};

/// Kills the gateway at the point, starts it again, and lets WHMCS's queue try once more.
async fn killed_at(point: &str) {
    let mut bridge = Bridge::start().await;
    bridge.kill_gateway();
    bridge.start_gateway(&["--crash-at", point]).await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let due = order.pays_without_running().await.unwrap();
    let whmcs = bridge.whmcs.clone();
    let call = tokio::spawn(async move { whmcs.run_due(&due[0]).await });
    bridge.gateway_has_died().await;
    let outcome = call.await.unwrap().unwrap();
    assert!(!outcome.success, "nobody was there to answer");

    bridge.start_gateway(&[]).await;
    all_good(&bridge.whmcs.retry_queue().await.unwrap());
    assert_eq!(
        bridge.counts(),
        (1, 1),
        "{point}: {:#?}",
        bridge.vendor_calls(0)
    );
    let service = order.service().unwrap();
    all_good(&[service.run("CreateAccount").await.unwrap()]);
    assert_eq!(bridge.counts(), (1, 1), "{point}");
    let page = service.client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()));
}

#[tokio::test]
async fn killed_between_the_vendors_answer_and_the_commit() {
    killed_at("create.subscription.create.answered").await;
}

#[tokio::test]
async fn killed_between_the_users_answer_and_the_commit() {
    killed_at("create.user.create.answered").await;
}

#[tokio::test]
async fn killed_between_the_intent_and_the_request() {
    killed_at("create.subscription.create.intended").await;
}

#[tokio::test]
async fn a_killed_gateway_finishes_by_itself_what_it_began() {
    let mut bridge = Bridge::start().await;
    bridge.kill_gateway();
    bridge
        .start_gateway(&["--crash-at", "create.subscription.create.answered"])
        .await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let due = order.pays_without_running().await.unwrap();
    let whmcs = bridge.whmcs.clone();
    let call = tokio::spawn(async move { whmcs.run_due(&due[0]).await });
    bridge.gateway_has_died().await;
    call.await.unwrap().unwrap();

    bridge.start_gateway(&[]).await;
    bridge.log_says("succeeded").await;
    let (good, output, errors) = bridge.causeway(&["operations", "--json"], "");
    assert!(good, "{errors}");
    assert!(
        output.contains("succeeded") && !output.contains("\"open\""),
        "{output}"
    );
    assert_eq!(bridge.counts(), (1, 1));
}
