//! Turns among gateways: which open operation may work on what has this key.

use std::collections::BTreeMap;
use std::time::Duration;

use causeway_engine::OperationId;

/// A turn that somebody holds, or that was given back and settles.
struct Turn {
    holder: OperationId,
    /// How long after it is given back the next one gets it.
    settle: Option<Duration>,
    /// When the next one gets it, once it was given back.
    free_at: Option<Duration>,
}

/// The turns, by key.
#[derive(Default)]
pub struct Turns(BTreeMap<String, Turn>);

impl Turns {
    /// Gives back the other turns of an operation and takes this one; `false` when another operation
    /// holds it, or it settles.
    pub fn take(&mut self, id: OperationId, key: &str, now: Duration) -> bool {
        self.give_back(id, Some(key), now);
        match self.0.get_mut(key) {
            Some(turn) if turn.holder == id => {
                turn.free_at = None;
                true
            }
            Some(turn) if turn.free_at.is_none_or(|free_at| free_at > now) => false,
            _ => {
                let turn = Turn {
                    holder: id,
                    settle: None,
                    free_at: None,
                };
                self.0.insert(key.to_owned(), turn);
                true
            }
        }
    }

    pub fn settle(&mut self, id: OperationId, key: &str, settle: Duration) {
        if let Some(turn) = self.0.get_mut(key).filter(|turn| turn.holder == id) {
            turn.settle = Some(settle);
        }
    }

    /// The turns of an operation end with it, those that settle some time later.
    pub fn end(&mut self, id: OperationId, now: Duration) {
        self.give_back(id, None, now);
    }

    fn give_back(&mut self, id: OperationId, but: Option<&str>, now: Duration) {
        self.0.retain(|key, turn| {
            if turn.holder != id || Some(key.as_str()) == but || turn.free_at.is_some() {
                return true;
            }
            turn.free_at = turn.settle.map(|settle| now + settle);
            turn.free_at.is_some()
        });
    }
}
