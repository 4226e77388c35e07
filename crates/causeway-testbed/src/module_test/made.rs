//! One callback that was made, and everything that came of it.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::callback::Callback;
use super::witness::Seen;
use crate::fault_proxy::{DeliveryOutcome, RecordedExchange};

/// What WHMCS, or the person before it, was told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It was done.
    Success,
    /// It was not done.
    Failure {
        /// What staff read.
        message: String,
    },
    /// A page.
    Page {
        /// The whole page.
        html: String,
    },
    /// Data: the product form, accounts, metrics.
    Data {
        /// As JSON.
        data: Value,
    },
    /// PHP died.
    PhpDied {
        /// What it said.
        reason: String,
    },
    /// The emulator lacks something that the module needs.
    NotEmulated {
        /// The function, class, table or column.
        what: String,
        /// File and line.
        place: String,
    },
    /// WHMCS itself would not do it now.
    Refused {
        /// Why.
        message: String,
    },
    /// It was not back in time, and was killed.
    Held,
}

impl Told {
    /// In a few words.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Success => "success".to_owned(),
            Self::Failure { message } if message.trim().is_empty() => {
                "an error without a message".to_owned()
            }
            Self::Failure { message } => format!("error: {message}"),
            Self::Page { html } => format!("a page of {} bytes", html.len()),
            Self::Data { .. } => "data".to_owned(),
            Self::PhpDied { reason } => format!("PHP died: {reason}"),
            Self::NotEmulated { what, .. } => format!("not emulated: {what}"),
            Self::Refused { message } => format!("WHMCS refuses: {message}"),
            Self::Held => "nothing: it was still waiting".to_owned(),
        }
    }

    /// Whether it was done, as far as WHMCS knows.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Success)
    }
}

/// A callback that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Which.
    pub callback: Callback,
    /// What came back.
    pub told: Told,
    /// What was recorded of it.
    pub seen: Seen,
    /// What went between module and vendor.
    pub exchanges: Vec<RecordedExchange>,
    /// How long it took, WHMCS's own work included.
    pub took: Duration,
}

impl Made {
    /// Whether it ended as it should when nothing goes wrong.
    #[must_use]
    pub const fn is_well(&self) -> bool {
        matches!(
            self.told,
            Told::Success | Told::Page { .. } | Told::Data { .. }
        )
    }

    /// How long the module's functions worked beside what exchanges took.
    #[must_use]
    pub fn own_time(&self) -> Duration {
        let functions: f64 = self.seen.calls.iter().map(|call| call.milliseconds).sum();
        let exchanges: Duration = self.exchanges.iter().filter_map(time_of).sum();
        Duration::from_secs_f64(functions / 1000.0).saturating_sub(exchanges)
    }

    /// The requests that the vendor took for good and that change something: `POST /accounts`.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let only_reads = self.only_reads();
        self.exchanges
            .iter()
            .filter(|exchange| is_done(exchange))
            .filter_map(request_line)
            .filter(|line| only_reads || !is_read(line))
            .collect()
    }

    /// Whether every request is a GET. An API may do everything by GET.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        let lines = self.exchanges.iter().filter_map(request_line);
        lines.into_iter().all(|line| is_read(&line))
    }
}

fn time_of(exchange: &RecordedExchange) -> Option<Duration> {
    Some(exchange.ended?.saturating_sub(exchange.began))
}

/// Whether the vendor got it and took it for good.
fn is_done(exchange: &RecordedExchange) -> bool {
    exchange.deliveries.iter().any(|delivery| {
        matches!(delivery.outcome, Some(DeliveryOutcome::Answered { status, .. }) if status < 400)
    })
}

/// Method and path, without the query and with `*` for what an id can stand in: `GET /v1/accounts/*`.
/// Ids differ from one life to the next.
pub fn request_line(exchange: &RecordedExchange) -> Option<String> {
    let request = exchange.request.as_ref()?;
    let path = request.target.split('?').next().unwrap_or_default();
    let parts = path.split('/').map(|part| match has_id(part) {
        true => "*",
        false => part,
    });
    Some(format!(
        "{} {}",
        request.method,
        parts.collect::<Vec<_>>().join("/")
    ))
}

/// A part with a digit in it that is no version: `acc_1`, and not `v2` or `v1.1`.
fn has_id(part: &str) -> bool {
    let version = part.strip_prefix('v').unwrap_or(part);
    let is_version = part.starts_with('v')
        && version
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.');
    part.contains(|letter: char| letter.is_ascii_digit()) && !is_version
}

fn is_read(line: &str) -> bool {
    ["GET ", "HEAD ", "OPTIONS "]
        .iter()
        .any(|method| line.starts_with(method))
}
