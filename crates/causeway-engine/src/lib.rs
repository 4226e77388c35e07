//! The step machine that brings every operation to a right end, without I/O.
//!
//! [`decide`] is a pure function: the state of an operation and what happened, in; what to commit
//! and what to do next, out. Whoever runs it (the gateway's executor, a simulation) does the I/O.
//!
//! What may never be forgotten is small and stands in [`ServiceRecord`]: the kept properties, and for
//! every exchange that may have changed something at the vendor and whose outcome is not known a
//! [`Doubt`], which is committed *before* the request is sent. A crash, a timeout and a retry a day
//! later are therefore one and the same case: a step that meets its own doubt looks before it sends.

mod backoff;
mod call;
mod decide;
mod machine;
mod masking;
mod message;
mod names;
mod plan;
mod resource;
mod secret_forms;
mod takeover;

pub mod clock;
pub mod exchange;
pub mod operation;
pub mod provider;
pub mod service;
pub mod store;
pub mod vendor;

pub use clock::{Clock, SystemClock};
pub use decide::{Action, Decision, Event, Run, decide};
pub use exchange::{Exchange, Outcome};
pub use masking::Secrets;
pub use names::{ShownLine, shown};
pub use operation::{Ending, Input, Operation, OperationId, ServiceFacts, Standing};
pub use provider::{Provider, ProviderId};
pub use service::{Doubt, Holder, Identity, Resolution, ServiceKey, ServiceRecord, ServiceStatus};
pub use store::{
    Acceptance, Claim, Commit, Lease, NewOperation, Origin, Resolve, Store, StoreError, Unfinished,
};
pub use takeover::taken_over;
pub use vendor::{Reply, Vendor};
