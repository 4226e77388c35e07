//! The gateway is killed at every point at which it awaits or commits something, on both journals.

use std::sync::Arc;

use causeway_testbed::matrix::{JournalSettings, LaneSettings, crash_points};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};

use crate::support::{SHIELDPRESS, settings};

const LANES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_anywhere_loses_nothing_on_sqlite() {
    kill_everywhere(settings(SHIELDPRESS)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_anywhere_loses_nothing_on_postgresql() {
    let start = || {
        let settings = PostgresSettings {
            fsync: false,
            connections: 400,
        };
        PostgresServer::start_new(settings).unwrap()
    };
    let server = tokio::task::spawn_blocking(start).await.unwrap();
    kill_everywhere(LaneSettings {
        journal: JournalSettings::Postgres(Arc::new(server)),
        ..settings(SHIELDPRESS)
    })
    .await;
}

async fn kill_everywhere(settings: LaneSettings) {
    let report = crash_points(Arc::new(settings), LANES, |_| ())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let points: Vec<&str> = report.deaths.iter().map(|death| &*death.point).collect();
    for point in [
        "create.accepted#1",
        "create.user.turn#1",
        "create.user.create.intended#1",
        "create.user.create.answered#1",
        "create.subscription.committing#1",
        "create.ended#1",
        "terminate.terminate.call.answered#1",
    ] {
        assert!(points.contains(&point), "{point} is not among {points:?}");
    }
    for death in &report.deaths {
        assert!(death.complaints.is_empty() && !death.decided, "{death:?}");
    }
    println!("{} deaths in {:?}", report.deaths.len(), report.took);
}
