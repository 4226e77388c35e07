//! The operations that a gateway works on now, and those who wait for them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use causeway_engine::{Operation, OperationId, ServiceRecord};

use crate::runtime::{Runtime, Sender, Signal, signal};

/// An operation that has ended, and its service as it stands then.
pub type Ended = Rc<(Operation, ServiceRecord)>;

/// The operations that are worked on, by id.
pub struct Running<'w> {
    runtime: Runtime<'w>,
    by_id: RefCell<BTreeMap<OperationId, Signal<'w, Ended>>>,
}

/// An operation that is worked on.
pub struct Working<'w> {
    id: OperationId,
    sender: Sender<'w, Ended>,
    running: Rc<Running<'w>>,
}

impl<'w> Running<'w> {
    pub fn new(runtime: &Runtime<'w>) -> Self {
        Self {
            runtime: runtime.clone(),
            by_id: RefCell::default(),
        }
    }

    /// Notes that an operation is worked on, until what is returned is dropped.
    pub fn begin(self: &Rc<Self>, id: OperationId) -> Working<'w> {
        let (sender, signal) = signal(&self.runtime);
        self.by_id.borrow_mut().insert(id, signal);
        Working {
            id,
            sender,
            running: Rc::clone(self),
        }
    }

    pub fn watched(&self, id: OperationId) -> Option<Signal<'w, Ended>> {
        self.by_id.borrow().get(&id).cloned()
    }
}

impl Working<'_> {
    /// Tells everyone who waits that the operation has ended.
    pub fn ended(&self, ended: Ended) {
        self.sender.send(ended);
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        let mut by_id = self.running.by_id.borrow_mut();
        // Somebody may have begun it anew meanwhile.
        if by_id
            .get(&self.id)
            .is_some_and(|watched| self.sender.is_of(watched))
        {
            by_id.remove(&self.id);
        }
    }
}
