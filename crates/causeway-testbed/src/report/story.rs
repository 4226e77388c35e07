//! What happened in a case, in words.

use serde_json::Value;

use crate::fault_proxy::{DeliveryOutcome, Given, RecordedDelivery, RecordedExchange};

/// `CreateAccount: success`, or what happened between two calls.
pub fn told_line(told: &Value) -> String {
    if let Some(event) = told["event"].as_str() {
        return event.to_owned();
    }
    let call = told["call"].as_str().unwrap_or("a call");
    let message = told["message"].as_str().unwrap_or_default();
    match told["success"] == Value::Bool(true) {
        true => format!("{call}: success"),
        false => format!("{call}: {message}"),
    }
}

/// An exchange in a few lines: the request, each delivery, what the caller was given.
pub fn exchange_lines(exchange: &RecordedExchange) -> Vec<String> {
    let mut lines = vec![format!(
        "{:>6} ms  {}{}",
        exchange.began.as_millis(),
        request_line(exchange),
        exchange
            .fault
            .map(|fault| format!("   ← {fault}: {}", fault.description()))
            .unwrap_or_default(),
    )];
    if let Some(request) = &exchange.request
        && !request.body.is_empty()
    {
        lines.push(format!("           sent    {}", request.body));
    }
    for delivery in &exchange.deliveries {
        lines.push(format!(
            "           vendor  {}",
            came_of(delivery).in_one_line()
        ));
    }
    lines.push(format!(
        "           given   {}",
        was_given(&exchange.given).in_one_line()
    ));
    lines
}

/// `POST /v1/services`
pub fn request_line(exchange: &RecordedExchange) -> String {
    match &exchange.request {
        Some(request) => format!("{} {}", request.method, request.target),
        None => "a connection without a request".to_owned(),
    }
}

/// An answer, or what there was in place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status, or what happened.
    pub head: String,
    /// The body; empty when there is none.
    pub body: String,
}

impl Answer {
    fn new(head: impl Into<String>, body: &str) -> Self {
        Self {
            head: head.into(),
            body: body.to_owned(),
        }
    }

    fn in_one_line(&self) -> String {
        format!("{} {}", self.head, self.body).trim_end().to_owned()
    }
}

/// What came of a request that went to the vendor.
pub fn came_of(delivery: &RecordedDelivery) -> Answer {
    match &delivery.outcome {
        Some(DeliveryOutcome::Answered { status, body }) => Answer::new(status.to_string(), body),
        Some(DeliveryOutcome::Failed { reason }) => Answer::new("no answer", reason),
        None => Answer::new("not known yet", ""),
    }
}

/// What the caller was given.
pub fn was_given(given: &Given) -> Answer {
    match given {
        Given::Pending => Answer::new("nothing yet", ""),
        Given::Answer { status, body } => Answer::new(status.to_string(), body),
        Given::PartOfAnswer { status, body } => {
            Answer::new(format!("{status}, and then it broke off"), body)
        }
        Given::Reset => Answer::new("the connection was reset", ""),
        Given::PortClosed => Answer::new("the port was closed", ""),
        Given::CallerGaveUp => Answer::new("nothing: the caller gave up", ""),
        Given::HandshakeFailed { reason } => Answer::new("no TLS connection", reason),
    }
}
