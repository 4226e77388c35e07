//! Turns at a resource: operations with one key go one after the other, in the order they came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// The turns that somebody holds or waits for.
#[derive(Debug, Default)]
pub struct Turns {
    by_key: Arc<Mutex<HashMap<String, Arc<Turn<()>>>>>,
}

/// A turn that is held until it is dropped.
#[derive(Debug)]
pub struct HeldTurn {
    key: String,
    guard: Option<OwnedMutexGuard<()>>,
    settles_for: Duration,
    turns: Arc<Mutex<HashMap<String, Arc<Turn<()>>>>>,
}

impl Turns {
    /// Waits for the turn with this key.
    pub async fn take(&self, key: String) -> HeldTurn {
        let turn = {
            let mut turns = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(key.clone()).or_default())
        };
        let guard = turn.lock_owned().await;
        HeldTurn {
            key,
            guard: Some(guard),
            settles_for: Duration::ZERO,
            turns: Arc::clone(&self.by_key),
        }
    }
}

impl HeldTurn {
    /// What it is a turn at.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// When it is given back, the next one gets it only so long afterwards.
    pub fn settles_for(&mut self, pause: Duration) {
        self.settles_for = pause;
    }

    /// Gives it back.
    pub fn give_back(self) {
        if !self.settles_for.is_zero() {
            tokio::spawn(async move {
                tokio::time::sleep(self.settles_for).await;
                drop(self);
            });
        }
    }
}

impl Drop for HeldTurn {
    fn drop(&mut self) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        self.guard.take();
        // Nobody else knows this turn: only the map still points to it.
        if turns
            .get(&self.key)
            .is_some_and(|turn| Arc::strong_count(turn) == 1)
        {
            turns.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn one_key_one_holder_and_nothing_is_left_over() {
        let turns = Arc::new(Turns::default());
        let held = turns.take("user:ada".to_owned()).await;
        let other = turns.take("user:bob".to_owned()).await;
        let waiting = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.take("user:ada".to_owned()).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(held);
        drop(waiting.await.unwrap());
        drop(other);
        assert!(turns.by_key.lock().unwrap().is_empty());
    }
}
