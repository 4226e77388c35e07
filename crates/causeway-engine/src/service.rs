//! What is known of one purchased service.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::provider::ProviderId;

/// Names a service: whose, of which definition, and the billing system's own reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceKey {
    /// The provider that sold it.
    pub provider: ProviderId,
    /// The name of the definition that it is an instance of.
    pub definition: String,
    /// The billing system's reference: `service-17`, or `addon-4`.
    pub reference: String,
}

impl fmt::Display for ServiceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/{}/{}",
            self.provider, self.definition, self.reference
        )
    }
}

/// Where a service stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStatus {
    /// Never finished being created.
    #[default]
    Absent,
    /// In use.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Ended.
    Terminated,
}

impl ServiceStatus {
    /// The name in the protocol and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
        }
    }
}

/// What is known of a service.
#[derive(Clone, PartialEq)]
pub struct ServiceRecord {
    /// Names it.
    pub key: ServiceKey,
    /// Where it stands.
    pub status: ServiceStatus,
    /// Counts the lives: a create after a terminate begins the next one.
    pub generation: u32,
    /// Whether anything about it was ever committed; `false` for a record made for a first call.
    pub known: bool,
    /// What is kept for it.
    pub properties: serde_json::Map<String, Value>,
    /// Exchanges that may have changed something at the vendor and whose outcome is not known,
    /// by step (`user`, `subscription`, `renew`, `terminate[1]`).
    pub doubts: BTreeMap<String, Doubt>,
    /// What a person has decided about steps that only a person could judge; each goes with the next
    /// time its step is worked on.
    pub resolutions: BTreeMap<String, Resolution>,
    /// The next due date of the last renewal that succeeded: the same one is not bought twice.
    pub renewed_for: Option<String>,
}

/// Without the values of the properties, some of which are secret.
impl fmt::Debug for ServiceRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.properties.keys().collect();
        formatter
            .debug_struct("ServiceRecord")
            .field("key", &self.key)
            .field("status", &self.status)
            .field("generation", &self.generation)
            .field("known", &self.known)
            .field("properties", &names)
            .field("doubts", &self.doubts)
            .field("renewed_for", &self.renewed_for)
            .finish()
    }
}

impl ServiceRecord {
    /// A record of a service that nothing is known of.
    pub fn unknown(key: ServiceKey) -> Self {
        Self {
            key,
            status: ServiceStatus::Absent,
            generation: 1,
            known: false,
            properties: serde_json::Map::new(),
            doubts: BTreeMap::new(),
            resolutions: BTreeMap::new(),
            renewed_for: None,
        }
    }
}

/// An exchange that may have changed something at the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// When the request was last about to be sent.
    pub since: Timestamp,
    /// The idempotency key that goes with it, each time it is sent.
    pub idempotency_key: String,
    /// Whether an answer is missing for a request that was really sent; `false` only while the first
    /// answer is awaited, and after a crash it counts as `true`.
    pub unanswered: bool,
    /// Whether a request is on its way now, the first or another one: after a crash the vendor may
    /// still be at it.
    #[serde(default)]
    pub under_way: bool,
}

/// What a person has decided about a step whose outcome only a person could judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The resource is there: it is the one with this identifier.
    Adopt(String),
    /// It was not done: it may be sent again.
    Again,
    /// It was done: there is nothing left to send.
    Done,
    /// It is not to be done: what is in doubt is forgotten.
    Abandon,
}

/// A resource as the vendor names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// The resource's name in the definition.
    pub resource: String,
    /// The vendor's identifier of it, as JSON text.
    pub value: String,
}

/// The service (and its life) that an identity was made for or adopted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The service's reference.
    pub reference: String,
    /// Which of its lives.
    pub generation: u32,
}
