//! A history is played: first the turbulence, then calm, until everything has come to rest.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use causeway_definition::Definition;

use crate::account::Account;
use crate::billing::{BETWEEN_QUEUES, Billing, Manner};
use crate::calm;
use crate::failure::Failure;
use crate::history::{Event, History, What};
use crate::invariants;
use crate::met::{Met, Situation};
use crate::person;
use crate::runtime::{Blow, ProcessId, Step};
use crate::sabotage::Sabotage;
use crate::story;
use crate::world::{WaitingFault, World};

/// How long turbulence goes on after the last event.
const AFTER_LAST_EVENT: Duration = Duration::from_secs(5);

/// How many steps a history takes at most; far more than any that comes to rest.
const MOST_STEPS: u64 = 400_000;

/// How a history went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// What was met in it.
    pub met: Met,
    /// How many scheduling points it had.
    pub steps: u64,
    /// How long it lasted.
    pub simulated: Duration,
    /// What happened, moment by moment; empty unless it was asked for.
    pub story: String,
}

/// Plays a history.
///
/// # Errors
/// Something was not right; with the story, when it is to be told.
pub(crate) fn play(
    definition: &Definition,
    history: &History,
    sabotage: Option<Sabotage>,
    told: bool,
) -> Result<Summary, Box<Failure>> {
    let world = World::new(definition, history, sabotage, told);
    let play = Play {
        billing: Billing::new(&world),
        world,
        steps: Cell::default(),
    };
    let wrong = play.to_its_end(history).err();
    let story = told.then(|| {
        let heading = story::heading(history, sabotage);
        heading + &story::told(&play.world)
    });
    let story = story.unwrap_or_default();
    let summary = Summary {
        met: play.world.met.take(),
        steps: play.steps.get(),
        simulated: play.world.runtime.now(),
        story,
    };
    play.end();
    match wrong {
        None => Ok(summary),
        Some(wrong) => Err(Box::new(Failure {
            history: history.clone(),
            sabotage,
            wrong,
            story: summary.story,
        })),
    }
}

struct Play<'w> {
    world: Rc<World<'w>>,
    billing: Rc<Billing<'w>>,
    steps: Cell<u64>,
}

impl<'w> Play<'w> {
    fn to_its_end(&self, history: &History) -> Result<(), String> {
        for node in 0..self.billing.machines.len() {
            self.billing.start(node);
        }
        self.turbulence(&history.events)?;
        self.calm()?;
        let accounts: Vec<Account> = self
            .billing
            .accounts
            .iter()
            .map(|account| account.borrow().clone())
            .collect();
        match invariants::wrong_at_end(&self.world, &accounts) {
            Some(wrong) => Err(wrong),
            None => Ok(()),
        }
    }

    /// Everything lets go of everything.
    fn end(self) {
        self.world.runtime.clear();
        for machine in &self.billing.machines {
            machine.gateway.take();
        }
    }

    fn turbulence(&self, events: &[Event]) -> Result<(), String> {
        let runtime = &self.world.runtime;
        let queue = Rc::clone(&self.billing);
        let queue = runtime.spawn(self.world.outside, async move {
            loop {
                queue.world.runtime.sleep(BETWEEN_QUEUES).await;
                for service in 0..queue.accounts.len() {
                    let again = Rc::clone(&queue);
                    queue.world.runtime.spawn(queue.world.outside, async move {
                        again.call_again(service).await;
                    });
                }
            }
        });
        for event in events {
            self.until(event.at)?;
            self.happens(&event.what);
        }
        self.until(runtime.now() + AFTER_LAST_EVENT)?;
        runtime.abort(queue);
        Ok(())
    }

    /// Nothing goes wrong any more; what is not as it is wanted is called for again and again.
    fn calm(&self) -> Result<(), String> {
        let world = &self.world;
        world.tell(|| "from here on, nothing goes wrong any more".to_owned());
        world.runtime.spare_all();
        world.faults.take();
        world.bring_journal_back();
        for node in 0..self.billing.machines.len() {
            self.billing.start(node);
        }
        let at_rest = Rc::new(Cell::new(None));
        let found = Rc::clone(&at_rest);
        let billing = Rc::clone(&self.billing);
        world.runtime.spawn(world.outside, async move {
            found.set(Some(calm::come_to_rest(&billing).await));
        });
        while at_rest.get().is_none() {
            self.step()?;
        }
        match at_rest.get() {
            Some(true) => Ok(()),
            _ => Err(self.what_is_still_wanted()),
        }
    }

    fn what_is_still_wanted(&self) -> String {
        let definition = self.world.definition;
        let wanted: Vec<String> = self
            .billing
            .accounts
            .iter()
            .filter_map(|account| {
                let account = account.borrow();
                let next = account.next_call(|kind| definition.offers(kind))?;
                let journal = self.world.journal.borrow();
                let last = journal.latest(&account.reference);
                let standing = last.map(|last| format!("{}: {:?}", last.kind, last.standing));
                Some(format!("{next} of {} ({standing:?})", account.reference))
            })
            .collect();
        format!(
            "it never came right, and is still wanted: {}",
            wanted.join(", ")
        )
    }

    fn until(&self, at: Duration) -> Result<(), String> {
        let reached = Rc::new(Cell::new(false));
        let reaches = Rc::clone(&reached);
        let runtime = self.world.runtime.clone();
        self.world.runtime.spawn(self.world.outside, async move {
            runtime.sleep(at.saturating_sub(runtime.now())).await;
            reaches.set(true);
        });
        while !reached.get() {
            self.step()?;
        }
        Ok(())
    }

    fn step(&self) -> Result<(), String> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return Err("it does not come to rest".to_owned());
        }
        match self.world.runtime.step() {
            Step::Went => {}
            Step::Struck(process, blow) => self.strike(process, blow),
            Step::Empty => return Err("everybody waits for ever".to_owned()),
        }
        match self.world.wrong.take() {
            Some(wrong) => Err(wrong),
            None => Ok(()),
        }
    }

    fn strike(&self, process: ProcessId, blow: Blow) {
        let world = &self.world;
        let struck = self.billing.machines.iter().find(|machine| {
            let gateway = machine.gateway.borrow();
            gateway.as_ref().is_some_and(|own| own.process == process)
        });
        let Some(machine) = struck else {
            return;
        };
        let Some(gateway) = machine.gateway.borrow().clone() else {
            return;
        };
        let number = gateway.number + 1;
        match gateway.within_guarantee(blow) {
            Blow::Kill => {
                world.meet(Situation::Kill);
                if gateway.has_requests_on_the_way() {
                    world.meet(Situation::KillWithRequestOnTheWay);
                }
                world.tell(|| format!("gateway {number}: is killed"));
                machine.gateway.take();
                world.runtime.kill(process);
            }
            Blow::Pause(length) => {
                world.meet(Situation::Pause);
                if gateway.is_about_to_send() {
                    world.meet(Situation::PauseBeforeSending);
                }
                world.tell(|| format!("gateway {number}: stands still for {length:?}"));
                world.runtime.pause(process, length);
                let until = world.runtime.now() + length + world.surroundings.latency;
                world.still_until.set(world.still_until.get().max(until));
            }
        }
    }

    fn happens(&self, what: &What) {
        let world = &self.world;
        world.tell(|| format!("— {what}"));
        match what {
            What::Call {
                service,
                kind,
                node,
                also,
                hangs_up_after,
            } => {
                let manner = Manner {
                    node: *node,
                    also: *also,
                    hangs_up_after: *hangs_up_after,
                };
                let billing = Rc::clone(&self.billing);
                world
                    .runtime
                    .spawn(world.outside, billing.want(*service, *kind, manner));
            }
            What::Fault {
                skipping,
                changes,
                fault,
            } => world.faults.borrow_mut().push(WaitingFault {
                skipping: *skipping,
                changes: *changes,
                fault: *fault,
            }),
            What::Kill { node, after_points } => {
                self.strike_after(*node, *after_points, Blow::Kill)
            }
            What::Pause {
                node,
                after_points,
                length,
            } => self.strike_after(*node, *after_points, Blow::Pause(*length)),
            What::Restart { node } => self.billing.start(*node),
            What::JournalAway { length } => world.send_journal_away(*length),
            What::ClockJump { node, by } => {
                if let Some(machine) = self.billing.machines.get(*node) {
                    world.meet(Situation::ClockJump);
                    machine.clock_error.set(machine.clock_error.get() + *by);
                }
            }
            What::RemovedByHand { service } => self.remove_by_hand(*service),
            What::Resolve { service } => {
                if let Some(account) = self.billing.accounts.get(*service) {
                    let account = account.borrow().clone();
                    person::decide(world, &account);
                }
            }
            What::DayPasses => {
                let is_busy = self
                    .billing
                    .accounts
                    .iter()
                    .any(|account| account.borrow().calling);
                let has_paused = self.billing.machines.iter().any(|machine| {
                    let gateway = machine.gateway.borrow();
                    gateway
                        .as_ref()
                        .is_some_and(|own| world.runtime.is_paused(own.process))
                });
                if !is_busy && !has_paused && !world.journal.borrow().has_open() {
                    world.meet(Situation::DayPassed);
                    world.let_a_day_pass();
                }
            }
        }
    }

    fn strike_after(&self, node: usize, points: u32, blow: Blow) {
        if let Some(gateway) = self.billing.gateway(node) {
            self.world
                .runtime
                .strike_after(gateway.process, points, blow);
        }
    }

    /// Somebody at the vendor's pages ends a service, and its customer complains.
    fn remove_by_hand(&self, service: usize) {
        let Some(account) = self.billing.accounts.get(service) else {
            return;
        };
        let world = &self.world;
        let property = invariants::identity_property(world.definition).unwrap_or_default();
        let id = {
            let journal = world.journal.borrow();
            let record = journal.record(&account.borrow().reference);
            record.and_then(|record| record.properties.get(property)?.as_i64())
        };
        let Some(id) = id else {
            return;
        };
        world.meet(Situation::RemovedByHand);
        let now = world.runtime.now();
        world.vendor.borrow_mut().remove(id, now);
        // Whoever calls before the vendor's lists show it is told that all is well.
        let billing = Rc::clone(&self.billing);
        world.runtime.spawn(world.outside, async move {
            let world = &billing.world;
            world.runtime.sleep(world.surroundings.list_lag).await;
            if let Some(account) = billing.accounts.get(service) {
                account.borrow_mut().note_removal();
            }
        });
    }
}
