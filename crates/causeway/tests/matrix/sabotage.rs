//! A test of the tests: a gateway that breaks a rule on purpose is found out, by a case that names the
//! fault; the whole one passes the same case.

use causeway_testbed::matrix::LaneSettings;

use crate::support::{SHIELDPRESS, example, play, settings, wrong};

async fn is_found_out(sabotage: &str, case: &str, complaint: &str) {
    let whole = play(settings(SHIELDPRESS), &[case]).await;
    assert_eq!(wrong(&whole), [], "the whole gateway");
    let broken = LaneSettings {
        gateway_program: Some(example("sabotaged_gateway")),
        gateway_arguments: vec!["--sabotage".to_owned(), sabotage.to_owned()],
        ..settings(SHIELDPRESS)
    };
    let broken = play(broken, &[case]).await;
    let wrong = wrong(&broken);
    assert_eq!(wrong.len(), 1, "{sabotage} was not noticed");
    let (name, said) = &wrong[0];
    assert_eq!(name, case);
    assert!(said.contains(complaint), "{said}");
    let evidence = broken.results[0].evidence.as_ref().unwrap();
    assert!(!evidence.exchanges.is_empty() && !evidence.told.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_without_looking() {
    is_found_out(
        "sends-without-looking",
        "create.subscription.create/reset_after/queue",
        "doubled",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn committing_the_outcome_before_the_properties() {
    is_found_out(
        "outcome-before-properties",
        "create.subscription.create/slow_drip/killed",
        "WHMCS has still not been told a success",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_no_turns_at_the_user() {
    is_found_out(
        "no-turns",
        "create_together.user.create/act_late/queue",
        "2 users",
    )
    .await;
}
