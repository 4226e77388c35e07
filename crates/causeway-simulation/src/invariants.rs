//! What must hold: at every moment, and in the end, when everything has come to rest.

use std::collections::BTreeMap;

use causeway_definition::{Definition, Operation, OperationKind};
use causeway_engine::{Ending, ServiceRecord, ServiceStatus, Standing};
use serde_json::Value;

use crate::account::{Account, Stands};
use crate::history::reference;
use crate::vendor::{Renewal, VendorService, license_key};
use crate::world::World;

/// The property that holds the vendor's identifier of what belongs to one service alone.
pub fn identity_property(definition: &Definition) -> Option<&str> {
    let own = definition.ensured();
    let (_, resource) = own
        .into_iter()
        .rfind(|(_, resource)| !resource.is_shared())?;
    resource.identity()
}

/// Checked whenever the vendor has acted.
pub fn hold_now(world: &World<'_>) {
    if world.wrong.borrow().is_some() {
        return;
    }
    let vendor = world.vendor.borrow();
    let journal = world.journal.borrow();
    // Services of one client for one domain cannot be told apart at the vendor: they may have got each
    // other's, but there are never more than were bought.
    let mut live: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut bought: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (number, sold) in world.surroundings.services.iter().enumerate() {
        let reference = reference(number);
        let group = (sold.client, sold.domain);
        *live.entry(group).or_default() += vendor
            .live()
            .filter(|(_, service)| service.made_for == reference)
            .count();
        let may_have = journal.record(&reference).is_some_and(|record| {
            record.status != ServiceStatus::Terminated
                || journal
                    .latest(&reference)
                    .is_some_and(|latest| latest.standing == Standing::Open)
        });
        *bought.entry(group).or_default() += usize::from(may_have);
    }
    for (group, live) in live {
        let bought = bought.get(&group).copied().unwrap_or_default();
        if live > bought {
            world.is_wrong(|| {
                let (client, domain) = (group.0 + 1, group.1 + 1);
                format!(
                    "the vendor has {live} live services of client {client} for domain {domain}, and {bought} were bought"
                )
            });
        }
    }
    if !renews_without_harm(world.definition)
        && let Some((renewal, times)) = vendor.renewals.iter().find(|(_, times)| **times > 1)
    {
        let (reference, due) = (&renewal.reference, &renewal.due);
        world.is_wrong(|| format!("{reference} was renewed {times} times for {due}"));
    }
}

fn renews_without_harm(definition: &Definition) -> bool {
    match definition.operations.get(&OperationKind::Renew) {
        Some(Operation::Calls(calls)) => calls.iter().all(|call| call.repeatable),
        _ => true,
    }
}

/// Checked when everything has come to rest: the first thing that is not right.
pub fn wrong_at_end(world: &World<'_>, accounts: &[Account]) -> Option<String> {
    let journal = world.journal.borrow();
    let vendor = world.vendor.borrow();
    for operation in journal.operations() {
        let words = format!("{} of {}", operation.kind, operation.service.reference);
        match &operation.standing {
            Standing::Open => return Some(format!("{words} is still open")),
            Standing::Ended(Ending::Succeeded { .. }) => {}
            Standing::Ended(ending) if ending.message().unwrap_or_default().is_empty() => {
                return Some(format!("{words} ended without a word"));
            }
            Standing::Ended(_) => {}
        }
    }
    let mut held = BTreeMap::new();
    for account in accounts {
        let record = journal.record(&account.reference);
        if let Some(latest) = journal.latest(&account.reference)
            && latest.owed
        {
            return Some(format!("the result of {} is still owed", latest.kind));
        }
        let wrong = match account.wanted {
            Stands::Nowhere | Stands::Terminated => wrong_with_ended(world, account, record),
            Stands::Active | Stands::Suspended => record
                .ok_or_else(|| "the journal does not know it".to_owned())
                .and_then(|record| right_and_live(world, account, record, &mut held))
                .err(),
        };
        if let Some(wrong) = wrong {
            return Some(format!("{}: {wrong}", account.reference));
        }
    }
    if let Some((id, service)) = vendor.live().find(|(id, _)| !held.contains_key(*id)) {
        let made_for = &service.made_for;
        return Some(format!(
            "the vendor has {id}, made for {made_for}, that belongs to nobody"
        ));
    }
    wrong_with_users(world, accounts)
}

fn wrong_with_ended(
    world: &World<'_>,
    account: &Account,
    record: Option<&ServiceRecord>,
) -> Option<String> {
    let record = record?;
    let ended = matches!(
        record.status,
        ServiceStatus::Absent | ServiceStatus::Terminated
    );
    if !ended {
        return Some(format!(
            "it is to be gone, and the journal has it {:?}",
            record.status
        ));
    }
    // What services share is not ended with one of them: the next create looks at it.
    let is_own = |step: &&String| {
        let resource = world.definition.resources.get(step.as_str());
        resource.is_some_and(|resource| !resource.is_shared())
    };
    let doubt = record.doubts.keys().find(is_own)?;
    (account.wanted == Stands::Terminated).then(|| format!("{doubt} is in doubt after its end"))
}

fn right_and_live(
    world: &World<'_>,
    account: &Account,
    record: &ServiceRecord,
    held: &mut BTreeMap<i64, String>,
) -> Result<(), String> {
    let wanted = match account.wanted {
        Stands::Suspended => ServiceStatus::Suspended,
        _ => ServiceStatus::Active,
    };
    equal("the journal's status", &record.status, &wanted)?;
    equal("the journal's doubts", &record.doubts.len(), &0)?;
    equal(
        "what the billing side has saved",
        &account.properties,
        &record.properties,
    )?;
    let property = identity_property(world.definition).unwrap_or_default();
    let id = record.properties.get(property).and_then(Value::as_i64);
    let id = id.ok_or_else(|| format!("no {property} is kept"))?;
    let vendor = world.vendor.borrow();
    let service = vendor.services.get(&id).filter(|service| service.lives());
    let service = service.ok_or_else(|| format!("{id} does not live at the vendor"))?;
    if let Some(other) = held.insert(id, account.reference.clone()) {
        return Err(format!("{id} is {other}'s, too"));
    }
    let key = record.properties.get("license_key").and_then(Value::as_str);
    if key.is_some_and(|key| key != license_key(id)) {
        return Err(format!("{key:?} is not the licence key of {id}"));
    }
    right_at_vendor(world, account, record, service)
}

fn right_at_vendor(
    world: &World<'_>,
    account: &Account,
    record: &ServiceRecord,
    service: &VendorService,
) -> Result<(), String> {
    let vendor = world.vendor.borrow();
    let suspended = account.wanted == Stands::Suspended;
    equal("suspended at the vendor", &service.suspended, &suspended)?;
    equal(
        "the domain at the vendor",
        &service.domain,
        &account.domain(),
    )?;
    if account.plan.confirmed {
        let plan = account.plan_name();
        equal("the plan at the vendor", &service.plan.as_str(), &plan)?;
    }
    if !service.reference.is_empty() {
        let reference = &account.reference;
        equal(
            "the reference at the vendor",
            &&service.reference,
            &reference,
        )?;
    }
    if let Some(user_id) = record.properties.get("user_id").and_then(Value::as_i64) {
        equal("the service's user", &service.user_id, &user_id)?;
        let email = vendor.users.get(&user_id).map(|user| user.email.clone());
        equal("the user's e-mail", &email, &Some(account.email()))?;
    }
    for due in &account.renewed {
        let is_bought =
            |renewal: &Renewal| renewal.due == *due && renewal.reference == account.reference;
        if !vendor.renewals.keys().any(is_bought) {
            return Err(format!("it was never renewed for {due}"));
        }
    }
    Ok(())
}

fn wrong_with_users(world: &World<'_>, accounts: &[Account]) -> Option<String> {
    let vendor = world.vendor.borrow();
    for account in accounts {
        let email = account.email();
        let mut users = vendor.users.values().filter(|user| user.email == email);
        let user = users.next();
        if users.next().is_some() {
            return Some(format!("{email} has several users"));
        }
        let is_alone = accounts
            .iter()
            .filter(|other| other.sold.client == account.sold.client)
            .count()
            == 1;
        // A password that was given once stays the user's, whatever becomes of the service.
        if let Some(user) = user
            && is_alone
            && account.password.confirmed
            && user.password != account.password_text()
        {
            return Some(format!(
                "{email} has another password than the billing side"
            ));
        }
    }
    None
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, wanted: &T) -> Result<(), String> {
    if is == wanted {
        Ok(())
    } else {
        Err(format!("{what} is {is:?}, and should be {wanted:?}"))
    }
}
