//! The gateway or the vendor is away.

use std::time::{Duration, Instant};

use crate::bridge::{Bridge, all_good, is_one_line};

#[tokio::test]
async fn with_the_gateway_down_staff_read_why_and_the_customer_still_sees_the_key() {
    let mut bridge = Bridge::start().await;
    let first = bridge.order("ada@example.com", "example.com").await;
    all_good(&first.pays().await.unwrap());
    bridge.kill_gateway();

    let second = bridge.order("bob@example.com", "bob.example").await;
    let began = Instant::now();
    let calls = second.pays().await.unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "within the connect timeout"
    );
    assert!(!calls[0].success);
    is_one_line(&calls[0].message);
    assert!(
        calls[0].message.contains("could not be reached"),
        "{}",
        calls[0].message
    );

    let page = first.service().unwrap().client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()), "{}", page.html);

    bridge.start_gateway(&[]).await;
    all_good(&bridge.whmcs.retry_queue().await.unwrap());
    assert_eq!(bridge.counts(), (2, 2));
}

#[tokio::test]
async fn another_providers_token_neither_sees_nor_touches_a_service() {
    let bridge = Bridge::start().await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let other = bridge.add_provider("rainy");
    let reference = format!("service-{}", order.service().unwrap().id().0);
    let url = format!(
        "{}/v1/services/shieldpress/{reference}",
        bridge.gateway_url()
    );
    let ask = |token: &str| reqwest::Client::new().get(&url).bearer_auth(token).send();
    assert_eq!(ask(&bridge.token).await.unwrap().status(), 200);
    assert_eq!(ask(&other).await.unwrap().status(), 404);
}
