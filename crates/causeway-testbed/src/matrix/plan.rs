//! Which exchanges each scenario should make, read from the definition, and the cases made from those
//! that an undisturbed run really made. A new step is therefore tested without anyone remembering it.

use std::collections::HashMap;

use causeway_definition::request::Method;
use causeway_definition::{Call, Definition, Operation, RequestTemplate};
use serde::Serialize;

use super::case::{CaseName, ExchangeName, Follow, Purpose, Scenario};
use crate::fault_proxy::{DeliveryOutcome, Fault, Place, RecordedExchange};

/// An exchange that a scenario may make, as the definition describes it.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: ExchangeName,
    /// The method and path of its request.
    pub place: Place,
    /// Whether it may change something at the vendor.
    pub changes: bool,
    /// Whether the operation goes on by itself when its answer is lost.
    pub goes_on: bool,
    /// Whether a look shows what it has made.
    pub is_looked_for: bool,
    /// Whether the vendor can tell that it got the same request twice, or does not mind.
    pub can_come_twice: bool,
}

/// An exchange that an undisturbed run of its scenario made.
#[derive(Debug, Clone, Serialize)]
pub struct Reached {
    /// Its name.
    pub name: ExchangeName,
    /// The method and path of its request.
    #[serde(skip)]
    pub place: Place,
    /// Which one of the requests with this place it is, from 1.
    #[serde(skip)]
    pub time: u32,
    /// Which one of the operation's connections it is, from 1.
    #[serde(skip)]
    pub connection: u32,
    /// Whether it may change something at the vendor.
    pub changes: bool,
    /// Whether the operation goes on by itself when its answer is lost.
    pub goes_on: bool,
    /// Whether a look shows what it has made.
    #[serde(skip)]
    pub is_looked_for: bool,
    /// Whether the vendor can tell that it got the same request twice, or does not mind.
    #[serde(skip)]
    pub can_come_twice: bool,
    /// Whether the vendor's answer has a body.
    #[serde(skip)]
    pub has_body: bool,
}

/// One case, and what is needed to play it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub name: CaseName,
    /// Where its fault strikes.
    pub exchange: Reached,
}

/// The scenarios that make sense for a definition.
#[must_use]
pub fn scenarios(definition: &Definition) -> Vec<Scenario> {
    let offers = |scenario: &Scenario| definition.offers(scenario.operation());
    let looks = definition
        .ensured()
        .iter()
        .any(|(_, resource)| resource.read.is_some() || resource.find.is_some());
    let terminates = definition.offers(Scenario::Terminate.operation());
    let suspends = definition.offers(Scenario::Suspend.operation());
    Scenario::ALL
        .into_iter()
        .filter(offers)
        .filter(|scenario| match scenario {
            Scenario::CreateAgain => looks,
            Scenario::CreateAnew => terminates,
            Scenario::Unsuspend => suspends,
            _ => true,
        })
        .collect()
}

/// The exchanges of a scenario in the order in which it makes them, as far as the definition tells.
#[must_use]
pub fn described(definition: &Definition, scenario: Scenario) -> Vec<Described> {
    match scenario {
        Scenario::Create | Scenario::CreateTogether | Scenario::CreateAnew => {
            created(definition, scenario)
        }
        Scenario::CreateAgain => looked_at(definition, scenario),
        _ => called(definition, scenario),
    }
}

fn created(definition: &Definition, scenario: Scenario) -> Vec<Described> {
    let safety = goes_on(definition);
    let mut exchanges = Vec::new();
    for (name, resource) in definition.ensured() {
        let goes_on = safety
            .get(&format!("create {name}"))
            .copied()
            .unwrap_or(true);
        let step = |purpose, request: &RequestTemplate, changes| Described {
            name: exchange_name(scenario, name, purpose),
            place: Place::of(request),
            changes,
            goes_on,
            is_looked_for: changes && resource.find.is_some(),
            can_come_twice: resource.create.repeatable
                || resource.create.idempotency_header.is_some(),
        };
        if let Some(find) = &resource.find {
            exchanges.push(step(Purpose::Find, &find.request, false));
        }
        exchanges.push(step(Purpose::Create, &resource.create.request, true));
        if let Some(read) = &resource.read {
            exchanges.push(step(Purpose::Read, &read.request, false));
        }
    }
    exchanges
}

fn looked_at(definition: &Definition, scenario: Scenario) -> Vec<Described> {
    let look = |(name, resource): (&str, &causeway_definition::Resource)| {
        let (purpose, request) = match (&resource.read, &resource.find) {
            (Some(read), _) => (Purpose::Read, &read.request),
            (None, Some(find)) => (Purpose::Find, &find.request),
            (None, None) => return None,
        };
        Some(Described {
            name: exchange_name(scenario, name, purpose),
            place: Place::of(request),
            changes: false,
            goes_on: true,
            is_looked_for: false,
            can_come_twice: true,
        })
    };
    definition.ensured().into_iter().filter_map(look).collect()
}

fn called(definition: &Definition, scenario: Scenario) -> Vec<Described> {
    let kind = scenario.operation();
    let calls: &[Call] = match definition.operations.get(&kind) {
        Some(Operation::Calls(calls)) => calls,
        _ => &[],
    };
    let several = calls.len() > 1;
    calls
        .iter()
        .enumerate()
        .map(|(number, call)| Described {
            name: ExchangeName {
                scenario,
                step: match several {
                    true => format!("{kind}[{number}]"),
                    false => kind.to_string(),
                },
                purpose: Purpose::Call,
            },
            place: Place::of(&call.request),
            changes: call.request.method != Method::Get,
            goes_on: call.repeatable || call.idempotency_header.is_some(),
            is_looked_for: false,
            can_come_twice: call.repeatable || call.idempotency_header.is_some(),
        })
        .collect()
}

fn exchange_name(scenario: Scenario, step: &str, purpose: Purpose) -> ExchangeName {
    ExchangeName {
        scenario,
        step: step.to_owned(),
        purpose,
    }
}

fn goes_on(definition: &Definition) -> HashMap<String, bool> {
    let safety = definition.safety().into_iter();
    safety.map(|safety| (safety.step, safety.goes_on)).collect()
}

/// What an undisturbed run made of what the definition describes: those exchanges that it reached, and
/// the names of those that it did not.
#[must_use]
pub fn reached(
    described: &[Described],
    record: &[RecordedExchange],
    matches: impl Fn(&Place, &RecordedExchange) -> bool,
) -> (Vec<Reached>, Vec<ExchangeName>) {
    let mut next = 0;
    let (mut found, mut missed) = (Vec::new(), Vec::new());
    for exchange in described {
        let at = (next..record.len()).find(|at| matches(&exchange.place, &record[*at]));
        let Some(at) = at else {
            missed.push(exchange.name.clone());
            continue;
        };
        let before = record[..at]
            .iter()
            .filter(|earlier| matches(&exchange.place, earlier));
        found.push(Reached {
            name: exchange.name.clone(),
            place: exchange.place.clone(),
            time: count(before.count()) + 1,
            connection: count(at) + 1,
            changes: exchange.changes,
            goes_on: exchange.goes_on,
            is_looked_for: exchange.is_looked_for,
            can_come_twice: exchange.can_come_twice,
            has_body: has_body(&record[at]),
        });
        next = at + 1;
    }
    (found, missed)
}

fn has_body(exchange: &RecordedExchange) -> bool {
    exchange.deliveries.iter().any(|delivery| {
        matches!(&delivery.outcome, Some(DeliveryOutcome::Answered { body, .. }) if !body.is_empty())
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Every case that means something at these exchanges. `several_nodes` says whether the journal can be
/// shared by more than one gateway.
#[must_use]
pub fn cases(exchanges: &[Reached], several_nodes: bool) -> Vec<Case> {
    let mut cases = Vec::new();
    for exchange in exchanges {
        for fault in Fault::ALL
            .into_iter()
            .filter(|fault| fits(*fault, exchange))
        {
            for follow in Follow::ALL {
                if follows(follow, exchange.name.scenario, several_nodes) {
                    cases.push(Case {
                        name: CaseName {
                            exchange: exchange.name.clone(),
                            fault,
                            follow,
                        },
                        exchange: exchange.clone(),
                    });
                }
            }
        }
    }
    cases
}

fn fits(fault: Fault, exchange: &Reached) -> bool {
    let spoils_a_body = fault.needs_a_success();
    // Where nothing changes, "after the vendor acted" is the same as before.
    let is_said_twice = matches!(
        fault,
        Fault::ResetAfter
            | Fault::AnswerLate
            | Fault::ServerErrorAfter
            | Fault::BadGatewayAfter
            | Fault::GatewayTimeoutAfter
    );
    match fault {
        Fault::LaggingReads => exchange.is_looked_for,
        Fault::DeliveredTwice => exchange.changes && exchange.can_come_twice,
        _ if exchange.changes => exchange.has_body || !spoils_a_body,
        _ => !fault.needs_a_change() && !is_said_twice,
    }
}

fn follows(follow: Follow, scenario: Scenario, several_nodes: bool) -> bool {
    match follow {
        Follow::AnotherNode => several_nodes && scenario.is_recorded(),
        Follow::TwoCallers => scenario.is_recorded() && scenario != Scenario::CreateTogether,
        Follow::KilledWhileResuming | Follow::DayLater => scenario.is_recorded(),
        Follow::Queue | Follow::Killed => true,
    }
}
