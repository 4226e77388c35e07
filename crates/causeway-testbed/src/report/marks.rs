//! How each case ended, found by where it stands in the matrix.

use std::collections::HashMap;

use crate::fault_proxy::Fault;
use crate::matrix::{CaseResult, ExchangeName, Follow, MatrixReport, Reached, Verdict};

/// How a case ended, in one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The three truths agree.
    Right,
    /// They agree after a person's decision.
    Decided,
    /// They agree as far as they could be read, and not all of them could.
    NotKnown,
    /// They do not.
    Wrong,
}

impl Mark {
    pub const fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Right => Self::Right,
            Verdict::RightAfterDecision => Self::Decided,
            Verdict::NotKnown { .. } => Self::NotKnown,
            Verdict::Wrong { .. } => Self::Wrong,
        }
    }

    /// In words, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Decided => "right after a person’s decision",
            Self::NotKnown => "nothing wrong, and not all can be known here",
            Self::Wrong => "wrong",
        }
    }
}

/// How many cases of a part of the matrix ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub cases: usize,
    pub decided: usize,
    pub not_known: usize,
    pub wrong: usize,
}

impl Tally {
    pub fn of(marks: impl IntoIterator<Item = Mark>) -> Self {
        let mut tally = Self::default();
        for mark in marks {
            tally.cases += 1;
            tally.decided += usize::from(mark == Mark::Decided);
            tally.not_known += usize::from(mark == Mark::NotKnown);
            tally.wrong += usize::from(mark == Mark::Wrong);
        }
        tally
    }
}

/// Every case that was played.
pub struct Marks<'a> {
    report: &'a MatrixReport,
    of_cases: HashMap<(&'a ExchangeName, Fault, Follow), Mark>,
}

impl<'a> Marks<'a> {
    pub fn of(report: &'a MatrixReport) -> Self {
        let mark = |result: &'a CaseResult| {
            let name = &result.name;
            let place = (&name.exchange, name.fault, name.follow);
            (place, Mark::of(&result.verdict))
        };
        Self {
            report,
            of_cases: report.results.iter().map(mark).collect(),
        }
    }

    /// How this case ended; `None` when it was not played.
    pub fn get(&self, exchange: &ExchangeName, fault: Fault, follow: Follow) -> Option<Mark> {
        self.of_cases.get(&(exchange, fault, follow)).copied()
    }

    /// How the cases with one of these faults ended.
    pub fn tally(&self, exchange: &ExchangeName, faults: impl Iterator<Item = Fault>) -> Tally {
        Tally::of(faults.flat_map(|fault| {
            let mark = move |follow| self.get(exchange, fault, follow);
            Follow::ALL.into_iter().filter_map(mark)
        }))
    }

    /// The exchanges of which a case was played, in the order in which they are made.
    pub fn exchanges(&self) -> impl Iterator<Item = &'a Reached> {
        let played =
            |exchange: &&Reached| self.tally(&exchange.name, Fault::ALL.into_iter()).cases > 0;
        self.report.exchanges.iter().filter(played)
    }
}
