//! An exchange as the analysis sees it.

use std::collections::HashMap;

use http::{StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::scripted_vendor::call::Call;

use super::exchange::Exchange;

pub(super) struct Seen {
    pub call: Call,
    /// The path behind the prefix, in pieces.
    pub segments: Vec<String>,
    pub input: Map<String, Value>,
    pub status: StatusCode,
    pub answer: Body,
}

/// What an answer brought.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Empty,
    Json(Value),
    Text { content_type: String, text: String },
}

/// Why exchanges are left out, with how many.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct LeftOut(pub HashMap<&'static str, usize>);

impl LeftOut {
    pub fn count(&mut self, why: &'static str) {
        *self.0.entry(why).or_default() += 1;
    }
}

impl Seen {
    /// What can become a part of a script.
    pub fn of(exchange: &Exchange, prefix: &str, left_out: &mut LeftOut) -> Option<Self> {
        let (head, body) = exchange.request.clone().into_parts();
        let call = Call::read(&head, &body);
        if matches!(
            call.method.as_str(),
            "HEAD" | "OPTIONS" | "CONNECT" | "TRACE"
        ) {
            left_out.count("asked with a method that a script does not have");
            return None;
        }
        let Some(path) = call
            .path
            .strip_prefix(prefix)
            .filter(|path| path.is_empty() || path.starts_with('/'))
        else {
            left_out.count("outside of the API's address");
            return None;
        };
        let segments: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        if segments
            .iter()
            .any(|segment| segment.contains(['{', '}', '?', '#', '/']))
        {
            left_out.count("with a path that a script cannot write");
            return None;
        }
        let Some(answer) = Body::of(&exchange.answer) else {
            left_out.count("answered with what is no text");
            return None;
        };
        Some(Self {
            input: call.input(),
            call,
            segments,
            status: exchange.answer.status(),
            answer,
        })
    }

    pub fn json(&self) -> Option<&Value> {
        match &self.answer {
            Body::Json(value) => Some(value),
            _ => None,
        }
    }
}

impl Body {
    fn of(answer: &http::Response<hyper::body::Bytes>) -> Option<Self> {
        let text = std::str::from_utf8(answer.body()).ok()?;
        if text.trim().is_empty() {
            return Some(Self::Empty);
        }
        if let Ok(json) = serde_json::from_str(text) {
            return Some(Self::Json(json));
        }
        let content_type = answer.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Some(Self::Text {
            content_type: content_type.unwrap_or("text/plain").to_owned(),
            text: text.to_owned(),
        })
    }
}
