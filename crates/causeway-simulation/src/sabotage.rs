//! Ways to break the bridge on purpose: tests of the test. None of them is in the engine.

use std::fmt;

/// One thing done wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sabotage {
    /// What an earlier run has left in doubt is forgotten: it is sent again without a look.
    SendsAgainWithoutLooking,
    /// The outcome of an exchange is committed before the properties that it brought.
    OutcomeBeforeProperties,
    /// A request is sent before its intent is committed.
    SendsBeforeIntent,
    /// Turns at a resource are always given.
    NoTurns,
    /// What another service holds can be adopted all the same.
    AdoptionNotExclusive,
    /// A gateway that was taken for dead can go on to commit.
    StaleGatewayCommits,
    /// A gateway sends without asking whether it still holds its lease.
    LeaseNotChecked,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SendsAgainWithoutLooking,
        Self::OutcomeBeforeProperties,
        Self::SendsBeforeIntent,
        Self::NoTurns,
        Self::AdoptionNotExclusive,
        Self::StaleGatewayCommits,
        Self::LeaseNotChecked,
    ];
}

impl fmt::Display for Sabotage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SendsAgainWithoutLooking => "sends again without looking",
            Self::OutcomeBeforeProperties => "commits the outcome before the properties",
            Self::SendsBeforeIntent => "sends before the intent is committed",
            Self::NoTurns => "gives every turn at once",
            Self::AdoptionNotExclusive => "adopts what is another service's",
            Self::StaleGatewayCommits => "lets a gateway without a lease commit",
            Self::LeaseNotChecked => "sends without a lease",
        })
    }
}
