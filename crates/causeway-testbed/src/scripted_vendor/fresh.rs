//! Values that are new each time: random texts, the same ones in every run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use causeway_definition::Names;
use jiff::{Timestamp, Unit};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Map, Value};

const LONGEST: u32 = 1024;

/// Where new values come from.
#[derive(Clone)]
pub(super) struct Fresh(Arc<Mutex<StdRng>>);

impl Fresh {
    pub fn new() -> Self {
        // The same requests get the same values in every run.
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(0))))
    }

    /// Other values from now on than those from the beginning.
    pub fn change(&self) {
        *self.random() = StdRng::seed_from_u64(1);
    }

    /// These names with `random_hex`.
    pub fn with_random(&self, names: &Names) -> Names {
        let fresh = self.clone();
        names.with_function("random_hex", move |length| fresh.random_hex(length))
    }

    /// `now` and `uuid`, for one request.
    pub fn names(&self) -> Map<String, Value> {
        let now = Timestamp::now().round(Unit::Second);
        let now = now.unwrap_or(Timestamp::UNIX_EPOCH).to_string();
        let mut bytes = [0; 16];
        self.random().fill_bytes(&mut bytes);
        let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        Map::from_iter([
            ("now".to_owned(), now.into()),
            ("uuid".to_owned(), uuid.to_string().into()),
        ])
    }

    fn random_hex(&self, length: u32) -> String {
        let mut random = self.random();
        (0..length.min(LONGEST))
            .filter_map(|_| char::from_digit(random.next_u32() % 16, 16))
            .collect()
    }

    fn random(&self) -> MutexGuard<'_, StdRng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
