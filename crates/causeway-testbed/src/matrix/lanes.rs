//! Many lanes at once take what is to be played from one list.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::error::MatrixError;
use super::lane::{Lane, LaneSettings};

/// What is played in lanes.
pub trait Game: Send + Sync + 'static {
    /// What is on the list.
    type Item: Send + Sync + 'static;
    /// What playing it has shown.
    type Outcome: Send + 'static;

    /// Plays one item.
    fn play(
        &self,
        lane: &mut Lane,
        item: &Self::Item,
    ) -> impl Future<Output = Result<Self::Outcome, MatrixError>> + Send;

    /// Whether a lane is as good as before.
    fn is_right(outcome: &Self::Outcome) -> bool;

    /// Where on the list the item stands that this lane plays next.
    fn choose(&self, _waiting: &VecDeque<Self::Item>, _lane: Option<&Lane>) -> usize {
        0
    }

    /// Whether nothing more is played after an item that ended wrong.
    fn stops_at_first(&self) -> bool {
        false
    }

    /// Says more of an outcome that is wrong, when its lane is gone.
    fn look_into(
        &self,
        outcome: Self::Outcome,
    ) -> impl Future<Output = Result<Self::Outcome, MatrixError>> + Send {
        async { Ok(outcome) }
    }
}

/// Plays the whole list in so many lanes, the first of which may be there already. `tell` is given each
/// outcome. A lane in which something went wrong is thrown away.
///
/// # Errors
/// A part could not be started, or failed twice in the same item.
pub async fn play_all<G: Game>(
    game: Arc<G>,
    settings: &Arc<LaneSettings>,
    items: impl IntoIterator<Item = G::Item>,
    lanes: usize,
    mut first: Option<Lane>,
    mut tell: impl FnMut(G::Outcome),
) -> Result<(), MatrixError> {
    let (outcomes, mut told) = mpsc::unbounded_channel();
    let table = Arc::new(Table {
        game,
        settings: Arc::clone(settings),
        waiting: Mutex::new(items.into_iter().collect()),
        outcomes,
    });
    let mut tasks = JoinSet::new();
    for _ in 0..lanes.max(1) {
        tasks.spawn(Arc::clone(&table).play(first.take()));
    }
    drop(table);
    while let Some(outcome) = told.recv().await {
        tell(outcome);
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
    Ok(())
}

/// Where lanes take items and leave outcomes.
struct Table<G: Game> {
    game: Arc<G>,
    settings: Arc<LaneSettings>,
    waiting: Mutex<VecDeque<G::Item>>,
    outcomes: mpsc::UnboundedSender<G::Outcome>,
}

impl<G: Game> Table<G> {
    async fn play(self: Arc<Self>, mut lane: Option<Lane>) -> Result<(), MatrixError> {
        while let Some(item) = self.next(lane.as_ref()) {
            let mut present = match lane.take() {
                Some(lane) => lane,
                None => self.new_lane().await?,
            };
            let mut outcome = match self.game.play(&mut present, &item).await {
                Ok(outcome) => outcome,
                // A part broke down, so nothing is proven: once more, with all parts new.
                Err(_) => {
                    present.end().await;
                    present = self.new_lane().await?;
                    match self.game.play(&mut present, &item).await {
                        Ok(outcome) => outcome,
                        Err(error) => {
                            present.end().await;
                            return Err(error);
                        }
                    }
                }
            };
            if G::is_right(&outcome) {
                lane = Some(present);
            } else {
                present.end().await;
                if self.game.stops_at_first() {
                    self.lock().clear();
                }
                outcome = self.game.look_into(outcome).await?;
            }
            if self.outcomes.send(outcome).is_err() {
                break;
            }
        }
        if let Some(lane) = lane {
            lane.end().await;
        }
        Ok(())
    }

    async fn new_lane(&self) -> Result<Lane, MatrixError> {
        Lane::start(Arc::clone(&self.settings)).await
    }

    fn next(&self, lane: Option<&Lane>) -> Option<G::Item> {
        let mut waiting = self.lock();
        let position = self.game.choose(&waiting, lane);
        waiting.remove(position)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<G::Item>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
