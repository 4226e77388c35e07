//! Values of the protocol that have a rule of their own.

use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;
use utoipa::ToSchema;

/// The billing system's own name of a service: `service-17`, `addon-4`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9._-]{1,64}$", example = "service-17")]
pub(crate) struct Reference(String);

/// A text that cannot name a service.
#[derive(Debug, Error)]
#[error("a service is named by 1 to 64 characters of A-Z a-z 0-9 - _ . (like \"service-17\")")]
pub(crate) struct BadReference;

impl TryFrom<String> for Reference {
    type Error = BadReference;

    fn try_from(text: String) -> Result<Self, BadReference> {
        let good = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        good.then_some(Self(text)).ok_or(BadReference)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// How long a caller waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "u64")]
#[schema(value_type = u32, minimum = 1, maximum = 120_000, default = 20_000)]
pub(crate) struct Deadline(Duration);

/// A number that is no deadline.
#[derive(Debug, Error)]
#[error("the deadline is {0} ms, and it has to be from 1 to 120000")]
pub(crate) struct BadDeadline(u64);

impl Deadline {
    const LONGEST_MS: u64 = 120_000;

    pub const fn duration(self) -> Duration {
        self.0
    }
}

impl TryFrom<u64> for Deadline {
    type Error = BadDeadline;

    fn try_from(milliseconds: u64) -> Result<Self, BadDeadline> {
        if (1..=Self::LONGEST_MS).contains(&milliseconds) {
            Ok(Self(Duration::from_millis(milliseconds)))
        } else {
            Err(BadDeadline(milliseconds))
        }
    }
}

impl Default for Deadline {
    fn default() -> Self {
        Self(Duration::from_secs(20))
    }
}
