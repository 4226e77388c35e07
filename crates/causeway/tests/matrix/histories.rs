//! Random histories with real parts: the whole gateway brings them all to a right end, and one that
//! breaks a rule is found out.

use std::sync::Arc;

use causeway_testbed::histories::{HistoriesReport, Seeds, run};
use causeway_testbed::matrix::LaneSettings;

use crate::support::{SHIELDPRESS, example, settings};

async fn play(settings: LaneSettings, first: u64, count: u64) -> HistoriesReport {
    let seeds = Seeds {
        first,
        count,
        lanes: 3,
    };
    run(Arc::new(settings), seeds, |_| ())
        .await
        .unwrap_or_else(|error| panic!("seeds from {first}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_from_a_seed_that_nobody_chose_end_right() {
    let first = u64::from(std::process::id()) << 20;
    println!("seeds from {first} on");
    let report = play(settings(SHIELDPRESS), first, 12).await;
    assert_eq!(report.played, 12);
    let wrong: Vec<_> = report
        .wrong
        .iter()
        .map(|wrong| (&wrong.history, &wrong.complaints))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_never_looks_is_found_out_and_the_story_is_short() {
    let broken = LaneSettings {
        gateway_program: Some(example("sabotaged_gateway")),
        gateway_arguments: ["--sabotage", "sends-without-looking"]
            .map(str::to_owned)
            .into(),
        ..settings(SHIELDPRESS)
    };
    let report = play(broken, 1_010, 3).await;
    let shortest = report.wrong.iter().map(|wrong| wrong.history.rounds.len());
    let shortest = shortest.min().expect("it was not noticed");
    assert!(shortest <= 2, "{:#?}", report.wrong);
}
