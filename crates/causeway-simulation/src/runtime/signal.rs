//! A value that one task brings and others wait for.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use super::{Runtime, TaskId};

struct Shared<T> {
    value: Option<T>,
    /// Whether nobody can bring it any more.
    closed: bool,
    waiting: Vec<TaskId>,
}

/// Brings the value; dropped without it, it tells those who wait that none will come.
pub struct Sender<'w, T> {
    runtime: Runtime<'w>,
    shared: Rc<RefCell<Shared<T>>>,
}

/// Waits for the value. Cheap to clone.
pub struct Signal<'w, T> {
    runtime: Runtime<'w>,
    shared: Rc<RefCell<Shared<T>>>,
}

impl<T> Clone for Signal<'_, T> {
    fn clone(&self) -> Self {
        Self {
            runtime: self.runtime.clone(),
            shared: Rc::clone(&self.shared),
        }
    }
}

/// A value that is still to come.
pub fn signal<'w, T: Clone>(runtime: &Runtime<'w>) -> (Sender<'w, T>, Signal<'w, T>) {
    let shared = Rc::new(RefCell::new(Shared {
        value: None,
        closed: false,
        waiting: Vec::new(),
    }));
    let sender = Sender {
        runtime: runtime.clone(),
        shared: Rc::clone(&shared),
    };
    let signal = Signal {
        runtime: runtime.clone(),
        shared,
    };
    (sender, signal)
}

impl<T> Sender<'_, T> {
    pub fn send(&self, value: T) {
        self.shared.borrow_mut().value = Some(value);
        self.wake_all();
    }

    /// Whether there is anybody left to bring it to.
    pub fn is_awaited(&self) -> bool {
        Rc::strong_count(&self.shared) > 1
    }

    /// Whether it brings what this signal waits for.
    pub fn is_of<'s>(&self, signal: &Signal<'s, T>) -> bool {
        Rc::ptr_eq(&self.shared, &signal.shared)
    }

    fn wake_all(&self) {
        let waiting = std::mem::take(&mut self.shared.borrow_mut().waiting);
        for task in waiting {
            self.runtime.wake(task);
        }
    }
}

impl<T> Drop for Sender<'_, T> {
    fn drop(&mut self) {
        self.shared.borrow_mut().closed = true;
        self.wake_all();
    }
}

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited<T> {
    /// The value has come.
    Came(T),
    /// Nobody will bring it.
    Never,
    /// The time is over.
    TooLate,
}

impl<'w, T: Clone + 'w> Signal<'w, T> {
    pub fn has_come(&self) -> bool {
        self.shared.borrow().value.is_some()
    }

    /// Waits for the value, at most until then.
    pub fn until(&self, deadline: Duration) -> impl Future<Output = Waited<T>> + use<'w, T> {
        let Self { runtime, shared } = self.clone();
        let mut asked = false;
        std::future::poll_fn(move |_| {
            let mut state = shared.borrow_mut();
            if let Some(value) = &state.value {
                return Poll::Ready(Waited::Came(value.clone()));
            }
            if state.closed {
                return Poll::Ready(Waited::Never);
            }
            if runtime.now() >= deadline {
                return Poll::Ready(Waited::TooLate);
            }
            if !asked {
                asked = true;
                runtime.wake_at(deadline, runtime.current());
            }
            let current = runtime.current();
            if !state.waiting.contains(&current) {
                state.waiting.push(current);
            }
            Poll::Pending
        })
    }
}
