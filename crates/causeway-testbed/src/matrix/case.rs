//! One case of the matrix: an operation, the exchange at which one thing goes wrong, what goes wrong,
//! and what follows.

use std::fmt;
use std::str::FromStr;

use causeway_definition::OperationKind;
use serde::Serialize;
use thiserror::Error;

use crate::fault_proxy::{Fault, Port};

/// What the billing side does, with its service in a state from which that makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// A new client's first order is paid.
    Create,
    /// A new client's first order has two products, and both are created at once.
    CreateTogether,
    /// The create of a service that is active already is called once more.
    CreateAgain,
    /// A service that was terminated is created once more.
    CreateAnew,
    /// An active service is suspended.
    Suspend,
    /// A suspended service is unsuspended.
    Unsuspend,
    /// An active service is terminated.
    Terminate,
    /// An active service was paid for another period.
    Renew,
    /// An active service gets other options.
    ChangePackage,
    /// An active service gets another password.
    ChangePassword,
    /// The client of an active service logs in.
    SingleSignOn,
    /// Staff test the connection.
    TestConnection,
}

impl Scenario {
    /// Every scenario, in the order of a service's life.
    pub const ALL: [Self; 12] = [
        Self::Create,
        Self::CreateTogether,
        Self::CreateAgain,
        Self::CreateAnew,
        Self::Suspend,
        Self::Unsuspend,
        Self::Terminate,
        Self::Renew,
        Self::ChangePackage,
        Self::ChangePassword,
        Self::SingleSignOn,
        Self::TestConnection,
    ];

    /// The name in cases and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::CreateTogether => "create_together",
            Self::CreateAgain => "create_again",
            Self::CreateAnew => "create_anew",
            Self::Suspend => "suspend",
            Self::Unsuspend => "unsuspend",
            Self::Terminate => "terminate",
            Self::Renew => "renew",
            Self::ChangePackage => "change_package",
            Self::ChangePassword => "change_password",
            Self::SingleSignOn => "single_sign_on",
            Self::TestConnection => "test_connection",
        }
    }

    /// The operation that the gateway runs.
    #[must_use]
    pub const fn operation(self) -> OperationKind {
        match self {
            Self::Create | Self::CreateTogether | Self::CreateAgain | Self::CreateAnew => {
                OperationKind::Create
            }
            Self::Suspend => OperationKind::Suspend,
            Self::Unsuspend => OperationKind::Unsuspend,
            Self::Terminate => OperationKind::Terminate,
            Self::Renew => OperationKind::Renew,
            Self::ChangePackage => OperationKind::ChangePackage,
            Self::ChangePassword => OperationKind::ChangePassword,
            Self::SingleSignOn => OperationKind::SingleSignOn,
            Self::TestConnection => OperationKind::TestConnection,
        }
    }

    /// Whether it is about a service's being suspended.
    #[must_use]
    pub const fn is_of_suspension(self) -> bool {
        matches!(self, Self::Suspend | Self::Unsuspend)
    }

    /// Whether the journal has the operation. The others change nothing that anybody pays for: they
    /// may fail, with a readable line, and work the next time.
    #[must_use]
    pub const fn is_recorded(self) -> bool {
        !matches!(self, Self::SingleSignOn | Self::TestConnection)
    }
}

/// What an exchange is for, as the journal calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A look whether a resource is there.
    Find,
    /// A resource is made.
    Create,
    /// A look at a known resource.
    Read,
    /// A call of an operation.
    Call,
}

impl Purpose {
    /// The name in the journal, in crash points and in cases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Create => "create",
            Self::Read => "read",
            Self::Call => "call",
        }
    }
}

/// What follows after the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Follow {
    /// WHMCS's queue tries again.
    Queue,
    /// WHMCS called twice at once, and the queue tries again.
    TwoCallers,
    /// The gateway is killed before it can write the outcome down, and started again.
    Killed,
    /// It is killed once more while it resumes.
    KilledWhileResuming,
    /// WHMCS's side dies while it waits, and calls again a day later.
    DayLater,
    /// The gateway is killed, and another node takes over.
    AnotherNode,
}

impl Follow {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Queue,
        Self::TwoCallers,
        Self::Killed,
        Self::KilledWhileResuming,
        Self::DayLater,
        Self::AnotherNode,
    ];

    /// The name in cases and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::TwoCallers => "two_callers",
            Self::Killed => "killed",
            Self::KilledWhileResuming => "killed_while_resuming",
            Self::DayLater => "day_later",
            Self::AnotherNode => "another_node",
        }
    }

    /// What happens, in one line for a person.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Queue => "WHMCS's queue tries again",
            Self::TwoCallers => "WHMCS calls twice at once, then its queue tries again",
            Self::Killed => {
                "the gateway is killed before it can write the outcome down, and started again"
            }
            Self::KilledWhileResuming => "as before, and it is killed once more while it resumes",
            Self::DayLater => "WHMCS's side dies while it waits, and calls again a day later",
            Self::AnotherNode => "the gateway is killed, and another node takes over",
        }
    }
}

/// The exchange of an operation at which a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ExchangeName {
    /// What the billing side does.
    pub scenario: Scenario,
    /// The step: a resource, or the operation's own name.
    pub step: String,
    /// What the exchange is for.
    pub purpose: Purpose,
}

impl fmt::Display for ExchangeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scenario, purpose) = (self.scenario.name(), self.purpose.name());
        write!(formatter, "{scenario}.{}.{purpose}", self.step)
    }
}

/// Names a case for ever: `create.subscription.create/reset_after/killed`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct CaseName {
    /// Where the fault strikes.
    pub exchange: ExchangeName,
    /// What goes wrong.
    pub fault: Fault,
    /// What follows.
    pub follow: Follow,
}

impl CaseName {
    /// Which way to the vendor the fault is on.
    #[must_use]
    pub const fn port(&self) -> Port {
        match self.fault.needs_tls() {
            true => Port::Https,
            false => Port::Http,
        }
    }
}

impl fmt::Display for CaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let follow = self.follow.name();
        write!(formatter, "{}/{}/{follow}", self.exchange, self.fault)
    }
}

/// A text that names no case.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` names no case; a name is like create.subscription.create/reset_after/killed, and `*` stands \
     for any of its parts"
)]
pub struct NotACase(String);

/// Which cases are wanted: a name whose parts may be `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePattern {
    exchange: String,
    fault: String,
    follow: String,
}

impl CasePattern {
    /// Whether this is one of the cases.
    #[must_use]
    pub fn matches(&self, case: &CaseName) -> bool {
        let fits = |pattern: &str, text: &str| {
            pattern == "*"
                || (pattern.split('.').count() == text.split('.').count()
                    && pattern
                        .split('.')
                        .zip(text.split('.'))
                        .all(|(pattern, part)| pattern == "*" || pattern == part))
        };
        fits(&self.exchange, &case.exchange.to_string())
            && fits(&self.fault, case.fault.name())
            && fits(&self.follow, case.follow.name())
    }
}

impl CasePattern {
    /// Whether any of a scenario's cases can match.
    #[must_use]
    pub fn reaches(&self, scenario: Scenario) -> bool {
        let first = self.exchange.split('.').next().unwrap_or_default();
        first == "*" || first == scenario.name()
    }
}

impl FromStr for CasePattern {
    type Err = NotACase;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        let [exchange, fault, follow] = parts.as_slice() else {
            return Err(NotACase(text.to_owned()));
        };
        let known_fault = *fault == "*" || fault.parse::<Fault>().is_ok();
        let known_follow =
            *follow == "*" || Follow::ALL.iter().any(|known| known.name() == *follow);
        if exchange.is_empty() || !known_fault || !known_follow {
            return Err(NotACase(text.to_owned()));
        }
        Ok(Self {
            exchange: (*exchange).to_owned(),
            fault: (*fault).to_owned(),
            follow: (*follow).to_owned(),
        })
    }
}
