//! A history from a seed alone.

use std::time::Duration;

use causeway_definition::{Definition, OperationKind as Kind};
use jiff::SignedDuration;

use crate::fault::Fault;
use crate::guarantee;
use crate::history::{Event, History, JournalKind, Sold, Surroundings, What};
use crate::random::Random;
use crate::settings::SimulationSettings;

/// Over how long a time things happen.
const SPAN: u64 = 60_000;

impl History {
    /// The history of a seed; the same one for the same definition and settings.
    pub fn generate(definition: &Definition, settings: &SimulationSettings, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let surroundings = surroundings(definition, settings, &mut random);
        let mut events: Vec<Event> = (0..surroundings.services.len())
            .map(|service| {
                // Bought in one order, or one after the other.
                let latest = if random.chance(50) { 50 } else { 10_000 };
                let at = random.between(0, latest);
                let what = call(&surroundings, service, Kind::Create, &mut random);
                event(at, what)
            })
            .collect();
        let count = random.between(2, settings.most_events as u64);
        let mut at = 0;
        for _ in 0..count {
            // Most of what happens falls into work that is under way.
            at = match random.below(8) {
                0..3 => at + random.between(0, 1_500),
                3..6 => random.one_of(&events).map_or(0, moment) + random.between(0, 2_000),
                6 => random.between(0, 8_000),
                _ => random.between(0, SPAN),
            };
            let what = what(definition, &surroundings, &mut random);
            events.push(event(at, what));
        }
        events.sort_by_key(|event| event.at);
        Self {
            seed,
            surroundings,
            events,
        }
    }
}

fn moment(event: &Event) -> u64 {
    milliseconds(event.at)
}

fn event(at: u64, what: What) -> Event {
    Event {
        at: Duration::from_millis(at),
        what,
    }
}

fn surroundings(
    definition: &Definition,
    settings: &SimulationSettings,
    random: &mut Random,
) -> Surroundings {
    let nodes = number(random.between(1, settings.most_nodes.max(1) as u64));
    let journal = if nodes == 1 && random.chance(70) {
        JournalKind::Sqlite
    } else {
        JournalKind::Postgres
    };
    let count = random.between(1, settings.most_services.max(1) as u64);
    let services = (0..count)
        .map(|_| Sold {
            client: usize::from(random.chance(30)),
            domain: usize::from(random.chance(40)),
        })
        .collect();
    let longest_lag = milliseconds(guarantee::longest_list_lag(definition));
    let lag = if random.chance(50) {
        0
    } else {
        random.between(0, longest_lag)
    };
    let lag = Duration::from_millis(lag);
    let ready = if random.chance(60) {
        0
    } else {
        random.between(0, 20_000)
    };
    let latency = *random.one_of(&[2, 20, 60, 250]).unwrap_or(&20);
    Surroundings {
        journal,
        nodes,
        services,
        latency: Duration::from_millis(latency),
        list_lag: lag,
        ready_after: Duration::from_millis(ready),
        unique_emails: random.chance(50) || !guarantee::may_double_users(journal, lag),
        page: number(*random.one_of(&[1, 2, 50]).unwrap_or(&50)),
    }
}

fn what(definition: &Definition, surroundings: &Surroundings, random: &mut Random) -> What {
    let service = number(random.below(surroundings.services.len() as u64));
    let node = number(random.below(surroundings.nodes as u64));
    match random.below(100) {
        0..28 => What::Call {
            service,
            kind: kind(definition, random),
            node,
            also: random
                .chance(30)
                .then_some((node + 1) % surroundings.nodes.max(1)),
            hangs_up_after: random
                .chance(15)
                .then(|| Duration::from_millis(random.between(1, 20_000))),
        },
        28..64 => What::Fault {
            skipping: number32(random.below(4)),
            changes: random.chance(60),
            fault: *random.one_of(&Fault::ALL).unwrap_or(&Fault::ResetAfter),
        },
        64..74 => What::Kill {
            node,
            after_points: points(random),
        },
        74..78 => What::Restart { node },
        78..86 => What::Pause {
            node,
            after_points: points(random),
            length: Duration::from_millis(
                *random
                    .one_of(&[900, 3_500, 8_000, 30_000, 60_000])
                    .unwrap_or(&3_500),
            ),
        },
        86..90 => What::JournalAway {
            length: Duration::from_millis(random.between(5, 12_000)),
        },
        90..93 => What::ClockJump {
            node,
            by: SignedDuration::from_secs(
                *random
                    .one_of(&[-86_400, -600, -20, -2, 2, 20, 600, 86_400])
                    .unwrap_or(&-20),
            ),
        },
        93..95 => What::RemovedByHand { service },
        95..98 => What::Resolve { service },
        _ => What::DayPasses,
    }
}

/// Soon, so that it falls into the work that is under way.
fn points(random: &mut Random) -> u32 {
    let most = *random.one_of(&[0, 4, 15, 60]).unwrap_or(&15);
    number32(random.between(0, most))
}

fn call(surroundings: &Surroundings, service: usize, kind: Kind, random: &mut Random) -> What {
    let node = number(random.below(surroundings.nodes as u64));
    What::Call {
        service,
        kind,
        node,
        also: random
            .chance(20)
            .then(|| number(random.below(surroundings.nodes as u64))),
        hangs_up_after: None,
    }
}

fn kind(definition: &Definition, random: &mut Random) -> Kind {
    const KINDS: [Kind; 12] = [
        Kind::Create,
        Kind::Create,
        Kind::Suspend,
        Kind::Suspend,
        Kind::Unsuspend,
        Kind::Terminate,
        Kind::Terminate,
        Kind::Renew,
        Kind::Renew,
        Kind::ChangePackage,
        Kind::ChangePassword,
        Kind::Refresh,
    ];
    let offered: Vec<Kind> = KINDS
        .into_iter()
        .filter(|kind| definition.offers(*kind))
        .collect();
    *random.one_of(&offered).unwrap_or(&Kind::Create)
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

fn number32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

fn milliseconds(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
