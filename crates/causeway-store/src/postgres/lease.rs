//! The lease that shows that this gateway lives, and what it works on.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use causeway_engine::OperationId;

/// How long a gateway is taken for alive after it last proved it.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// A gateway counts its lease as over before others may, so that a request that is just being sent has
/// left by then.
const MARGIN: Duration = Duration::from_millis(500);

/// This gateway as the database knows it, until it is taken for dead.
#[derive(Debug)]
pub(super) struct Node {
    /// The fencing token: given once, and named in everything that this gateway commits.
    pub(super) number: i64,
    /// By [`now`], in nanoseconds.
    held_until: AtomicU64,
    working: Mutex<HashSet<OperationId>>,
}

impl Node {
    /// A node whose lease was asked for at `asked_at`.
    pub(super) fn new(number: i64, asked_at: Duration) -> Self {
        let node = Self {
            number,
            held_until: AtomicU64::new(0),
            working: Mutex::default(),
        };
        node.renewed(asked_at);
        node
    }

    /// Notes that the lease was renewed; the renewal was sent at `asked_at`.
    pub(super) fn renewed(&self, asked_at: Duration) {
        let until = asked_at + (LEASE - MARGIN);
        self.held_until
            .fetch_max(nanoseconds(until), Ordering::Relaxed);
    }

    /// Whether nobody can have taken this gateway for dead.
    pub(super) fn is_held(&self) -> bool {
        nanoseconds(now()) < self.held_until.load(Ordering::Relaxed)
    }

    /// Notes that this gateway begins to work on an operation, before that is committed; `None` when
    /// it does already.
    pub(super) fn begin(self: &Arc<Self>, operation: OperationId) -> Option<Begun> {
        self.working().insert(operation).then(|| Begun {
            node: Arc::clone(self),
            operation,
            stays: false,
        })
    }

    /// Notes that an operation has ended.
    pub(super) fn end(&self, operation: OperationId) {
        self.working().remove(&operation);
    }

    /// What this gateway works on. An open operation that is this gateway's and not among these was
    /// committed while the connection broke, and nobody was told.
    pub(super) fn works_on(&self) -> Vec<OperationId> {
        self.working().iter().copied().collect()
    }

    fn working(&self) -> std::sync::MutexGuard<'_, HashSet<OperationId>> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation that this gateway is about to work on; forgotten again unless it stays.
pub(super) struct Begun {
    node: Arc<Node>,
    operation: OperationId,
    stays: bool,
}

impl Begun {
    /// It is committed, and whoever asked for it is told.
    pub(super) fn stay(mut self) {
        self.stays = true;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.stays {
            self.node.end(self.operation);
        }
    }
}

/// The time since the machine started, sleep included: a lease ends while the machine sleeps.
#[cfg(target_os = "linux")]
pub(super) fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::try_from(time).unwrap_or_default()
}

/// The time since this process first asked.
#[cfg(not(target_os = "linux"))]
pub(super) fn now() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
