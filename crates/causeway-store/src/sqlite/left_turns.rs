//! Turns that an earlier process left behind: an operation that is still open has its turn back before
//! any other gets it, and what was just made has the time to show itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use causeway_engine::OperationId;
use jiff::Timestamp;

use super::table::turns::Remembered;

/// The turns that were left, until each is taken or has settled.
#[derive(Debug, Default)]
pub(crate) struct LeftTurns {
    by_key: Mutex<HashMap<Vec<u8>, Left>>,
}

#[derive(Debug, Clone, Copy)]
enum Left {
    By(OperationId, Duration),
    SettlesUntil(Instant),
}

/// Whether a turn may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// It may.
    Free,
    /// Not yet.
    Settles,
    /// Only when this operation has ended.
    LeftBy(OperationId),
}

impl LeftTurns {
    /// What is still of importance of what was remembered.
    pub(crate) fn new(remembered: Vec<Remembered>, now: Timestamp) -> Self {
        let left = |turn: &Remembered| match turn.ended_at {
            None => Some(Left::By(turn.operation, turn.settle)),
            Some(ended_at) => {
                let since = Duration::try_from(now.duration_since(ended_at)).unwrap_or_default();
                let remaining = turn.settle.checked_sub(since)?;
                Some(Left::SettlesUntil(Instant::now() + remaining))
            }
        };
        let by_key = remembered
            .into_iter()
            .filter_map(|turn| Some((turn.key.clone(), left(&turn)?)))
            .collect();
        Self {
            by_key: Mutex::new(by_key),
        }
    }

    /// Gives back what an operation has left but this one, and says whether it may take this one.
    pub(crate) fn take(&self, operation: OperationId, key: &[u8]) -> Availability {
        let mut by_key = self.lock();
        give_back(&mut by_key, operation, Some(key));
        match by_key.get(key) {
            Some(Left::By(holder, _)) if *holder != operation => Availability::LeftBy(*holder),
            Some(Left::SettlesUntil(until)) if Instant::now() < *until => Availability::Settles,
            _ => {
                by_key.remove(key);
                Availability::Free
            }
        }
    }

    /// An operation that had left a turn has ended.
    pub(crate) fn ended(&self, operation: OperationId) {
        give_back(&mut self.lock(), operation, None);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Left>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an operation has left settles from now on, but for one that it keeps.
fn give_back(by_key: &mut HashMap<Vec<u8>, Left>, operation: OperationId, kept: Option<&[u8]>) {
    let now = Instant::now();
    for (key, left) in by_key {
        match *left {
            Left::By(holder, settle) if holder == operation && Some(key.as_slice()) != kept => {
                *left = Left::SettlesUntil(now + settle);
            }
            _ => {}
        }
    }
}
