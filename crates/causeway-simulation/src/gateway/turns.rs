//! Turns at a resource within one gateway: one after the other, in the order they came.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use crate::runtime::{ProcessId, Runtime, Sender, Signal, signal};

/// The turns that somebody holds, with those who wait for them.
pub struct Turns<'w> {
    runtime: Runtime<'w>,
    by_key: RefCell<BTreeMap<String, VecDeque<Sender<'w, ()>>>>,
}

/// A turn that is held until it is dropped.
pub struct HeldTurn<'w> {
    key: String,
    settles_for: Duration,
    turns: Rc<Turns<'w>>,
}

impl<'w> HeldTurn<'w> {
    /// What it is a turn at.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// When it is given back, the next one gets it only so long afterwards.
    pub fn settles_for(&mut self, pause: Duration) {
        self.settles_for = pause;
    }

    /// Gives it back, in this process.
    pub fn give_back(self, process: ProcessId) {
        if !self.settles_for.is_zero() {
            let runtime = self.turns.runtime.clone();
            runtime.clone().spawn(process, async move {
                runtime.sleep(self.settles_for).await;
                drop(self);
            });
        }
    }
}

impl<'w> Turns<'w> {
    pub fn new(runtime: &Runtime<'w>) -> Self {
        Self {
            runtime: runtime.clone(),
            by_key: RefCell::default(),
        }
    }

    pub fn is_held(&self, key: &str) -> bool {
        self.by_key.borrow().contains_key(key)
    }

    /// Waits for the turn with this key.
    pub async fn take(self: &Rc<Self>, key: String) -> HeldTurn<'w> {
        let coming = {
            let mut by_key = self.by_key.borrow_mut();
            match by_key.get_mut(&key) {
                Some(waiting) => {
                    let (sender, turn) = signal(&self.runtime);
                    waiting.push_back(sender);
                    Some(turn)
                }
                None => {
                    by_key.insert(key.clone(), VecDeque::new());
                    None
                }
            }
        };
        if let Some(turn) = coming {
            let mut coming = ComingTurn {
                key: key.clone(),
                turn,
                taken: false,
                turns: Rc::clone(self),
            };
            coming.turn.until(Duration::MAX).await;
            coming.taken = true;
        }
        HeldTurn {
            key,
            settles_for: Duration::ZERO,
            turns: Rc::clone(self),
        }
    }

    fn pass_on(&self, key: &str) {
        loop {
            let mut by_key = self.by_key.borrow_mut();
            match by_key.get_mut(key).and_then(VecDeque::pop_front) {
                // Whoever has stopped waiting wants no turn.
                Some(next) if !next.is_awaited() => {}
                Some(next) => {
                    drop(by_key);
                    return next.send(());
                }
                None => {
                    by_key.remove(key);
                    return;
                }
            }
        }
    }
}

/// A turn that somebody waits for; one that comes to nobody goes on to the next.
struct ComingTurn<'w> {
    key: String,
    turn: Signal<'w, ()>,
    taken: bool,
    turns: Rc<Turns<'w>>,
}

impl Drop for ComingTurn<'_> {
    fn drop(&mut self) {
        if !self.taken && self.turn.has_come() {
            self.turns.pass_on(&self.key);
        }
    }
}

impl Drop for HeldTurn<'_> {
    fn drop(&mut self) {
        self.turns.pass_on(&self.key);
    }
}
