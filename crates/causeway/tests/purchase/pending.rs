//! A vendor that builds slowly: nobody is told "done" before it is.

use std::time::Duration;

use causeway_testbed::emulator::Status;
use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings};

use crate::bridge::{Bridge, SHIELDPRESS, all_good, is_one_line, only_message};

#[tokio::test]
async fn a_vendor_that_builds_for_a_moment_is_waited_for() {
    let settings = SampleVendorSettings {
        provisioning: Provisioning::PendingForReads(2),
        ..SampleVendorSettings::default()
    };
    let bridge = Bridge::with(
        &SHIELDPRESS.replace("every = \"2s\"", "every = \"200ms\""),
        settings,
    )
    .await;
    let order = bridge.order("ada@example.com", "example.com").await;
    all_good(&order.pays().await.unwrap());
    let page = order.service().unwrap().client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()));
}

#[tokio::test]
async fn a_vendor_that_builds_for_long_is_finished_by_the_cron_with_one_welcome_email() {
    let settings = SampleVendorSettings {
        provisioning: Provisioning::PendingFor(Duration::from_secs(24)),
        ..SampleVendorSettings::default()
    };
    let bridge = Bridge::with(
        &SHIELDPRESS.replace("every = \"2s\"", "every = \"500ms\""),
        settings,
    )
    .await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let calls = order.pays().await.unwrap();
    is_one_line(only_message(&calls));
    assert!(
        only_message(&calls).contains("still working on this"),
        "{}",
        only_message(&calls)
    );
    let service = order.service().unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Pending);
    assert!(
        bridge.welcome_emails().await.is_empty(),
        "no empty welcome e-mail"
    );

    bridge.whmcs.run_cron_hooks().await.unwrap();
    assert_eq!(
        service.status().await.unwrap(),
        Status::Pending,
        "not before it is done"
    );
    bridge.log_says("succeeded").await;
    bridge.whmcs.run_cron_hooks().await.unwrap();
    assert_eq!(service.status().await.unwrap(), Status::Active);
    let emails = bridge.welcome_emails().await;
    assert!(
        emails.len() == 1 && emails[0].contains(&bridge.vendor_key()),
        "{emails:?}"
    );
    let page = service.client_area().await.unwrap();
    assert!(page.html.contains(&bridge.vendor_key()));
    assert_eq!(bridge.counts(), (1, 1));
}

#[tokio::test]
async fn what_fails_after_the_caller_left_is_told_to_staff_once() {
    let settings = SampleVendorSettings {
        provisioning: Provisioning::PendingFor(Duration::from_secs(3600)),
        ..SampleVendorSettings::default()
    };
    let definition = SHIELDPRESS.replace("every = \"2s\"", "every = \"500ms\", within = \"23s\"");
    let bridge = Bridge::with(&definition, settings).await;
    let order = bridge.order("ada@example.com", "example.com").await;
    let calls = order.pays().await.unwrap();
    assert!(
        only_message(&calls).contains("still working on this"),
        "{}",
        only_message(&calls)
    );
    bridge.log_says("has not finished").await;
    let told = async || {
        let log = bridge.whmcs.database().activity_log().await.unwrap();
        log.iter()
            .filter(|line| line.contains("has not finished"))
            .count()
    };
    for _ in 0..3 {
        bridge.whmcs.run_cron_hooks().await.unwrap();
        assert_eq!(told().await, 1);
    }
}
