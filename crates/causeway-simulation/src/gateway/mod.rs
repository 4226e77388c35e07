//! A gateway in simulated time. It does, step by step and with the same names, what the executor of
//! `causeway-gateway` does: a change there belongs here, too.

mod calls;
mod exchange;
mod resume;
mod running;
mod store;
mod turns;
mod work;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::guarantee;
use crate::journal::LeaseNumber;
use crate::runtime::{Blow, ProcessId, TaskId};
use crate::world::World;

pub use self::calls::{Call, Report};
use self::exchange::Leaving;
use self::running::Running;
use self::turns::Turns;

/// One process of a gateway, from its start to its end.
pub struct Gateway<'w> {
    world: Rc<World<'w>>,
    /// Its number among the nodes, which its next process has, too.
    pub number: usize,
    pub process: ProcessId,
    /// By how much its clock is wrong; the machine's, so it outlives the process.
    clock_error: Rc<Cell<SignedDuration>>,
    lease: Cell<Option<LeaseNumber>>,
    /// How often it was taken for dead: what it was given before that is another's.
    times_lost: Cell<u32>,
    lease_held_until: Cell<Duration>,
    turns: Rc<Turns<'w>>,
    running: Rc<Running<'w>>,
    tasks: RefCell<Vec<TaskId>>,
    /// Requests that have passed the last look at the lease, since then, and have not left yet.
    leaving: RefCell<BTreeMap<u64, (Duration, Leaving)>>,
    last_leaving: Cell<u64>,
    /// Requests that have left and were not answered yet.
    on_the_way: Cell<u32>,
}

impl<'w> Gateway<'w> {
    /// Starts a gateway, which resumes every open operation that nobody works on.
    pub fn start(
        world: &Rc<World<'w>>,
        number: usize,
        clock_error: Rc<Cell<SignedDuration>>,
    ) -> Rc<Self> {
        let process = world.runtime.new_process();
        let gateway = Rc::new(Self {
            world: Rc::clone(world),
            number,
            process,
            clock_error,
            lease: Cell::default(),
            times_lost: Cell::default(),
            lease_held_until: Cell::default(),
            turns: Rc::new(Turns::new(&world.runtime)),
            running: Rc::new(Running::new(&world.runtime)),
            tasks: RefCell::default(),
            leaving: RefCell::default(),
            last_leaving: Cell::default(),
            on_the_way: Cell::default(),
        });
        world
            .runtime
            .spawn(process, Rc::clone(&gateway).keep_resuming());
        gateway
    }

    pub fn has_requests_on_the_way(&self) -> bool {
        self.on_the_way.get() > 0
    }

    pub fn is_about_to_send(&self) -> bool {
        let leaving = self.leaving.borrow();
        leaving
            .values()
            .any(|(_, leaving)| !matches!(leaving, Leaving::Accept))
    }

    /// The blow, as far as it is within the guarantee.
    pub fn within_guarantee(&self, blow: Blow) -> Blow {
        let Blow::Pause(length) = blow else {
            return blow;
        };
        let now = self.world.runtime.now();
        let left_of_lease = self.lease_held_until.get().saturating_sub(now);
        let longest = self
            .leaving
            .borrow()
            .values()
            .map(|(since, leaving)| match leaving {
                Leaving::Look => Duration::MAX,
                Leaving::Accept => {
                    guarantee::LONGEST_PAUSE_BEFORE_ACCEPT.saturating_sub(now - *since)
                }
                Leaving::Create { timeout } => guarantee::longest_pause_before_create(
                    self.world.definition,
                    *timeout,
                    &self.world.surroundings,
                )
                .saturating_sub(now - *since),
                Leaving::Call => guarantee::longest_pause_before_call(left_of_lease),
            })
            .min();
        Blow::Pause(length.min(longest.unwrap_or(Duration::MAX)))
    }

    /// What its clock shows.
    fn time(&self) -> Timestamp {
        let time = self.world.time();
        time.checked_add(self.clock_error.get()).unwrap_or(time)
    }

    fn tell(&self, line: impl FnOnce() -> String) {
        self.world
            .tell(|| format!("gateway {}: {}", self.number + 1, line()));
    }
}
