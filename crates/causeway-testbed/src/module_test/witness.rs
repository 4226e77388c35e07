//! Sees everything that an emulated WHMCS records, request by request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::emulator::{
    CallRecord, EmulatorEvent, HookRun, LeftBehind, MissingPiece, Observer, PhpWarning,
};

/// What the requests of one callback recorded.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The module's functions that ran, in their order.
    pub calls: Vec<CallRecord>,
    /// The hook points that were reached.
    pub hooks: Vec<HookRun>,
    /// What WHMCS itself and hooks left behind, request by request.
    pub left_behind: Vec<LeftBehind>,
    /// PHP's warnings outside the module's functions.
    pub warnings: Vec<PhpWarning>,
    /// What was missing in a request as a whole.
    pub missing: Vec<MissingPiece>,
}

impl Seen {
    /// Everything that was missing, in calls and around them.
    pub fn all_missing(&self) -> impl Iterator<Item = &MissingPiece> {
        let in_calls = self.calls.iter().flat_map(|call| &call.missing);
        let around = self.missing.iter().filter(|piece| {
            let mut calls = self.calls.iter();
            !calls.any(|call| call.missing.contains(piece))
        });
        in_calls.chain(around)
    }
}

/// Watches one emulator.
#[derive(Debug, Clone, Default)]
pub struct Witness(Arc<Mutex<Seen>>);

impl Witness {
    /// What the emulator tells it.
    pub fn observer(&self) -> Observer {
        let witness = self.clone();
        Arc::new(move |event| witness.see(event))
    }

    /// What was seen since this was last asked.
    pub fn take(&self) -> Seen {
        std::mem::take(&mut self.lock())
    }

    fn see(&self, event: &EmulatorEvent<'_>) {
        let mut seen = self.lock();
        seen.calls.extend_from_slice(event.calls);
        seen.hooks.extend_from_slice(event.hooks);
        seen.left_behind.extend(event.left_behind.cloned());
        seen.warnings.extend_from_slice(event.warnings);
        seen.missing.extend_from_slice(event.missing);
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
