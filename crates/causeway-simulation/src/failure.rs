//! A history that did not end right.

use std::fmt;

use crate::history::History;
use crate::sabotage::Sabotage;

/// A history that did not end right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// It, as it can be played again.
    pub history: History,
    /// What was done wrong on purpose.
    pub sabotage: Option<Sabotage>,
    /// What is not right, in one line.
    pub wrong: String,
    /// What happened, moment by moment: calls, exchanges, the vendor's deeds, the journal.
    pub story: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n\n{}", self.wrong, self.story)
    }
}

impl std::error::Error for Failure {}
