//! What the fault proxy has seen and done, for a report.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::fault::Fault;
use super::place::Port;

/// Which exchange of a fault proxy; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeNumber {
    pub(super) arming: u64,
    pub(super) index: usize,
}

/// One exchange. Headers are not recorded, so that no credential in one is; a path or a body that
/// holds a secret is recorded with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedExchange {
    /// The port that the caller used.
    pub port: Port,
    /// When the request had come, or the connection where none came; since the record began.
    #[serde(rename = "began_ms", serialize_with = "milliseconds")]
    pub began: Duration,
    /// When the caller had its answer, or the connection ended. A request can reach the vendor later.
    #[serde(rename = "ended_ms", serialize_with = "milliseconds_if_any")]
    pub ended: Option<Duration>,
    /// The request; `None` when the connection ended without one.
    pub request: Option<RecordedRequest>,
    /// The fault that struck this exchange.
    pub fault: Option<Fault>,
    /// Each time that the request went to the vendor.
    pub deliveries: Vec<RecordedDelivery>,
    /// What the caller was given.
    pub given: Given,
}

/// A request as the caller sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body, bytes that are no text replaced.
    pub body: String,
    /// Did the caller follow the redirect of [`Fault::Redirect`]?
    pub followed_redirect: bool,
}

/// One time that a request went to the vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedDelivery {
    /// When it was sent, since the record began.
    #[serde(rename = "sent_ms", serialize_with = "milliseconds")]
    pub sent: Duration,
    /// What came of it; `None` while it is not known.
    pub outcome: Option<DeliveryOutcome>,
}

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryOutcome {
    /// The vendor answered.
    Answered {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// No answer came; the caller was given a 502.
    Failed {
        /// Why.
        reason: String,
    },
}

/// What the caller was given, or how its connection ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Nothing yet.
    Pending,
    /// A whole answer.
    Answer {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// An answer that broke off.
    PartOfAnswer {
        /// The status.
        status: u16,
        /// The part of the body that was sent.
        body: String,
    },
    /// The connection was reset.
    Reset,
    /// The http port was closed for a while. Whether a caller came in that time cannot be seen.
    PortClosed,
    /// The caller gave up first.
    CallerGaveUp,
    /// No TLS connection came about.
    HandshakeFailed {
        /// What the caller, or TLS, said.
        reason: String,
    },
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    // A record is some minutes long.
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

fn milliseconds_if_any<S: Serializer>(
    time: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => milliseconds(time, serializer),
        None => serializer.serialize_none(),
    }
}
