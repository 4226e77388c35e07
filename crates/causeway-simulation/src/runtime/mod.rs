//! Tasks in simulated time: a queue of moments, and whoever goes on at each. Nothing sleeps.
//!
//! Every `await` of a task is a scheduling point, at which its process can be killed or stand still.
//! One seed gives one order: of what comes at the same moment, what was asked for first goes first.

mod signal;

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

pub use self::signal::{Sender, Signal, Waited, signal};

/// Names a task.
pub type TaskId = usize;

/// Names a process: tasks that are killed and stand still together.
pub type ProcessId = usize;

/// What happens to a process at a scheduling point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// It is gone at once, as with SIGKILL.
    Kill,
    /// It does nothing for so long and then goes on from there, as with SIGSTOP.
    Pause(Duration),
}

/// What one turn of the queue came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A task went on.
    Went,
    /// A process was to go on and was struck instead; what follows is the caller's to do.
    Struck(ProcessId, Blow),
    /// Nothing waits for anything any more.
    Empty,
}

type Task<'w> = Pin<Box<dyn Future<Output = ()> + 'w>>;

struct Slot<'w> {
    process: ProcessId,
    alive: bool,
    task: Option<Task<'w>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Process {
    gone: bool,
    paused_until: Duration,
    /// After how many scheduling points it is struck.
    blow: Option<(u32, Blow)>,
}

/// Runs tasks in simulated time. Cheap to clone.
pub struct Runtime<'w>(Rc<Inner<'w>>);

struct Inner<'w> {
    now: Cell<Duration>,
    order: Cell<u64>,
    current: Cell<TaskId>,
    queue: RefCell<BinaryHeap<Reverse<(Duration, u64, TaskId)>>>,
    slots: RefCell<Vec<Slot<'w>>>,
    processes: RefCell<Vec<Process>>,
}

impl Clone for Runtime<'_> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<'w> Runtime<'w> {
    pub fn new() -> Self {
        Self(Rc::new(Inner {
            now: Cell::default(),
            order: Cell::default(),
            current: Cell::default(),
            queue: RefCell::default(),
            slots: RefCell::default(),
            processes: RefCell::default(),
        }))
    }

    /// How much time has passed since the beginning.
    pub fn now(&self) -> Duration {
        self.0.now.get()
    }

    pub fn new_process(&self) -> ProcessId {
        let mut processes = self.0.processes.borrow_mut();
        processes.push(Process::default());
        processes.len() - 1
    }

    /// Begins a task of a process; one that is gone begins nothing any more.
    pub fn spawn(&self, process: ProcessId, task: impl Future<Output = ()> + 'w) -> TaskId {
        let gone = self
            .0
            .processes
            .borrow()
            .get(process)
            .is_none_or(|own| own.gone);
        let mut slots = self.0.slots.borrow_mut();
        slots.push(Slot {
            process,
            alive: !gone,
            task: (!gone).then(|| Box::pin(task) as Task<'w>),
        });
        let id = slots.len() - 1;
        drop(slots);
        self.wake(id);
        id
    }

    /// Stops a task where it stands.
    pub fn abort(&self, id: TaskId) {
        let task = self.0.slots.borrow_mut().get_mut(id).and_then(|slot| {
            slot.alive = false;
            slot.task.take()
        });
        // Only now: what it lets go of wakes others.
        drop(task);
    }

    /// Stops every task of a process where it stands.
    pub fn kill(&self, process: ProcessId) {
        if let Some(process) = self.0.processes.borrow_mut().get_mut(process) {
            process.gone = true;
        }
        let ids: Vec<TaskId> = (0..self.0.slots.borrow().len()).collect();
        for id in ids {
            if self.0.slots.borrow()[id].process == process {
                self.abort(id);
            }
        }
    }

    /// Lets a process do nothing for so long.
    pub fn pause(&self, process: ProcessId, length: Duration) {
        let until = self.now() + length;
        if let Some(process) = self.0.processes.borrow_mut().get_mut(process) {
            process.paused_until = process.paused_until.max(until);
        }
    }

    pub fn is_paused(&self, process: ProcessId) -> bool {
        let processes = self.0.processes.borrow();
        processes
            .get(process)
            .is_some_and(|process| process.paused_until > self.now())
    }

    /// Strikes a process when it has come to so many scheduling points from now on.
    pub fn strike_after(&self, process: ProcessId, points: u32, blow: Blow) {
        if let Some(process) = self.0.processes.borrow_mut().get_mut(process) {
            process.blow = Some((points, blow));
        }
    }

    /// Takes back every blow that has not fallen yet.
    pub fn spare_all(&self) {
        for process in self.0.processes.borrow_mut().iter_mut() {
            process.blow = None;
        }
    }

    /// Stops everything.
    pub fn clear(&self) {
        let slots = std::mem::take(&mut *self.0.slots.borrow_mut());
        drop(slots);
        self.0.queue.borrow_mut().clear();
    }

    pub fn sleep(&self, length: Duration) -> impl Future<Output = ()> + use<'w> {
        let runtime = self.clone();
        let until = self.now() + length;
        let mut asked = false;
        std::future::poll_fn(move |_| {
            if runtime.now() >= until {
                return Poll::Ready(());
            }
            if !asked {
                asked = true;
                runtime.wake_at(until, runtime.current());
            }
            Poll::Pending
        })
    }

    /// Goes on with whatever comes next.
    pub fn step(&self) -> Step {
        let next = self.0.queue.borrow_mut().pop();
        let Some(Reverse((at, _, id))) = next else {
            return Step::Empty;
        };
        let task = {
            let mut slots = self.0.slots.borrow_mut();
            let Some(slot) = slots.get_mut(id).filter(|slot| slot.alive) else {
                return Step::Went;
            };
            self.0.now.set(at.max(self.now()));
            let mut processes = self.0.processes.borrow_mut();
            if let Some(process) = processes.get_mut(slot.process) {
                if process.paused_until > self.now() {
                    self.wake_at(process.paused_until, id);
                    return Step::Went;
                }
                match &mut process.blow {
                    Some((0, blow)) => {
                        let blow = *blow;
                        process.blow = None;
                        self.wake_at(self.now(), id);
                        return Step::Struck(slot.process, blow);
                    }
                    Some((points, _)) => *points -= 1,
                    None => {}
                }
            }
            slot.task.take()
        };
        let Some(mut task) = task else {
            return Step::Went;
        };
        self.0.current.set(id);
        let poll = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let mut slots = self.0.slots.borrow_mut();
        if let Some(slot) = slots.get_mut(id).filter(|slot| slot.alive) {
            match poll {
                Poll::Pending => slot.task = Some(task),
                Poll::Ready(()) => slot.alive = false,
            }
        }
        Step::Went
    }

    pub(super) fn current(&self) -> TaskId {
        self.0.current.get()
    }

    pub(super) fn wake(&self, id: TaskId) {
        self.wake_at(self.now(), id);
    }

    fn wake_at(&self, at: Duration, id: TaskId) {
        let order = self.0.order.get();
        self.0.order.set(order + 1);
        self.0.queue.borrow_mut().push(Reverse((at, order, id)));
    }
}
