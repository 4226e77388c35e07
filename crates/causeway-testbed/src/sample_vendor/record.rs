//! The record of answered calls, in memory only.

use std::collections::VecDeque;

const MOST_KEPT: usize = 10_000;

/// One answered call, with nothing masked: bodies hold passwords.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came, `/v1` included.
    pub path: String,
    /// The body as it came; empty if there was none.
    pub body: String,
    /// The header `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// The status that was answered, if only to a caller who had hung up.
    pub status: u16,
    /// Was the answer a stored one?
    pub replayed: bool,
}

/// The newest calls, oldest first.
#[derive(Debug, Default)]
pub(super) struct Record(VecDeque<RecordedRequest>);

impl Record {
    pub(super) fn add(&mut self, request: RecordedRequest) {
        if self.0.len() == MOST_KEPT {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }

    pub(super) fn all(&self) -> Vec<RecordedRequest> {
        self.0.iter().cloned().collect()
    }
}
