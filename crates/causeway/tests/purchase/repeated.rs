//! The same call more than once: in a row, at once, for two services of one client, in the wrong order.

use causeway_testbed::emulator::{Item, Status};

use crate::bridge::{Bridge, all_good, is_one_line};

#[tokio::test]
async fn creating_again_answers_with_the_same_service() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let key = bridge.vendor_key();
    let service = order.service().unwrap();
    for _ in 0..2 {
        all_good(&[service.run("CreateAccount").await.unwrap()]);
    }
    assert_eq!(bridge.counts(), (1, 1));
    assert_eq!(bridge.vendor_key(), key);
}

#[tokio::test]
async fn two_callbacks_at_once_make_one_service() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let due = order.pays_without_running().await.unwrap();
    assert_eq!(due.len(), 1);
    let (first, second) =
        tokio::join!(bridge.whmcs.run_due(&due[0]), bridge.whmcs.run_due(&due[0]));
    all_good(&[first.unwrap(), second.unwrap()]);
    assert_eq!(bridge.counts(), (1, 1));
    let page = order.service().unwrap().client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()));
}

#[tokio::test]
async fn two_services_bought_at_once_by_a_new_client_share_one_user() {
    let bridge = Bridge::start().await;
    let client = bridge.client("Ada@Example.com").await;
    let items = ["one.example", "two.example"]
        .map(|domain| Item::new(bridge.product, domain))
        .to_vec();
    let order = client.buys_all(items).await.unwrap();
    let due = order.pays_without_running().await.unwrap();
    assert_eq!(due.len(), 2);
    let (first, second) =
        tokio::join!(bridge.whmcs.run_due(&due[0]), bridge.whmcs.run_due(&due[1]));
    all_good(&[first.unwrap(), second.unwrap()]);
    assert_eq!(bridge.counts(), (1, 2));
}

#[tokio::test]
async fn a_service_removed_by_hand_can_still_be_terminated() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let at_vendor = bridge.vendor.live_services().unwrap()[0].id;
    bridge.vendor.remove_service_by_hand(at_vendor).unwrap();
    let service = order.service().unwrap();
    all_good(&[service.run("TerminateAccount").await.unwrap()]);
    assert_eq!(service.status().await.unwrap(), Status::Terminated);
}

#[tokio::test]
async fn suspending_what_was_never_created_is_a_clear_error() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let service = order.service().unwrap();
    let outcome = service.run("SuspendAccount").await.unwrap();
    assert!(!outcome.success);
    is_one_line(&outcome.message);
    assert!(
        outcome.message.contains("never created"),
        "{}",
        outcome.message
    );
    assert_eq!(service.status().await.unwrap(), Status::Pending);
}

#[tokio::test]
async fn created_again_after_termination_is_a_new_service() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let old = bridge.vendor_key();
    let service = order.service().unwrap();
    all_good(&[service.run("TerminateAccount").await.unwrap()]);
    all_good(&[service.run("CreateAccount").await.unwrap()]);
    assert_ne!(bridge.vendor_key(), old);
    let page = service.client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()) && !page.html.contains(&old));
}
