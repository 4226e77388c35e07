//! No provider takes all the gateway's requests for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use causeway_engine::ProviderId;

/// How many requests of each provider are worked on.
#[derive(Debug)]
pub(crate) struct Places {
    most: usize,
    taken: Mutex<HashMap<ProviderId, usize>>,
}

/// A place that is given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'p> {
    places: &'p Places,
    provider: ProviderId,
}

impl Places {
    /// `most` requests of one provider at once.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            taken: Mutex::default(),
        }
    }

    /// A place for a request, when the provider has one left.
    pub(super) fn take(&self, provider: ProviderId) -> Option<Place<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(provider).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place {
            places: self,
            provider,
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self
            .places
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.provider) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.provider);
            }
        }
    }
}
