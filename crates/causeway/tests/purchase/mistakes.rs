//! A definition that is wrong about the vendor, and the same order once it is mended.

use causeway_testbed::emulator::Status;
use causeway_testbed::sample_vendor::SampleVendorSettings;

use crate::bridge::{Bridge, SHIELDPRESS, all_good, is_one_line, only_message};

/// Orders with a wrong definition, mends it, and lets the queue try again.
async fn mended(wrong: String, reason: &str) {
    assert_ne!(wrong, SHIELDPRESS, "the mistake was made");
    let mut bridge = Bridge::with(&wrong, SampleVendorSettings::default()).await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let calls = order.pays().await.unwrap();
    assert!(!calls[0].success);
    is_one_line(only_message(&calls));
    assert!(
        only_message(&calls).contains(reason),
        "{}",
        only_message(&calls)
    );
    assert_eq!(
        order.service().unwrap().status().await.unwrap(),
        Status::Pending
    );

    bridge.kill_gateway();
    std::fs::write(bridge.path("shieldpress.toml"), SHIELDPRESS).unwrap();
    bridge.start_gateway(&[]).await;
    all_good(&bridge.whmcs.retry_queue().await.unwrap());
    assert_eq!(
        order.service().unwrap().status().await.unwrap(),
        Status::Active
    );
    assert_eq!(bridge.counts(), (1, 1));
}

#[tokio::test]
async fn a_password_that_is_not_confirmed() {
    let wrong = SHIELDPRESS.replace(
        ", password_confirmation = \"{{ password }}\" } }\nkeep",
        " } }\nkeep",
    );
    mended(wrong, "password field confirmation does not match").await;
}

#[tokio::test]
async fn a_foreign_key_that_the_vendor_answers_with_a_bare_500() {
    mended(
        SHIELDPRESS.replace("type_id = 1", "type_id = 0"),
        "Server Error (HTTP 500)",
    )
    .await;
}
