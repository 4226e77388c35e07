//! A person who looks at the vendor and decides what an operation could not: at random among what is
//! true.

use causeway_definition::OperationKind;
use causeway_engine::{Ending, OperationId, Resolution, Resolve, ServiceRecord, Standing};

use crate::account::Account;
use crate::invariants::identity_property;
use crate::met::Situation;
use crate::vendor::Renewal;
use crate::world::World;

/// Decides on what needs attention of a service, when anything does. Nobody decides in the seconds in
/// which a request may still be on its way, or be held by a gateway that stands still: nothing that
/// could be seen would be the truth.
pub fn decide(world: &World<'_>, account: &Account) {
    let reference = &account.reference;
    let Some(Waiting {
        operation,
        kind,
        step,
        message,
    }) = waiting(world, reference)
    else {
        return;
    };
    let on_the_way = world.vendor.borrow().on_the_way.get(reference).copied();
    let is_still_to_come = world.runtime.now() <= world.still_until.get();
    if on_the_way.unwrap_or_default() > 0 || is_still_to_come || world.reach_journal().is_err() {
        return;
    }
    let resolution = match world.definition.resources.get(&step) {
        Some(resource) if resource.is_shared() => on_user(world, account),
        Some(_) => match on_service(world, account) {
            // The vendor answers this key with another service's: sent again, it does so again.
            Resolution::Again if message.contains("belongs to another service") => {
                Resolution::Abandon
            }
            resolution => resolution,
        },
        None => on_call(world, account, kind),
    };
    world.meet(match resolution {
        Resolution::Adopt(_) => Situation::ResolvedAdopt,
        Resolution::Again => Situation::ResolvedAgain,
        Resolution::Done => Situation::ResolvedDone,
        Resolution::Abandon => Situation::ResolvedAbandon,
    });
    world.tell(|| format!("a person decides on {step} of {reference}: {resolution:?}"));
    let resolve = Resolve {
        operation,
        step: Some(step),
        resolution,
        message: "a person has decided".to_owned(),
        at: world.time(),
    };
    let resolved = world.journal.borrow_mut().resolve(resolve);
    if let Err(error) = resolved {
        world.is_wrong(|| format!("a decision on {reference} was refused: {error}"));
    }
}

/// What waits for a decision.
struct Waiting {
    operation: OperationId,
    kind: OperationKind,
    step: String,
    message: String,
}

fn waiting(world: &World<'_>, reference: &str) -> Option<Waiting> {
    let journal = world.journal.borrow();
    let latest = journal.latest(reference)?;
    match &latest.standing {
        Standing::Ended(Ending::NeedsAttention { step, message }) => Some(Waiting {
            operation: latest.id,
            kind: latest.kind,
            step: step.clone()?,
            message: message.clone(),
        }),
        _ => None,
    }
}

fn on_user(world: &World<'_>, account: &Account) -> Resolution {
    let vendor = world.vendor.borrow();
    let email = account.email();
    let user = vendor.users.iter().find(|(_, user)| user.email == email);
    match user {
        Some((id, _)) => Resolution::Adopt(id.to_string()),
        None => not_there(world),
    }
}

fn on_service(world: &World<'_>, account: &Account) -> Resolution {
    let Some(id) = own_service(world, account) else {
        return not_there(world);
    };
    if world.random.borrow_mut().chance(70) {
        return Resolution::Adopt(id.to_string());
    }
    let now = world.runtime.now();
    world.vendor.borrow_mut().remove(id, now);
    world.tell(|| format!("a person removes {id} at the vendor"));
    // Sent again, with the same key, the vendor would answer with what is gone.
    Resolution::Abandon
}

/// The one at the vendor that is this service's, and that no service's record holds.
fn own_service(world: &World<'_>, account: &Account) -> Option<i64> {
    let journal = world.journal.borrow();
    let vendor = world.vendor.borrow();
    let records: Vec<&ServiceRecord> = (0..world.surroundings.services.len())
        .filter_map(|number| journal.record(&crate::history::reference(number)))
        .collect();
    let is_held = |id: i64| records.iter().any(|record| holds(world, record, id));
    let free: Vec<_> = vendor.live().filter(|(id, _)| !is_held(**id)).collect();
    let own = free
        .iter()
        .find(|(_, service)| service.made_for == account.reference);
    // Two services that nothing tells apart may have got each other's.
    let swapped = || {
        free.iter().find(|(_, service)| {
            let made_for = journal.record(&service.made_for);
            made_for.is_some_and(|record| {
                vendor.live().any(|(id, other)| {
                    holds(world, record, *id) && other.made_for == account.reference
                })
            })
        })
    };
    own.or_else(swapped).map(|(id, _)| **id)
}

fn on_call(world: &World<'_>, account: &Account, kind: OperationKind) -> Resolution {
    let is_this = |renewal: &Renewal| {
        let journal = world.journal.borrow();
        let record = journal.record(&account.reference);
        renewal.due == account.due_date()
            && renewal.reference == account.reference
            && record.is_some_and(|record| holds(world, record, renewal.id))
    };
    let done = kind == OperationKind::Renew && world.vendor.borrow().renewals.keys().any(is_this);
    if done {
        Resolution::Done
    } else {
        not_there(world)
    }
}

/// Whether this is what a service's record holds at the vendor.
fn holds(world: &World<'_>, record: &ServiceRecord, id: i64) -> bool {
    let property = identity_property(world.definition).unwrap_or_default();
    let held = record.properties.get(property);
    held.and_then(serde_json::Value::as_i64) == Some(id)
}

fn not_there(world: &World<'_>) -> Resolution {
    if world.random.borrow_mut().chance(60) {
        Resolution::Again
    } else {
        Resolution::Abandon
    }
}
