//! What happens, as it happens: steps that a person takes, and in each the callbacks, hooks, exchanges
//! with the vendor and changes of the database that came of it.

mod changes;
mod entry;
mod left;
mod watch;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::watch as channel;

pub use entry::{Entry, Kind, Tone};

use self::changes::Changes;
use self::watch::Told;
use crate::emulator::{EmulatorEvent, Observer, VisitRecord};
use crate::fault_proxy::{ExchangeNumber, ExchangeObserver};

/// More than a person scrolls back.
const MOST_STEPS: usize = 80;
const MOST_ENTRIES_OF_A_STEP: usize = 400;

/// All that has happened, newest step last. Everything in it has a revision, which grows with each thing
/// that is added or changed.
#[derive(Debug)]
pub struct Feed {
    inner: Mutex<Inner>,
    changes: Mutex<Option<Changes>>,
    revision: channel::Sender<u64>,
}

#[derive(Debug, Default)]
struct Inner {
    revision: u64,
    steps: VecDeque<Step>,
    /// Where each exchange stands.
    exchanges: HashMap<ExchangeNumber, (u64, u64)>,
}

/// Something that a person did, or that WHMCS did by itself.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// Its number.
    pub number: u64,
    /// What it was: `Ada Lovelace pays invoice 1`.
    pub title: String,
    /// When, by this machine's clock: `14:03:22`.
    pub at: String,
    /// What came of it, in its order.
    pub entries: Vec<Placed>,
}

/// An entry with its place in the feed.
#[derive(Debug, Clone, Serialize)]
pub struct Placed {
    /// Its number.
    pub number: u64,
    /// When it was added or changed last.
    pub revision: u64,
    /// What it says.
    pub entry: Entry,
    /// Whether it happened within the callback above it.
    pub within: bool,
    /// The entry that it stands before; at the end of the step without one.
    pub before: Option<u64>,
    #[serde(skip)]
    at: Instant,
}

/// Something that is new since a revision.
#[derive(Debug, Clone)]
pub enum News {
    /// A step has begun; its entries are news of their own.
    Step(Step),
    /// An entry was added to a step, or changed.
    Entry {
        /// The step.
        step: u64,
        /// The entry.
        placed: Placed,
    },
}

impl News {
    fn revision(&self) -> u64 {
        match self {
            Self::Step(step) => step.number,
            Self::Entry { placed, .. } => placed.revision,
        }
    }
}

impl Feed {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            inner: Mutex::default(),
            changes: Mutex::new(None),
            revision: channel::Sender::default(),
        }
    }

    /// From now on changes of this database are told of.
    pub fn watch_database(&self, file: PathBuf) {
        *lock(&self.changes) = Some(Changes::since_now(file));
    }

    /// A step begins; what happens belongs to it until the next one.
    pub fn step(&self, title: impl Into<String>) {
        let mut inner = self.inner();
        inner.revision += 1;
        let number = inner.revision;
        inner.steps.push_back(Step {
            number,
            title: title.into(),
            at: Timestamp::now().strftime("%H:%M:%S").to_string(),
            entries: Vec::new(),
        });
        if inner.steps.len() > MOST_STEPS {
            inner.steps.pop_front();
        }
        self.told(&inner);
    }

    /// Something happened.
    pub fn add(&self, entry: Entry) {
        let mut inner = self.inner();
        inner.add(entry);
        self.told(&inner);
    }

    /// A request to WHMCS has ended. What went to the vendor meanwhile is known already: it stands
    /// within the callback that sent it.
    fn add_call(&self, told: Told, took: Duration) {
        let mut inner = self.inner();
        let began = Instant::now().checked_sub(took);
        let Told { until, after } = told;
        match began.and_then(|began| inner.first_exchange_since(began)) {
            Some(first) if !until.is_empty() => {
                for (entry, within) in until {
                    inner.insert(entry, within, first);
                }
                inner.put_within(first);
            }
            _ => {
                for (entry, within) in until {
                    inner.add_within(entry, within);
                }
            }
        }
        for (entry, within) in after {
            inner.add_within(entry, within);
        }
        self.told(&inner);
    }

    /// A file was opened that loads WHMCS.
    pub fn add_visit(&self, record: &VisitRecord, took: Duration) {
        self.add_call(watch::of_visit(record), took);
    }

    /// Everything, newest step first, and the revision that this is.
    pub fn all(&self) -> (Vec<Step>, u64) {
        let inner = self.inner();
        (inner.steps.iter().rev().cloned().collect(), inner.revision)
    }

    /// What is new since a revision, in its order, and the revision that this is.
    pub fn since(&self, revision: u64) -> (Vec<News>, u64) {
        let inner = self.inner();
        let mut news = Vec::new();
        for step in &inner.steps {
            if step.number > revision {
                news.push(News::Step(Step {
                    entries: Vec::new(),
                    ..step.clone()
                }));
            }
            let entries = step.entries.iter();
            news.extend(
                entries
                    .filter(|placed| placed.revision > revision)
                    .map(|placed| News::Entry {
                        step: step.number,
                        placed: placed.clone(),
                    }),
            );
        }
        news.sort_by_key(News::revision);
        (news, inner.revision)
    }

    /// Tells of each new revision.
    pub fn revisions(&self) -> channel::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Puts what the emulator does into the feed.
    pub fn emulator_observer(self: &Arc<Self>) -> Observer {
        let feed = Arc::clone(self);
        Arc::new(move |event: &EmulatorEvent<'_>| {
            feed.add_call(watch::of_emulator(event), event.took);
            let changed = lock(&feed.changes).as_mut().map(Changes::take);
            if event.left_behind.is_none() {
                for entry in changed.unwrap_or_default() {
                    feed.add(entry);
                }
            }
        })
    }

    /// Puts exchanges with the vendor into the feed; `base` is the path of its API.
    pub fn exchange_observer(self: &Arc<Self>, base: String) -> ExchangeObserver {
        let feed = Arc::clone(self);
        ExchangeObserver(Arc::new(move |number, recorded| {
            let entry = watch::of_exchange(recorded, &base);
            let mut inner = feed.inner();
            match inner.exchanges.get(&number).copied() {
                Some(place) => inner.change(place, entry),
                None => {
                    if let Some(place) = inner.add(entry) {
                        inner.exchanges.insert(number, place);
                    }
                }
            }
            feed.told(&inner);
        }))
    }

    fn told(&self, inner: &Inner) {
        self.revision.send_replace(inner.revision);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

impl Inner {
    fn add(&mut self, entry: Entry) -> Option<(u64, u64)> {
        self.add_within(entry, false)
    }

    fn add_within(&mut self, entry: Entry, within: bool) -> Option<(u64, u64)> {
        let revision = self.revision + 1;
        let step = self.steps.back_mut()?;
        if step.entries.len() >= MOST_ENTRIES_OF_A_STEP {
            return None;
        }
        step.entries.push(Placed {
            number: revision,
            revision,
            entry,
            within,
            before: None,
            at: Instant::now(),
        });
        let place = (step.number, revision);
        self.revision = revision;
        Some(place)
    }

    /// The first exchange of this step that began after a moment.
    fn first_exchange_since(&self, began: Instant) -> Option<u64> {
        let mut entries = self.steps.back()?.entries.iter();
        let first = entries.find(|placed| {
            placed.entry.kind == Kind::Exchange && placed.at >= began && !placed.within
        });
        first.map(|placed| placed.number)
    }

    /// Puts an entry before another one of this step.
    fn insert(&mut self, entry: Entry, within: bool, before: u64) {
        let Some((_, number)) = self.add_within(entry, within) else {
            return;
        };
        let Some(step) = self.steps.back_mut() else {
            return;
        };
        let place = step.entries.iter().position(|one| one.number == before);
        if let (Some(place), Some(mut added)) = (place, step.entries.pop()) {
            debug_assert_eq!(added.number, number, "it was added just now");
            added.before = Some(before);
            step.entries.insert(place, added);
        }
    }

    /// The exchanges from this one on happened within the callback before them.
    fn put_within(&mut self, first: u64) {
        let Some(step) = self.steps.back_mut() else {
            return;
        };
        let entries = step.entries.iter_mut();
        for placed in entries.skip_while(|placed| placed.number != first) {
            if placed.entry.kind == Kind::Exchange {
                self.revision += 1;
                placed.revision = self.revision;
                placed.within = true;
            }
        }
    }

    fn change(&mut self, (step, number): (u64, u64), entry: Entry) {
        let revision = self.revision + 1;
        let steps = self.steps.iter_mut().filter(|one| one.number == step);
        let mut entries = steps.flat_map(|step| step.entries.iter_mut());
        if let Some(placed) = entries.find(|placed| placed.number == number) {
            placed.revision = revision;
            placed.entry = entry;
            self.revision = revision;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
