//! The whole test of a module.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::emulator::MissingKind;
use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::error::ModuleTestError;
use super::found::{Findings, Found};
use super::made::Made;
use super::plan;
use super::planted;
use super::play::{Learned, Played, Player, live};
use super::settings::{ModuleTestSettings, VendorChoice};
use super::trial::Trial;

/// How many trials that only wait are played at once.
const WAITING_AT_ONCE: usize = 24;

/// What is told while a module is tested.
#[derive(Debug, Clone, Copy)]
pub enum ModuleTestEvent<'a> {
    /// The life is over, and so many trials follow.
    Planned {
        /// How many.
        trials: usize,
    },
    /// A trial has been played.
    Played(&'a Played),
}

/// What a module was found to do.
#[derive(Debug, Clone)]
pub struct ModuleReport {
    /// The module's folder as it was named.
    pub folder: String,
    /// The module's functions without its prefix.
    pub functions: Vec<String>,
    /// A whole life when all is well, callback by callback.
    pub life: Vec<Made>,
    /// Everything that was tried beside it.
    pub trials: Vec<Played>,
    /// What was found when nothing went wrong.
    pub found_in_life: Vec<Found>,
    /// Whether it is known what the vendor has. Else a doubled create, what is left behind after a
    /// terminate, and a terminate of what is gone cannot be judged.
    pub knows_the_vendor: bool,
    /// What is wrong, the worst first.
    pub findings: Vec<Found>,
    /// What the module needs of WHMCS and the emulator lacks, with the place, and how often.
    pub not_emulated: Vec<NotEmulated>,
    /// When it began.
    pub began_at: Timestamp,
    /// How long it took.
    pub took: Duration,
}

impl ModuleReport {
    /// How many different findings there are.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.findings
            .chunk_by(|a, b| a.finding == b.finding)
            .count()
    }
}

/// Something that the emulator lacks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotEmulated {
    /// The function, class, table or API command, with the module's line that needs it.
    pub what: String,
    /// How often it was needed.
    pub times: u32,
}

/// Tests a module: its life first, and then everything that can go wrong at each exchange of it.
///
/// # Errors
/// The folder is no module, no service can be created, or a part of the test bed failed.
pub async fn run(
    settings: ModuleTestSettings,
    mut tell: impl FnMut(ModuleTestEvent<'_>),
) -> Result<ModuleReport, ModuleTestError> {
    let began = Instant::now();
    let began_at = Timestamp::now();
    let secrets = planted::secrets(&settings.server);
    let learned = live(&settings, &secrets).await?;
    let knows_the_vendor = matches!(settings.vendor, VendorChoice::Script(_));
    let trials = plan::trials(&learned, knows_the_vendor);
    tell(ModuleTestEvent::Planned {
        trials: trials.len(),
    });
    let lanes = settings.lanes;
    let folder = settings.folder.display().to_string();
    let player = Arc::new(Player::new(settings, learned, secrets));
    let played = play_all(&player, trials, lanes, &mut tell).await?;
    let Learned {
        steps,
        functions,
        found,
        ..
    } = &player.learned;
    let mut findings = Findings::default();
    let all = found.iter().chain(played.iter().flat_map(|one| &one.found));
    all.for_each(|found| findings.add(found.clone()));
    Ok(ModuleReport {
        folder,
        functions: functions.clone(),
        not_emulated: not_emulated(steps.iter().chain(played.iter().flat_map(|one| &one.steps))),
        life: steps.clone(),
        found_in_life: found.clone(),
        knows_the_vendor,
        trials: played,
        findings: findings.into_sorted(),
        began_at,
        took: began.elapsed(),
    })
}

/// In the order in which they were planned.
async fn play_all(
    player: &Arc<Player>,
    trials: Vec<Trial>,
    lanes: usize,
    tell: &mut impl FnMut(ModuleTestEvent<'_>),
) -> Result<Vec<Played>, ModuleTestError> {
    let working = Arc::new(Semaphore::new(lanes.max(1)));
    let waiting = Arc::new(Semaphore::new(WAITING_AT_ONCE));
    let (outcomes, mut told) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for (number, trial) in trials.into_iter().enumerate() {
        let player = Arc::clone(player);
        let turn = Arc::clone(if trial.waits() { &waiting } else { &working });
        let outcomes = outcomes.clone();
        tasks.spawn(async move {
            let Ok(_turn) = turn.acquire_owned().await else {
                return;
            };
            // The other side is gone when the test has failed.
            let _ = outcomes.send((number, player.play(&trial).await));
        });
    }
    drop(outcomes);
    let mut all = Vec::new();
    while let Some((number, played)) = told.recv().await {
        let played = played?;
        tell(ModuleTestEvent::Played(&played));
        all.push((number, played));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(stopped) = ended
            && let Ok(panic) = stopped.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
    }
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, played)| played).collect())
}

fn not_emulated<'a>(steps: impl Iterator<Item = &'a Made>) -> Vec<NotEmulated> {
    let mut all: Vec<NotEmulated> = Vec::new();
    let pieces = steps.flat_map(|made| made.seen.all_missing());
    for piece in pieces.filter(|piece| piece.kind != MissingKind::Column) {
        let what = piece.to_string();
        match all.iter_mut().find(|one| one.what == what) {
            Some(known) => known.times += piece.times,
            None => all.push(NotEmulated {
                what,
                times: piece.times,
            }),
        }
    }
    all
}
