//! A vendor whose lists show a new service only three seconds later: with the settle time that the
//! definition sets for it, a lost answer makes no second service.

use std::time::Duration;

use causeway_testbed::matrix::VendorSettings;
use causeway_testbed::sample_vendor::SampleVendorSettings;

use crate::support::{SHIELDPRESS, play, vendor, with_times_as_they_are, wrong};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_lags_three_seconds_behind() {
    let settled = SHIELDPRESS.replace("[auth]", "timeout = \"1500ms\"\nsettle = \"4s\"\n\n[auth]");
    let mut settings = with_times_as_they_are(&settled);
    assert_eq!(settings.definition.service.settle, Duration::from_secs(4));
    settings.vendor = VendorSettings::Sample(SampleVendorSettings {
        list_lag: Duration::from_secs(3),
        ..vendor()
    });
    let cases = [
        "create.subscription.create/reset_after/queue",
        "create.subscription.create/hang_after/two_callers",
        "create.subscription.create/empty_body/killed",
        "create.user.create/reset_after/queue",
    ];
    let report = play(settings, &cases).await;
    assert_eq!(wrong(&report), []);
    assert_eq!(report.results.len(), cases.len());
    assert_eq!(report.decided(), 0);
}
