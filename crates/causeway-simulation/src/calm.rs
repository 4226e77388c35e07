//! After the turbulence: nothing goes wrong any more, and everything is called for again until it is as
//! it is wanted.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::account::Account;
use crate::billing::{BETWEEN_QUEUES, Billing};
use crate::person;

/// How often, in the calm, everything is called for again before it counts as never coming right.
const MOST_ROUNDS: u32 = 24;

/// Says whether everything came to where it is wanted.
pub async fn come_to_rest(billing: &Rc<Billing<'_>>) -> bool {
    let world = &billing.world;
    until_quiet(billing).await;
    for account in &billing.accounts {
        account.borrow_mut().look_after_removal();
    }
    for _ in 0..MOST_ROUNDS {
        let mut is_right = true;
        for service in 0..billing.accounts.len() {
            until_quiet(billing).await;
            Rc::clone(billing).fetch_owed(service).await;
            is_right &= !Rc::clone(billing).call_again(service).await;
        }
        until_quiet(billing).await;
        for account in &billing.accounts {
            let account = account.borrow().clone();
            person::decide(world, &account);
        }
        if is_right && !owes_anything(billing) {
            return true;
        }
        world.runtime.sleep(BETWEEN_QUEUES).await;
    }
    false
}

async fn until_quiet(billing: &Rc<Billing<'_>>) {
    let world = &billing.world;
    loop {
        let is_calling = |account: &RefCell<Account>| account.borrow().calling;
        let on_the_way = world
            .vendor
            .borrow()
            .on_the_way
            .values()
            .any(|many| *many > 0);
        let is_busy = billing.accounts.iter().any(is_calling);
        if !is_busy && !on_the_way && !world.journal.borrow().has_open() {
            return;
        }
        world.runtime.sleep(Duration::from_millis(500)).await;
    }
}

fn owes_anything(billing: &Rc<Billing<'_>>) -> bool {
    let journal = billing.world.journal.borrow();
    billing.accounts.iter().any(|account| {
        let latest = journal.latest(&account.borrow().reference);
        latest.is_some_and(|latest| latest.owed)
    })
}
