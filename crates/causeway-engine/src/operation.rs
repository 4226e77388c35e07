//! One lifecycle call on one service.

use std::fmt;
use std::str::FromStr;

use causeway_definition::OperationKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::service::ServiceKey;

/// Names an operation; sorts by the time at which it was accepted (UUID version 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub Uuid);

impl OperationId {
    /// A new name.
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for OperationId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for OperationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// What the billing system says about the service and its client.
/// Encrypted in the journal, and removed when the operation ends.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Input {
    /// The service's domain.
    pub domain: String,
    /// The service's user name.
    pub username: String,
    /// The service's password; for `change_password` the new one.
    pub password: Option<String>,
    /// The provider's customer: `firstname`, `email`, …
    pub client: Map<String, Value>,
    /// The product's options, by the names of the definition.
    pub options: Map<String, Value>,
    /// What the customer chose in configurable options, by name.
    pub configurable_options: Map<String, Value>,
    /// Custom fields, by name.
    pub custom_fields: Map<String, Value>,
    /// Dates and names of the billing side.
    pub service: ServiceFacts,
    /// The properties that the billing side has saved; used for a service that the journal does not know.
    pub properties: Map<String, Value>,
}

/// Without the client, the password, and options and properties that may be as secret.
impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Input")
            .field("domain", &self.domain)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// Dates and names of the billing side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceFacts {
    /// `Active`, `Suspended`, … as the billing system says it.
    pub status: String,
    /// The product's number.
    pub product_id: String,
    /// The product's name.
    pub product_name: String,
    /// `Monthly`, `Annually`, …
    pub billing_cycle: String,
    /// `YYYY-MM-DD`.
    pub next_due_date: String,
    /// `YYYY-MM-DD`.
    pub registration_date: String,
    /// The recurring amount, as decimal text.
    pub amount: String,
    /// The currency's code.
    pub currency: String,
    /// Whether the service is a product addon.
    pub is_addon: bool,
}

/// One lifecycle call on one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Names it.
    pub id: OperationId,
    /// The service that it is about.
    pub service: ServiceKey,
    /// What is to be done.
    pub kind: OperationKind,
    /// What tells two calls of one kind apart: equal ones join. See [`crate::NewOperation`].
    pub fingerprint: String,
    /// What the billing system said; empty once the operation has ended.
    pub input: Input,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The steps that are done, as a number into the plan.
    pub steps_done: u32,
    /// Whether a caller was told "pending" and has not had the result since.
    pub owed: bool,
}

/// How an operation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is being worked on, or waits to be resumed.
    Open,
    /// It has ended.
    Ended(Ending),
}

impl Standing {
    /// The name in the command line, the protocol and the journal.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended(ending) => ending.name(),
        }
    }
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ending")]
pub enum Ending {
    /// All of it is done.
    Succeeded {
        /// Where to send the person (single sign-on); never journaled.
        #[serde(skip)]
        redirect: Option<String>,
    },
    /// It was not done, and a next try goes on from where it stands.
    Failed {
        /// One readable line for staff.
        message: String,
    },
    /// It may have been done, and only a person can tell.
    NeedsAttention {
        /// The step that is to be judged; none when the whole operation is.
        step: Option<String>,
        /// One readable line for staff: what happened and what to look at.
        message: String,
    },
}

impl Ending {
    /// The name in the command line, the protocol and the journal.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::NeedsAttention { .. } => "needs_attention",
        }
    }

    /// The line for staff; a success has none.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Succeeded { .. } => None,
            Self::Failed { message } | Self::NeedsAttention { message, .. } => Some(message),
        }
    }
}
