//! Reads that lag behind writes: for a while they are answered as they were before the write.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, header};

use super::answer::Answer;
use super::request::Request;

/// A read, as far as two of them have the same answer.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Read {
    target: String,
    authorization: Option<HeaderValue>,
}

impl Read {
    /// `None` for a request that is no read.
    pub(super) fn of(request: &Request) -> Option<Self> {
        (request.head.method == Method::GET).then(|| Self {
            target: request.target().to_owned(),
            authorization: request.head.headers.get(header::AUTHORIZATION).cloned(),
        })
    }
}

#[derive(Debug, Default)]
pub(super) struct Lag {
    answers: HashMap<Read, Answer>,
    /// The armed fault that makes reads lag now, and until when.
    lagging: Option<(usize, Instant)>,
}

impl Lag {
    pub(super) fn begin(&mut self, fault: usize, lag: Duration) {
        self.lagging = Some((fault, Instant::now() + lag));
    }

    /// Keeps an answer, unless it is already newer than what reads have to show.
    pub(super) fn remember(&mut self, read: Read, answer: &Answer) {
        if self.lagging().is_none() {
            self.answers.insert(read, answer.clone());
        }
    }

    /// The answer of before, and the fault that gives it.
    pub(super) fn answer_of(&self, read: &Read) -> Option<(usize, Answer)> {
        let fault = self.lagging()?;
        Some((fault, self.answers.get(read)?.clone()))
    }

    fn lagging(&self) -> Option<usize> {
        let (fault, until) = self.lagging?;
        (Instant::now() < until).then_some(fault)
    }
}
