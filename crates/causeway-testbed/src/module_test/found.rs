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
    /// What was seen the first time.
    pub what: String,
    /// In which trial.
    pub trial: String,
    /// What went between module and vendor then.
    pub exchanges: Vec<RecordedExchange>,
    /// In how many trials it was seen.
    pub times: usize,
}

/// Collects what is found; the same at the same place is one thing.
#[derive(Debug, Default)]
pub struct Findings(IndexMap<(Finding, String), Found>);

impl Findings {
    /// Notes something that was seen in a trial.
    pub fn add(&mut self, found: Found) {
        self.0
            .entry((found.finding, found.place.clone()))
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
        self.add(
            made.callback.name(),
            finding,
            place.into(),
            what.into(),
            made.exchanges.clone(),
        );
    }

    /// Something that came of several.
    pub fn found(
        &mut self,
        finding: Finding,
        place: impl Into<String>,
        what: impl Into<String>,
        exchanges: Vec<RecordedExchange>,
    ) {
        self.add("", finding, place.into(), what.into(), exchanges);
    }

    fn add(
        &mut self,
        callback: &str,
        finding: Finding,
        place: String,
        what: String,
        exchanges: Vec<RecordedExchange>,
    ) {
        let is_known = |one: &Found| one.finding == finding && one.place == place;
        if !self.found.iter().any(is_known) {
            self.found.push(Found {
                finding,
                callback: callback.to_owned(),
                place,
                what,
                trial: self.trial.clone(),
                exchanges,
                times: 1,
            });
        }
    }

    pub fn into_found(self) -> Vec<Found> {
        self.found
    }
}
