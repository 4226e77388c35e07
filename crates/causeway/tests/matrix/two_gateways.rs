//! Two gateways on one PostgreSQL, of which one dies; the database dies, too, and comes back. The same
//! with 500 creates: `cargo run -p causeway --example two_gateways`.

use std::sync::Arc;
use std::time::Duration;

use causeway_testbed::matrix::{LaneSettings, VendorSettings, two_gateways};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use causeway_testbed::sample_vendor::SampleVendorSettings;

use crate::support::{SHIELDPRESS, settings, vendor};

const CREATES: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_and_nothing_doubled_when_one_dies_and_the_database_restarts() {
    let server = tokio::task::spawn_blocking(|| {
        PostgresServer::start_new(PostgresSettings::default()).unwrap()
    });
    let settings = LaneSettings {
        vendor: VendorSettings::Sample(SampleVendorSettings {
            latency: Duration::from_millis(100),
            // A user that one gateway has made is not at once shown to the other one.
            list_lag: Duration::from_millis(600),
            ..vendor()
        }),
        php_workers: 16,
        ..settings(SHIELDPRESS)
    };
    let report = two_gateways(settings, Arc::new(server.await.unwrap()), CREATES)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    println!("{report}");
    assert_eq!(report.complaints, Vec::<String>::new(), "{report}");
    assert!(
        report.with_outage.abandoned > 0 && report.open_at_outage > 0,
        "nothing was under way, so nothing is proven: {report}"
    );
}
