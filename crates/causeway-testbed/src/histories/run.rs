//! Many histories, taken from one list of seeds by many lanes at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::history::History;
use super::play::{HistoryResult, play};
use super::shrink::shorter;
use crate::matrix::parts::{Game, Lane, LaneSettings, MatrixError, play_all};

/// How often a wrong history is played again to make it shorter.
const MOST_REPLAYS: usize = 40;

/// Which histories are played.
#[derive(Debug, Clone, Copy)]
pub struct Seeds {
    /// The first seed.
    pub first: u64,
    /// How many, one after the other.
    pub count: u64,
    /// How many lanes play at once.
    pub lanes: usize,
}

/// What the histories have shown.
#[derive(Debug, Default, Serialize)]
pub struct HistoriesReport {
    /// How many were played.
    pub played: u64,
    /// Those that ended wrong, made as short as they go on doing so.
    pub wrong: Vec<HistoryResult>,
    /// How often a fault struck.
    pub struck: u64,
    /// How often a gateway was killed.
    pub kills: u64,
    /// How often a person had to decide.
    pub decisions: u64,
    /// How long it took.
    #[serde(skip)]
    pub took: Duration,
}

/// Plays the histories of these seeds. `progress` is told of each.
///
/// # Errors
/// A part could not be started, or failed.
pub async fn run(
    settings: Arc<LaneSettings>,
    seeds: Seeds,
    mut progress: impl FnMut(&HistoryResult),
) -> Result<HistoriesReport, MatrixError> {
    let began = Instant::now();
    let all = (0..seeds.count).map(|number| seeds.first.wrapping_add(number));
    let game = Arc::new(Histories {
        settings: Arc::clone(&settings),
    });
    let mut report = HistoriesReport::default();
    play_all(game, &settings, all, seeds.lanes, None, |result| {
        progress(&result);
        report.played += 1;
        report.struck += u64::from(result.struck);
        report.kills += u64::from(result.kills);
        report.decisions += u64::from(result.decisions);
        if !result.complaints.is_empty() {
            report.wrong.push(result);
        }
    })
    .await?;
    report.took = began.elapsed();
    Ok(report)
}

/// Each seed's history as lanes play it.
struct Histories {
    settings: Arc<LaneSettings>,
}

impl Game for Histories {
    type Item = u64;
    type Outcome = HistoryResult;

    async fn play(&self, lane: &mut Lane, seed: &u64) -> Result<HistoryResult, MatrixError> {
        let history = History::of(*seed, lane.nodes.len());
        play(lane, &history).await
    }

    fn is_right(result: &HistoryResult) -> bool {
        result.complaints.is_empty()
    }

    async fn look_into(&self, wrong: HistoryResult) -> Result<HistoryResult, MatrixError> {
        shrunk(&self.settings, wrong).await
    }
}

/// The shortest history found that still ends wrong; each is played in a lane of its own.
async fn shrunk(
    settings: &Arc<LaneSettings>,
    mut wrong: HistoryResult,
) -> Result<HistoryResult, MatrixError> {
    let mut replays = 0;
    'again: loop {
        for history in shorter(&wrong.history) {
            if replays == MOST_REPLAYS {
                return Ok(wrong);
            }
            replays += 1;
            let mut lane = Lane::start(Arc::clone(settings)).await?;
            let result = play(&mut lane, &history).await?;
            if !result.complaints.is_empty() {
                wrong = result;
                continue 'again;
            }
        }
        return Ok(wrong);
    }
}
