//! Random histories of every definition end right, and one seed is one history.

use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use causeway_simulation::{Met, SimulationSettings, run_many, shrink, tell};

use crate::{DEFINITIONS, definition};

/// Enough to meet every situation; `cargo run --example histories` plays as many as are asked for.
const EACH: u64 = 400;

#[test]
fn every_random_history_ends_right_and_every_situation_is_met() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let base = u64::from(now.subsec_nanos()) << 16;
    let threads = available_parallelism().map_or(1, usize::from);
    let settings = SimulationSettings::default();
    let mut met = Met::default();
    for (name, _) in DEFINITIONS {
        println!("{name}: seeds {base} to {}", base + EACH);
        let definition = definition(name);
        let report = run_many(
            &definition,
            &settings,
            base..base + EACH,
            threads,
            &|report| report.failures.is_empty(),
        );
        if let Some(failure) = report.failures.into_iter().next() {
            panic!("{name}, {}", shrink(&definition, failure));
        }
        assert_eq!(report.histories, EACH);
        met.add(&report.met);
    }
    // What is rarer than this may be missed by chance.
    let missing = met.missing();
    assert!(missing.len() <= 6, "never met: {missing:?}\n{met}");
}

#[test]
fn one_seed_is_one_history_to_the_last_word() {
    let definition = definition("without keys");
    let settings = SimulationSettings::default();
    for seed in 0..20 {
        let [first, second] = [(); 2].map(|()| tell(&definition, &settings, seed).unwrap());
        assert!(first.story.contains(&format!("seed {seed}\n")));
        assert!(first == second, "seed {seed} is played in two ways");
    }
    let other = tell(&definition, &settings, 21).unwrap();
    assert_ne!(other.story, tell(&definition, &settings, 20).unwrap().story);
}
