//! The whole matrix: cases taken from one list by many lanes at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;

use super::case::{CasePattern, ExchangeName};
use super::error::MatrixError;
use super::lane::{Lane, LaneSettings};
use super::lanes::{Game, play_all};
use super::list::Planned;
use super::plan::{Case, Reached};
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
    /// The vendor that was given by its address; none for the sample vendor.
    pub vendor: Option<GivenVendorReport>,
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

/// A vendor that was given by its address.
#[derive(Debug, Clone, Serialize)]
pub struct GivenVendorReport {
    /// Its address.
    pub url: String,
    /// What stands in the e-mail address of every customer of the run, and begins each domain.
    pub run: String,
    /// What the run has left behind there, so far as it is known.
    pub left_behind: Vec<String>,
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
            .filter(|result| result.is_wrong())
            .count()
    }

    /// Of how many cases not all could be read.
    #[must_use]
    pub fn not_known(&self) -> usize {
        let not_known = |result: &&CaseResult| matches!(result.verdict, Verdict::NotKnown { .. });
        self.results.iter().filter(not_known).count()
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
    let mut first = Lane::start(Arc::clone(&settings)).await?;
    let planned = match first.plan(&selection.patterns).await {
        Ok(planned) => planned,
        Err(error) => {
            first.end().await;
            return Err(error);
        }
    };
    let Planned {
        exchanges,
        not_reached,
        mut cases,
    } = planned;
    progress(Progress::Planned { cases: cases.len() });
    let lanes = selection.lanes.clamp(1, cases.len().max(1));
    // Those that wait longest come first, so that no lane is left alone with them at the end.
    cases.sort_by_key(|case| !case.name.fault.outlasts_the_caller());
    let game = Arc::new(Matrix {
        stop_at_first: selection.stop_at_first,
    });
    let mut results = Vec::new();
    play_all(game, &settings, cases, lanes, Some(first), |result| {
        progress(Progress::Played(Box::new(result.clone())));
        results.push(result);
    })
    .await?;
    results.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(MatrixReport {
        definition: settings.definition.service.name.clone(),
        journal: settings.journal.name(),
        vendor: settings.vendor.given().map(|vendor| GivenVendorReport {
            url: vendor.api().to_string(),
            run: vendor.run().to_owned(),
            left_behind: vendor.left_behind(),
        }),
        exchanges,
        not_reached,
        results,
        began_at,
        took: began.elapsed(),
    })
}

/// The cases as lanes play them.
struct Matrix {
    stop_at_first: bool,
}

impl Game for Matrix {
    type Item = Case;
    type Outcome = CaseResult;

    async fn play(&self, lane: &mut Lane, case: &Case) -> Result<CaseResult, MatrixError> {
        lane.play(case).await
    }

    fn is_right(result: &CaseResult) -> bool {
        !result.is_wrong()
    }

    /// Of those that take as long as the first, one that begins with what this lane's last case left
    /// behind: nothing has to be bought for it.
    fn choose(&self, waiting: &VecDeque<Case>, lane: Option<&Lane>) -> usize {
        let takes_long = |case: &Case| case.name.fault.outlasts_the_caller();
        let (Some(first), Some(lane)) = (waiting.front(), lane) else {
            return 0;
        };
        let fits =
            |case: &Case| takes_long(case) == takes_long(first) && lane.has_spare_for(&case.name);
        waiting.iter().position(fits).unwrap_or(0)
    }

    fn stops_at_first(&self) -> bool {
        self.stop_at_first
    }
}
