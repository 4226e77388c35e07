//! Many histories, taken from one list of seeds by many lanes at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::history::History;
use super::play::{HistoryResult, play};
use super::shrink::shorter;
use crate::matrix::parts::{Lane, LaneSettings, MatrixError};

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
    let all: VecDeque<u64> = (0..seeds.count)
        .map(|number| seeds.first.wrapping_add(number))
        .collect();
    let waiting = Arc::new(Mutex::new(all));
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for _ in 0..seeds.lanes.max(1) {
        let (settings, waiting) = (Arc::clone(&settings), Arc::clone(&waiting));
        tasks.spawn(work(settings, waiting, tell.clone()));
    }
    drop(tell);
    let mut report = HistoriesReport::default();
    while let Some(result) = told.recv().await {
        progress(&result);
        report.played += 1;
        report.struck += u64::from(result.struck);
        report.kills += u64::from(result.kills);
        report.decisions += u64::from(result.decisions);
        if !result.complaints.is_empty() {
            report.wrong.push(result);
        }
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
    report.took = began.elapsed();
    Ok(report)
}

async fn work(
    settings: Arc<LaneSettings>,
    waiting: Arc<Mutex<VecDeque<u64>>>,
    tell: mpsc::UnboundedSender<HistoryResult>,
) -> Result<(), MatrixError> {
    let next = || {
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    };
    let mut lane: Option<Lane> = None;
    while let Some(seed) = next() {
        let mut present = match lane.take() {
            Some(lane) => lane,
            None => Lane::start(Arc::clone(&settings)).await?,
        };
        let history = History::of(seed, present.nodes.len());
        let mut result = match play(&mut present, &history).await {
            Ok(result) => result,
            // A part broke down, so the history has proven nothing: once more, with all parts new.
            Err(_) => {
                present = Lane::start(Arc::clone(&settings)).await?;
                play(&mut present, &history).await?
            }
        };
        if result.complaints.is_empty() {
            lane = Some(present);
        } else {
            drop(present);
            result = shrunk(&settings, result).await?;
        }
        if tell.send(result).is_err() {
            return Ok(());
        }
    }
    Ok(())
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
