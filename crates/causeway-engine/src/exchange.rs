//! One exchange with the vendor, as the journal remembers it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One exchange with the vendor. Texts are masked before they get here; the journal encrypts them
/// all the same, because they tell of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Counts within the operation, from 1.
    pub number: u32,
    /// The step that it belongs to: `user`, `subscription`, `suspend`.
    pub step: String,
    /// What the exchange was for: `find`, `create`, `read`, `call`.
    pub purpose: String,
    /// When the request was about to be sent.
    pub sent_at: Timestamp,
    /// When the outcome was known.
    pub ended_at: Option<Timestamp>,
    /// What came of it.
    pub outcome: Outcome,
    /// The status of the answer, when there was one.
    pub status: Option<u16>,
    /// What was said, in both directions.
    pub detail: ExchangeDetail,
}

/// What was said in an exchange, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExchangeDetail {
    /// Method and address.
    pub request: String,
    /// The request's body, shortened.
    pub request_body: Option<String>,
    /// The answer's body, shortened, or why there is none.
    pub answer: Option<String>,
}

/// What came of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The intent is committed; nothing more is known.
    Intended,
    /// Done.
    Done,
    /// The vendor said no.
    Refused,
    /// The request never left.
    NotSent,
    /// The vendor asked to come back later.
    Busy,
    /// It may have been done, and it may not.
    Unknown,
}

impl Outcome {
    /// The name in the command line and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Busy => "busy",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Intended,
            Self::Done,
            Self::Refused,
            Self::NotSent,
            Self::Busy,
            Self::Unknown,
        ]
        .into_iter()
        .find(|outcome| outcome.name() == name)
    }
}
