//! What everybody in one history shares: the time, the journal, the vendor, and what goes wrong.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use causeway_definition::Definition;
use causeway_engine::{OperationId, Provider, ProviderId, ServiceKey, StoreError};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use uuid::Uuid;

use crate::fault::Fault;
use crate::history::{History, Surroundings};
use crate::journal::Journal;
use crate::met::{Met, Situation};
use crate::random::Random;
use crate::runtime::{ProcessId, Runtime};
use crate::sabotage::Sabotage;
use crate::story::Line;
use crate::vendor::Vendor;

/// The moment at which every history begins: 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600;

/// A fault that waits for its exchange.
#[derive(Debug, Clone, Copy)]
pub struct WaitingFault {
    pub skipping: u32,
    pub changes: bool,
    pub fault: Fault,
}

pub struct World<'w> {
    pub runtime: Runtime<'w>,
    /// The billing side, the vendor and the people: nobody kills them.
    pub outside: ProcessId,
    pub definition: &'w Definition,
    pub provider: Provider,
    pub surroundings: Surroundings,
    pub sabotage: Option<Sabotage>,
    pub journal: RefCell<Journal>,
    pub vendor: RefCell<Vendor>,
    pub random: RefCell<Random>,
    pub faults: RefCell<Vec<WaitingFault>>,
    pub met: RefCell<Met>,
    /// Why the history is wrong already, before its end.
    pub wrong: RefCell<Option<String>>,
    /// What happened, when somebody wants to read it.
    pub story: Option<RefCell<Vec<Line>>>,
    /// The last moment at which a call arrives at the vendor: they arrive in the order in which they
    /// were sent.
    pub last_call_arrives: Cell<Duration>,
    /// The creates that were sent: by operation and step.
    creates: RefCell<BTreeSet<(OperationId, String)>>,
    /// Until when a gateway stands still that may be about to send something.
    pub still_until: Cell<Duration>,
    journal_away_until: Cell<Duration>,
    days: Cell<SignedDuration>,
    last_operation: Cell<u128>,
}

impl<'w> World<'w> {
    pub fn new(
        definition: &'w Definition,
        history: &History,
        sabotage: Option<Sabotage>,
        told: bool,
    ) -> Rc<Self> {
        let runtime = Runtime::new();
        let outside = runtime.new_process();
        let surroundings = history.surroundings.clone();
        Rc::new(Self {
            runtime,
            outside,
            definition,
            provider: provider(),
            sabotage,
            journal: RefCell::new(Journal::new(surroundings.journal, sabotage)),
            vendor: RefCell::new(Vendor::new(&surroundings)),
            random: RefCell::new(Random::new(history.seed ^ 0x5eed_0f1a_7e9c_1e50)),
            surroundings,
            faults: RefCell::default(),
            met: RefCell::default(),
            wrong: RefCell::default(),
            story: told.then(RefCell::default),
            last_call_arrives: Cell::default(),
            creates: RefCell::default(),
            still_until: Cell::default(),
            journal_away_until: Cell::default(),
            days: Cell::default(),
            last_operation: Cell::default(),
        })
    }

    /// The time of day of whoever has a right clock.
    pub fn time(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.runtime.now()).unwrap_or_default();
        let now = Timestamp::from_second(BEGINNING)
            .unwrap_or_default()
            .checked_add(passed)
            .and_then(|time| time.checked_add(self.days.get()));
        now.unwrap_or(Timestamp::MAX)
    }

    pub fn let_a_day_pass(&self) {
        self.days
            .set(self.days.get() + SignedDuration::from_hours(24));
    }

    pub fn key(&self, reference: &str) -> ServiceKey {
        ServiceKey {
            provider: self.provider.id,
            definition: self.definition.service.name.clone(),
            reference: reference.to_owned(),
        }
    }

    pub fn next_operation(&self) -> OperationId {
        self.last_operation.set(self.last_operation.get() + 1);
        OperationId(Uuid::from_u128(self.last_operation.get()))
    }

    /// How long something is on its way.
    pub fn latency(&self) -> Duration {
        let most = self.surroundings.latency.as_micros();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        Duration::from_micros(self.random.borrow_mut().between(200, most))
    }

    /// How long the journal takes for one verb, in each direction.
    pub fn journal_latency(&self) -> Duration {
        Duration::from_micros(self.random.borrow_mut().between(100, 4_000))
    }

    pub fn send_journal_away(&self, length: Duration) {
        let until = self.runtime.now() + length;
        self.journal_away_until
            .set(self.journal_away_until.get().max(until));
    }

    pub fn bring_journal_back(&self) {
        self.journal_away_until.set(Duration::ZERO);
    }

    /// Whether the journal can be reached.
    pub fn reach_journal(&self) -> Result<(), StoreError> {
        if self.runtime.now() < self.journal_away_until.get() {
            self.meet(Situation::JournalAway);
            return Err(StoreError::Unavailable("it is away".to_owned()));
        }
        Ok(())
    }

    /// The fault of the exchange that leaves now, when it has one.
    pub fn next_fault(&self, changes: bool) -> Option<Fault> {
        let mut faults = self.faults.borrow_mut();
        let mut due = None;
        for (number, waiting) in faults.iter_mut().enumerate() {
            if waiting.changes && !changes {
                continue;
            }
            if waiting.skipping == 0 {
                due.get_or_insert(number);
            } else {
                waiting.skipping -= 1;
            }
        }
        due.map(|number| faults.remove(number).fault)
    }

    pub fn note_create(&self, operation: OperationId, step: &str) {
        if !self
            .creates
            .borrow_mut()
            .insert((operation, step.to_owned()))
        {
            self.meet(Situation::SecondCreateSent);
        }
    }

    pub fn meet(&self, situation: Situation) {
        self.met.borrow_mut().count(situation);
    }

    /// Notes that something has happened that must not.
    pub fn is_wrong(&self, why: impl FnOnce() -> String) {
        let mut wrong = self.wrong.borrow_mut();
        if wrong.is_none() {
            let why = why();
            *wrong = Some(why.clone());
            drop(wrong);
            self.tell(|| format!("WRONG: {why}"));
        }
    }

    pub fn tell(&self, line: impl FnOnce() -> String) {
        if let Some(story) = &self.story {
            story.borrow_mut().push(Line {
                at: self.runtime.now(),
                text: line(),
            });
        }
    }
}

fn provider() -> Provider {
    let added_at = Timestamp::from_second(BEGINNING).unwrap_or_default();
    Provider {
        id: ProviderId(Uuid::from_u128(1)),
        name: "sunny".to_owned(),
        credential: SecretString::from("vendor-credential"),
        api: None,
        added_at,
        token_made_at: added_at,
        removed_at: None,
    }
}
