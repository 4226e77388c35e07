//! What was found, with its evidence.

use indexmap::IndexMap;
use serde::Serialize;

use super::finding::Finding;
use super::made::Made;
use crate::fault_proxy::RecordedExchange;

/// One thing that is wrong at one place of the module, however often it was seen.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// What is wrong.
    pub finding: Finding,
    /// The callback that showed it; empty for what several did together.
    pub callback: String,
    /// The function or the file and line: `CreateAccount`, `lib/Api.php:48`.
    pub place: String,
    /// What was seen.
    pub what: String,
    /// More of it, as it was the first time: a message, an address. May be empty.
    pub detail: String,
    /// In which trial.
    pub trial: String,
    /// What went between module and vendor then.
    pub exchanges: Vec<RecordedExchange>,
    /// In how many trials it was seen.
    pub times: usize,
}

impl Found {
    /// Whether it is the same thing at the same place.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.finding == other.finding && self.place == other.place && self.what == other.what
    }
}

/// Collects what is found; the same at the same place is one thing.
#[derive(Debug, Default)]
pub struct Findings(IndexMap<(Finding, String, String), Found>);

impl Findings {
    /// Notes something that was seen in a trial.
    pub fn add(&mut self, found: Found) {
        self.0
            .entry((found.finding, found.place.clone(), found.what.clone()))
            .and_modify(|known| known.times += found.times)
            .or_insert(found);
    }

    /// Everything, the worst first.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Found> {
        let mut all: Vec<Found> = self.0.into_values().collect();
        let rank = |found: &Found| Finding::ALL.iter().position(|one| *one == found.finding);
        all.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.place.cmp(&b.place)));
        all
    }
}

/// Notes what is seen in one trial.
#[derive(Debug)]
pub struct Notes {
    trial: String,
    found: Vec<Found>,
}

impl Notes {
    pub fn of(trial: &super::trial::Trial) -> Self {
        Self {
            trial: trial.to_string(),
            found: Vec::new(),
        }
    }

    /// Whether this was noted.
    pub fn has(&self, finding: Finding) -> bool {
        self.found.iter().any(|found| found.finding == finding)
    }

    /// Something that came of a callback.
    pub fn found_in(
        &mut self,
        made: &Made,
        finding: Finding,
        place: impl Into<String>,
        what: impl Into<String>,
    ) {
        self.found_in_with(made, finding, place, what, "");
    }

    /// Something that came of a callback, and more of it.
    pub fn found_in_with(
        &mut self,
        made: &Made,
        finding: Finding,
        place: impl Into<String>,
        what: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.add(Found {
            finding,
            callback: made.callback.name().to_owned(),
            place: place.into(),
            what: what.into(),
            detail: detail.into(),
            trial: self.trial.clone(),
            exchanges: made.exchanges.clone(),
            times: 1,
        });
    }

    /// Something that came of several.
    pub fn found(
        &mut self,
        finding: Finding,
        place: impl Into<String>,
        what: impl Into<String>,
        exchanges: Vec<RecordedExchange>,
    ) {
        self.add(Found {
            finding,
            callback: String::new(),
            place: place.into(),
            what: what.into(),
            detail: String::new(),
            trial: self.trial.clone(),
            exchanges,
            times: 1,
        });
    }

    fn add(&mut self, found: Found) {
        let mut known = self.found.iter();
        if !known.any(|known| known.is_same(&found)) {
            self.found.push(found);
        }
    }

    pub fn into_found(self) -> Vec<Found> {
        self.found
    }
}
