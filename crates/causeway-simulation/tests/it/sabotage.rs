//! A bridge that is broken on purpose is found out, and the shrunk history is short.

use std::ops::Range;

use causeway_simulation::history::What;
use causeway_simulation::{Failure, Sabotage, SimulationSettings, replay, run_many, shrink};

use crate::definition;

/// The first failing history of these seeds, shrunk. Seeds that begin high begin not far before it, so
/// that the test is quick; a campaign from 0 finds the same.
fn found(sabotage: Sabotage, name: &str, seeds: Range<u64>) -> Failure {
    let definition = definition(name);
    let settings = SimulationSettings {
        sabotage: Some(sabotage),
        ..SimulationSettings::default()
    };
    let report = run_many(&definition, &settings, seeds, 2, &|report| {
        report.failures.is_empty()
    });
    let failure = report.failures.into_iter().next();
    let failure = failure.unwrap_or_else(|| panic!("nobody noticed that the bridge {sabotage}"));
    let length = failure.history.events.len();
    let shrunk = shrink(&definition, failure);
    println!("{shrunk}");
    assert!(shrunk.history.events.len() <= length);
    assert!(
        shrunk
            .story
            .contains(&format!("on purpose, the bridge {sabotage}"))
    );
    // It is the sabotage that makes it wrong, and the same history is wrong each time.
    let again = replay(&definition, &shrunk.history, &settings).unwrap_err();
    assert_eq!(*again, shrunk);
    let whole = SimulationSettings::default();
    if let Err(failure) = replay(&definition, &shrunk.history, &whole) {
        panic!("it fails without any sabotage: {failure}");
    }
    shrunk
}

fn has(failure: &Failure, fits: impl Fn(&What) -> bool) -> bool {
    failure.history.events.iter().any(|event| fits(&event.what))
}

#[test]
fn sending_again_without_looking() {
    let failure = found(
        Sabotage::SendsAgainWithoutLooking,
        "without find and key",
        0..5_000,
    );
    assert!(failure.wrong.contains("were bought"), "{}", failure.wrong);
}

#[test]
fn the_outcome_before_the_properties() {
    let failure = found(
        Sabotage::OutcomeBeforeProperties,
        "without keys",
        7_400..20_000,
    );
    assert!(has(&failure, |what| matches!(what, What::Kill { .. })));
}

#[test]
fn sending_before_the_intent() {
    let failure = found(
        Sabotage::SendsBeforeIntent,
        "without find and key",
        0..20_000,
    );
    assert!(has(&failure, |what| matches!(what, What::Kill { .. })));
}

#[test]
fn no_turns() {
    found(Sabotage::NoTurns, "without keys", 0..20_000);
}

#[test]
fn adoption_that_is_not_exclusive() {
    let failure = found(
        Sabotage::AdoptionNotExclusive,
        "without keys",
        4_500..50_000,
    );
    assert!(failure.history.surroundings.services.len() > 1);
}

#[test]
fn commits_of_a_gateway_that_was_taken_for_dead() {
    let failure = found(Sabotage::StaleGatewayCommits, "without keys", 0..50_000);
    assert!(failure.history.surroundings.nodes > 1);
}

#[test]
fn sending_without_a_lease() {
    let failure = found(Sabotage::LeaseNotChecked, "without keys", 40_100..200_000);
    assert!(has(&failure, |what| matches!(
        what,
        What::Pause { .. } | What::JournalAway { .. }
    )));
}
