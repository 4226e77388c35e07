//! A hosting provider: one billing installation, one token, one credential at the vendor.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names a provider for ever; its token and its name may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderId(pub Uuid);

impl fmt::Display for ProviderId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A hosting provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Names it for ever.
    pub id: ProviderId,
    /// The name that it was added with, unique among those that are not removed.
    pub name: String,
    /// The vendor's token for this provider.
    pub credential: SecretString,
    /// Another address of the vendor's API (its sandbox, say) than the definition's.
    pub api: Option<String>,
    /// When it was added.
    pub added_at: Timestamp,
    /// When its token was last made.
    pub token_made_at: Timestamp,
    /// When it was removed; its services stay recorded.
    pub removed_at: Option<Timestamp>,
}
