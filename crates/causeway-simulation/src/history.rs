//! A history as data: what it happens in, and what happens. It can be printed, played and shrunk.

use std::fmt;
use std::time::Duration;

use causeway_definition::OperationKind;
use jiff::SignedDuration;

use crate::fault::Fault;

/// Everything that is random about one history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// What it was made from; latencies come from it, too.
    pub seed: u64,
    /// What it happens in.
    pub surroundings: Surroundings,
    /// What happens, in order of time.
    pub events: Vec<Event>,
}

/// Which journal the gateways have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKind {
    /// A file that one gateway has for itself.
    Sqlite,
    /// A database that several gateways share: leases, fencing, turns.
    Postgres,
}

/// What a history happens in: it stays the same from the beginning to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The journal.
    pub journal: JournalKind,
    /// How many gateways there are.
    pub nodes: usize,
    /// What was sold; the service with number 0 is `service-1`.
    pub services: Vec<Sold>,
    /// How long anything may be on its way.
    pub latency: Duration,
    /// How long the vendor's lists lag behind what it did.
    pub list_lag: Duration,
    /// How long the vendor builds a new service.
    pub ready_after: Duration,
    /// Whether the vendor refuses a second user with the same e-mail address.
    pub unique_emails: bool,
    /// How many items a page of the vendor's lists has.
    pub page: usize,
}

/// One service that the provider has sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sold {
    /// The client's number; services of one client share their user at the vendor.
    pub client: usize,
    /// The domain's number; two services may well carry one.
    pub domain: usize,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, from the beginning.
    pub at: Duration,
    /// What.
    pub what: What,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Somebody wants something of a service, and the billing side calls.
    Call {
        /// The service's number.
        service: usize,
        /// What is wanted.
        kind: OperationKind,
        /// The node that is called.
        node: usize,
        /// The node that gets the same call at the same time.
        also: Option<usize>,
        /// The caller hangs up after so long.
        hangs_up_after: Option<Duration>,
    },
    /// Something goes wrong with an exchange with the vendor.
    Fault {
        /// How many exchanges from now on go well before it.
        skipping: u32,
        /// Whether only exchanges that may change something count.
        changes: bool,
        /// What goes wrong.
        fault: Fault,
    },
    /// A gateway is killed.
    Kill {
        /// Its number.
        node: usize,
        /// How many scheduling points it still comes to.
        after_points: u32,
    },
    /// A gateway that was killed is started.
    Restart {
        /// Its number.
        node: usize,
    },
    /// A gateway stands still for a while.
    Pause {
        /// Its number.
        node: usize,
        /// How many scheduling points it still comes to.
        after_points: u32,
        /// For how long.
        length: Duration,
    },
    /// The journal cannot be reached for a while.
    JournalAway {
        /// For how long.
        length: Duration,
    },
    /// A gateway's clock is set to another time.
    ClockJump {
        /// Its number.
        node: usize,
        /// By how much.
        by: SignedDuration,
    },
    /// Somebody removes a service at the vendor by hand.
    RemovedByHand {
        /// The service's number.
        service: usize,
    },
    /// Somebody looks at what needs attention, and decides.
    Resolve {
        /// The service's number.
        service: usize,
    },
    /// Nothing happens for a day; only when nothing is under way.
    DayPasses,
}

pub(crate) fn reference(service: usize) -> String {
    format!("service-{}", service + 1)
}

impl fmt::Display for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let journal = match self.journal {
            JournalKind::Sqlite => "SQLite",
            JournalKind::Postgres => "PostgreSQL",
        };
        writeln!(formatter, "{} gateway(s) on {journal}", self.nodes)?;
        for (number, sold) in self.services.iter().enumerate() {
            writeln!(
                formatter,
                "{} is of client {} for domain {}",
                reference(number),
                sold.client + 1,
                sold.domain + 1
            )?;
        }
        write!(
            formatter,
            "vendor: lists lag {:?}, pages of {}, a new service is ready after {:?}, {} users may have one e-mail address, at most {:?} on the way",
            self.list_lag,
            self.page,
            self.ready_after,
            if self.unique_emails {
                "no two"
            } else {
                "several"
            },
            self.latency
        )
    }
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call {
                service,
                kind,
                node,
                also,
                hangs_up_after,
            } => {
                write!(
                    formatter,
                    "{kind} is wanted for {}: gateway {} is called",
                    reference(*service),
                    node + 1
                )?;
                if let Some(also) = also {
                    write!(formatter, ", and at the same time gateway {}", also + 1)?;
                }
                if let Some(after) = hangs_up_after {
                    write!(formatter, "; the caller hangs up after {after:?}")?;
                }
                Ok(())
            }
            Self::Fault {
                skipping,
                changes,
                fault,
            } => {
                let which = if *changes { "changing " } else { "" };
                write!(
                    formatter,
                    "{fault} happens to the {which}exchange number {} from now",
                    skipping + 1
                )
            }
            Self::Kill { node, after_points } => write!(
                formatter,
                "gateway {} is killed {after_points} scheduling points from now",
                node + 1
            ),
            Self::Restart { node } => write!(formatter, "gateway {} is started", node + 1),
            Self::Pause {
                node,
                after_points,
                length,
            } => write!(
                formatter,
                "gateway {} stands still for {length:?}, {after_points} scheduling points from now",
                node + 1
            ),
            Self::JournalAway { length } => write!(formatter, "the journal is away for {length:?}"),
            Self::ClockJump { node, by } => {
                write!(
                    formatter,
                    "the clock of gateway {} jumps by {by:#}",
                    node + 1
                )
            }
            Self::RemovedByHand { service } => write!(
                formatter,
                "{} is removed at the vendor by hand",
                reference(*service)
            ),
            Self::Resolve { service } => write!(
                formatter,
                "somebody looks whether {} needs attention",
                reference(*service)
            ),
            Self::DayPasses => formatter.write_str("a day passes, if nothing is under way"),
        }
    }
}
