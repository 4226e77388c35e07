//! Many histories, on every core.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use causeway_definition::Definition;

use crate::failure::Failure;
use crate::history::History;
use crate::met::Met;
use crate::play::{Summary, play};
use crate::settings::SimulationSettings;

/// How many failing histories are kept; a broken engine fails everywhere.
const MOST_FAILURES: usize = 10;

/// How many histories a thread takes at a time.
const PORTION: u64 = 64;

/// What came of a campaign.
#[derive(Debug, Default)]
pub struct Report {
    /// How many histories were played.
    pub histories: u64,
    /// How many of them did not end right.
    pub failed: u64,
    /// The first of these that were found.
    pub failures: Vec<Failure>,
    /// What was met in all of them.
    pub met: Met,
    /// How many scheduling points they had.
    pub steps: u64,
    /// How long they lasted in simulated time.
    pub simulated: Duration,
    /// How long that took.
    pub took: Duration,
}

/// Plays the history of a seed.
///
/// # Errors
/// The history did not end right; with its story.
pub fn simulate(
    definition: &Definition,
    settings: &SimulationSettings,
    seed: u64,
) -> Result<Summary, Box<Failure>> {
    let history = History::generate(definition, settings, seed);
    replay(definition, &history, settings)
}

/// Plays the history of a seed, and tells what happened in it, however it ends.
///
/// # Errors
/// The history did not end right; with its story.
pub fn tell(
    definition: &Definition,
    settings: &SimulationSettings,
    seed: u64,
) -> Result<Summary, Box<Failure>> {
    let history = History::generate(definition, settings, seed);
    play(definition, &history, settings.sabotage, true)
}

/// Plays a history.
///
/// # Errors
/// It did not end right; with its story.
pub fn replay(
    definition: &Definition,
    history: &History,
    settings: &SimulationSettings,
) -> Result<Summary, Box<Failure>> {
    // Most histories end right, and nobody reads their stories.
    match play(definition, history, settings.sabotage, false) {
        Ok(summary) => Ok(summary),
        Err(failure) => Err(play(definition, history, settings.sabotage, true)
            .err()
            .unwrap_or(failure)),
    }
}

/// Plays the histories of all these seeds on so many threads. `progress` is told now and then how many
/// histories were played; it ends the campaign early by saying `false`.
pub fn run_many(
    definition: &Definition,
    settings: &SimulationSettings,
    seeds: Range<u64>,
    threads: usize,
    progress: &(dyn Fn(&Report) -> bool + Sync),
) -> Report {
    let started = Instant::now();
    let next = AtomicU64::new(seeds.start);
    let report = Mutex::new(Report::default());
    let work = || {
        loop {
            let first = next.fetch_add(PORTION, Ordering::Relaxed);
            if first >= seeds.end {
                return;
            }
            let portion = play_portion(
                definition,
                settings,
                first..(first + PORTION).min(seeds.end),
            );
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            report.add(portion);
            report.took = started.elapsed();
            if !progress(&report) {
                next.store(seeds.end, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(work);
        }
    });
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.took = started.elapsed();
    report
}

fn play_portion(
    definition: &Definition,
    settings: &SimulationSettings,
    seeds: Range<u64>,
) -> Report {
    let mut report = Report::default();
    for seed in seeds {
        report.histories += 1;
        match simulate(definition, settings, seed) {
            Ok(summary) => {
                report.met.add(&summary.met);
                report.steps += summary.steps;
                report.simulated += summary.simulated;
            }
            Err(failure) => {
                report.failed += 1;
                if report.failures.len() < MOST_FAILURES {
                    report.failures.push(*failure);
                }
            }
        }
    }
    report
}

impl Report {
    fn add(&mut self, other: Self) {
        self.histories += other.histories;
        self.failed += other.failed;
        self.met.add(&other.met);
        self.steps += other.steps;
        self.simulated += other.simulated;
        self.failures.extend(other.failures);
        self.failures.truncate(MOST_FAILURES);
    }
}
