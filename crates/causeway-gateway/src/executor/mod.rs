//! The executor owns running operations: it takes calls, does what the engine decides, and goes on
//! whether or not a caller still waits.
//!
//! A handler whose caller hangs up is dropped by the web framework, so a handler only asks and
//! waits here; every operation runs in a task of its own.

mod calls;
mod crash_point;
mod ends;
mod fingerprint;
mod resume;
mod running;
mod turns;
mod unrecorded;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{Input, Operation, OperationId, ServiceRecord, StoreError};
use thiserror::Error;

pub use calls::{Executor, ExecutorSettings, Fingerprints};
pub use crash_point::{CrashPoint, CrashPoints};

/// The definitions that a gateway serves, by name.
#[derive(Debug, Clone, Default)]
pub struct Definitions(BTreeMap<String, Arc<Definition>>);

impl Definitions {
    /// The definitions of these, by their names; the last one of a name counts.
    pub fn new(definitions: impl IntoIterator<Item = Definition>) -> Self {
        Self(
            definitions
                .into_iter()
                .map(|definition| (definition.service.name.clone(), Arc::new(definition)))
                .collect(),
        )
    }

    /// The definition of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<Definition>> {
        self.0.get(name)
    }

    /// Every definition, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.0.values()
    }
}

/// One call of a billing system.
#[derive(Debug, Clone)]
pub struct Call {
    /// The definition's name.
    pub definition: String,
    /// What is to be done.
    pub kind: OperationKind,
    /// The billing system's reference of the service; not needed to test a connection.
    pub reference: Option<String>,
    /// What the billing system says of service and client.
    pub input: Input,
}

/// How a call stands when it is answered.
#[derive(Debug, Clone)]
pub struct Report {
    /// The operation; one that is not recorded (a connection test, a sign-on) has its id all the
    /// same, for the logs.
    pub operation: Operation,
    /// Whether the journal has it.
    pub recorded: bool,
    /// The service as it stands now.
    pub service: Option<ServiceRecord>,
}

/// Why a call was not taken.
#[derive(Debug, Error)]
pub enum CallError {
    /// The gateway does not serve a definition of that name.
    #[error("this gateway serves no definition named `{0}`")]
    UnknownDefinition(String),
    /// The definition has no such operation.
    #[error("{definition} does not offer `{kind}`")]
    NotOffered {
        /// The definition's name.
        definition: String,
        /// What was asked for.
        kind: OperationKind,
    },
    /// The call names no service.
    #[error("`reference` is missing: `{0}` is always about one service")]
    NoReference(OperationKind),
    /// Another operation on the service did not end within the deadline; this one was not begun.
    #[error(
        "the service is still busy with `{kind}` (operation {id}); this call was not begun, try again later"
    )]
    ServiceBusy {
        /// The open operation.
        id: OperationId,
        /// What it does.
        kind: OperationKind,
    },
    /// What the billing side has saved for a service that the journal does not know is another's.
    #[error(
        "{title} has {resource} {value} for {holder}, and the same value is saved for {reference}; nothing was done, \
         because this would change {holder}. Correct the value of {reference}, or empty it, and try again"
    )]
    HeldByAnother {
        /// The definition's title.
        title: String,
        /// The resource's name in the definition.
        resource: String,
        /// The vendor's identifier of it.
        value: String,
        /// The service that it belongs to.
        holder: String,
        /// The service that the call is about.
        reference: String,
    },
    /// The gateway is about to stop and takes no new calls.
    #[error("the gateway is stopping; try again in a moment")]
    Stopping,
    /// The journal could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
