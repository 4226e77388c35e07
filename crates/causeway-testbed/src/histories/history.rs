//! What is done in a history: rounds of calls, each with what goes wrong meanwhile.

use serde::Serialize;

use super::random::Random;
use crate::fault_proxy::Fault;

/// A history, made from a seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// What it was made from.
    pub seed: u64,
    /// To which client each service belongs.
    pub clients: Vec<u32>,
    /// What is done, in order.
    pub rounds: Vec<Round>,
}

/// Calls that are made at once, and what goes wrong meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Round {
    /// The calls, at most one for each service.
    pub calls: Vec<PlannedCall>,
    /// What goes wrong with the vendor.
    pub faults: Vec<PlannedFault>,
    /// What else goes wrong.
    pub disruption: Disruption,
}

/// A call on one service. What it does depends on where the service stands then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlannedCall {
    /// Which service.
    pub service: usize,
    /// Chooses among the calls that make sense then.
    pub choice: u32,
    /// Whether WHMCS makes it twice at once.
    pub twice: bool,
}

/// A fault at one of the exchanges that the calls of a round may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlannedFault {
    /// What goes wrong.
    pub fault: Fault,
    /// Chooses among the exchanges.
    pub exchange: u32,
    /// The how manieth time, from 1.
    pub time: u32,
}

/// What goes wrong beside the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disruption {
    /// Nothing.
    Nothing,
    /// A gateway is killed so many milliseconds after the calls began, and started again.
    GatewayKilled {
        /// Which one.
        node: usize,
        /// When.
        after_ms: u64,
    },
    /// A gateway is killed, and once more as it resumes.
    GatewayKilledTwice {
        /// Which one.
        node: usize,
        /// When.
        after_ms: u64,
    },
    /// WHMCS's requests die so many milliseconds after they began.
    RequestsDie {
        /// When.
        after_ms: u64,
    },
    /// A day passes after the calls, for everyone.
    DayPasses,
}

/// What goes wrong in histories. Those that no engine can set right with a vendor that knows no
/// idempotency keys are left out: a request that is delivered twice.
const FAULTS: [Fault; 22] = [
    Fault::ResetBefore,
    Fault::ResetAfter,
    Fault::HangAfter,
    Fault::AnswerLate,
    Fault::ActLate,
    Fault::TooManyRequests,
    Fault::TooManyRequestsRetryAfter,
    Fault::ServerErrorBefore,
    Fault::ServerErrorPageBefore,
    Fault::ServerErrorAfter,
    Fault::BadGatewayBefore,
    Fault::BadGatewayAfter,
    Fault::GatewayTimeoutBefore,
    Fault::GatewayTimeoutAfter,
    Fault::HalfJson,
    Fault::CutBody,
    Fault::EmptyBody,
    Fault::OtherShape,
    Fault::WrongTypes,
    Fault::Unauthorized,
    Fault::SlowDrip,
    Fault::LaggingReads,
];

impl History {
    /// The history of a seed, for so many gateways.
    #[must_use]
    pub fn of(seed: u64, nodes: usize) -> Self {
        let mut random = Random::of(seed);
        let services = 1 + random.below(3);
        let clients = (0..services).map(|_| random.below(2)).collect();
        let rounds = (0..2 + random.below(4))
            .map(|_| Round::of(&mut random, services as usize, nodes))
            .collect();
        Self {
            seed,
            clients,
            rounds,
        }
    }
}

impl Round {
    fn of(random: &mut Random, services: usize, nodes: usize) -> Self {
        let mut calls: Vec<PlannedCall> = (0..services)
            .filter(|_| random.chance(60))
            .map(|service| PlannedCall {
                service,
                choice: 0,
                twice: false,
            })
            .collect();
        for call in &mut calls {
            call.choice = random.below(1_000);
            call.twice = random.chance(25);
        }
        let faults = (0..random.below(3))
            .map(|_| PlannedFault {
                fault: *random.of_list(&FAULTS),
                exchange: random.below(1_000),
                time: 1 + random.below(2),
            })
            .collect();
        Self {
            calls,
            faults,
            disruption: Disruption::of(random, nodes),
        }
    }
}

impl Disruption {
    fn of(random: &mut Random, nodes: usize) -> Self {
        let node = random.below(u32::try_from(nodes).unwrap_or(1)) as usize;
        let after_ms = u64::from(random.below(400));
        match random.below(10) {
            0..=1 => Self::GatewayKilled { node, after_ms },
            2 => Self::GatewayKilledTwice { node, after_ms },
            3 => Self::RequestsDie { after_ms },
            4 => Self::DayPasses,
            _ => Self::Nothing,
        }
    }
}
