//! The whole matrix: cases taken from one list by many lanes at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::case::{CasePattern, ExchangeName, Scenario};
use super::error::MatrixError;
use super::lane::{Lane, LaneSettings};
use super::plan::{Case, Reached, cases, scenarios};
use super::play::{CaseResult, Verdict};

/// What is to be played.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only cases that one of these patterns matches; all when there is none.
    pub patterns: Vec<CasePattern>,
    /// How many lanes play at once.
    pub lanes: usize,
    /// Whether to stop at the first case that ends wrong.
    pub stop_at_first: bool,
}

/// What a matrix has shown.
#[derive(Debug, Serialize)]
pub struct MatrixReport {
    /// The definition's name.
    pub definition: String,
    /// `sqlite` or `postgres`.
    pub journal: &'static str,
    /// The exchanges that were disturbed.
    pub exchanges: Vec<Reached>,
    /// Exchanges that the definition describes and an undisturbed run does not make: never disturbed.
    #[serde(serialize_with = "as_texts")]
    pub not_reached: Vec<ExchangeName>,
    /// Each case that was played, in the order of the names.
    pub results: Vec<CaseResult>,
    /// When it began.
    pub began_at: Timestamp,
    /// How long it took.
    #[serde(skip)]
    pub took: Duration,
}

fn as_texts<S: serde::Serializer>(
    names: &[ExchangeName],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(names.iter().map(ToString::to_string))
}

impl MatrixReport {
    /// How many cases ended wrong.
    #[must_use]
    pub fn wrong(&self) -> usize {
        self.results
            .iter()
            .filter(|result| !result.is_right())
            .count()
    }

    /// How many cases ended right after a person's decision.
    #[must_use]
    pub fn decided(&self) -> usize {
        let decided = |result: &&CaseResult| result.verdict == Verdict::RightAfterDecision;
        self.results.iter().filter(decided).count()
    }
}

/// What happens while a matrix is played.
#[derive(Debug)]
pub enum Progress {
    /// The undisturbed runs are done: so many cases are to be played.
    Planned {
        /// How many.
        cases: usize,
    },
    /// One case was played.
    Played(Box<CaseResult>),
}

/// Plays the matrix.
///
/// # Errors
/// A scenario goes wrong undisturbed, or a part could not be started.
pub async fn run(
    settings: Arc<LaneSettings>,
    selection: Selection,
    mut progress: impl FnMut(Progress),
) -> Result<MatrixReport, MatrixError> {
    let (began, began_at) = (Instant::now(), Timestamp::now());
    let patterns = &selection.patterns;
    let wanted = |scenario: &Scenario| {
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.reaches(*scenario))
    };
    let mut first = Lane::start(Arc::clone(&settings)).await?;
    first.start_whole_gateways().await?;
    let (mut exchanges, mut not_reached) = (Vec::new(), Vec::new());
    let scenarios = scenarios(&settings.definition);
    for scenario in scenarios.into_iter().filter(wanted) {
        let (found, missed) = first.discover(scenario).await?;
        exchanges.extend(found);
        not_reached.extend(missed);
    }
    first.stop_gateways().await;
    let several_nodes = first.nodes.len() > 1;
    let mut planned = cases(&exchanges, several_nodes);
    if !selection.patterns.is_empty() {
        planned.retain(|case| {
            let mut patterns = selection.patterns.iter();
            patterns.any(|pattern| pattern.matches(&case.name))
        });
    }
    progress(Progress::Planned {
        cases: planned.len(),
    });
    let lanes = selection.lanes.clamp(1, planned.len().max(1));
    // Those that wait longest come first, so that no lane is left alone with them at the end.
    planned.sort_by_key(|case| !case.name.fault.outlasts_the_caller());
    let (tell, mut told) = mpsc::unbounded_channel();
    let desk = Arc::new(Desk {
        waiting: Mutex::new(planned.into()),
        tell,
        settings: Arc::clone(&settings),
        stop_at_first: selection.stop_at_first,
    });
    let mut tasks = JoinSet::new();
    let mut ready = Some(first);
    for _ in 0..lanes {
        tasks.spawn(Arc::clone(&desk).work(ready.take()));
    }
    drop(desk);
    let mut results = Vec::new();
    while let Some(result) = told.recv().await {
        progress(Progress::Played(Box::new(result.clone())));
        results.push(result);
    }
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(result) => result?,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => continue,
            },
        }
    }
    results.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(MatrixReport {
        definition: settings.definition.service.name.clone(),
        journal: settings.journal.name(),
        exchanges,
        not_reached,
        results,
        began_at,
        took: began.elapsed(),
    })
}

/// Where lanes take cases and leave results.
struct Desk {
    waiting: Mutex<VecDeque<Case>>,
    tell: mpsc::UnboundedSender<CaseResult>,
    settings: Arc<LaneSettings>,
    stop_at_first: bool,
}

impl Desk {
    async fn work(self: Arc<Self>, mut lane: Option<Lane>) -> Result<(), MatrixError> {
        while let Some(case) = self.next(lane.as_ref()) {
            let mut present = match lane.take() {
                Some(lane) => lane,
                None => Lane::start(Arc::clone(&self.settings)).await?,
            };
            let result = match present.play(&case).await {
                Ok(result) => result,
                // A part broke down, so the case has proven nothing: once more, with all parts new.
                Err(_) => {
                    present = Lane::start(Arc::clone(&self.settings)).await?;
                    present.play(&case).await?
                }
            };
            if result.is_right() {
                lane = Some(present);
            } else if self.stop_at_first {
                self.lock().clear();
            }
            if self.tell.send(result).is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The next case; of those that take as long, one that begins with what this lane's last case left
    /// behind: nothing has to be bought for it.
    fn next(&self, lane: Option<&Lane>) -> Option<Case> {
        let mut waiting = self.lock();
        let takes_long = waiting.front()?.name.fault.outlasts_the_caller();
        let fits = |case: &Case| {
            case.name.fault.outlasts_the_caller() == takes_long
                && lane.is_some_and(|lane| lane.has_spare_for(&case.name))
        };
        let position = waiting.iter().position(fits).unwrap_or(0);
        waiting.remove(position)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Case>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
