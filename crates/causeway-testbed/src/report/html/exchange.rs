//! An exchange with the vendor, as pages show it.

use serde_json::Value;

use crate::fault_proxy::{RecordedDelivery, RecordedExchange};
use crate::report::story::{Answer, came_of, request_line, was_given};
use crate::report::text::visible;

const LONGEST_BODY: usize = 6_000;

pub struct ExchangeView {
    pub at: String,
    pub request: String,
    pub port: &'static str,
    pub sent: String,
    pub fault: Option<(&'static str, &'static str)>,
    pub deliveries: Vec<DeliveryView>,
    pub given: Answer,
    /// Whether the caller was given what the vendor answered.
    pub is_passed_on: bool,
}

pub struct DeliveryView {
    pub at: String,
    pub answer: Answer,
}

impl ExchangeView {
    /// Shows an exchange.
    pub fn of(exchange: &RecordedExchange) -> Self {
        let given = shown(was_given(&exchange.given));
        let deliveries: Vec<DeliveryView> = exchange.deliveries.iter().map(delivery).collect();
        let is_passed_on = matches!(&deliveries[..], [only] if without_ports(&only.answer) == without_ports(&given));
        Self {
            at: format!("{} ms", exchange.began.as_millis()),
            request: visible(&request_line(exchange)),
            port: match exchange.port {
                crate::fault_proxy::Port::Http => "http",
                crate::fault_proxy::Port::Https => "https",
            },
            sent: exchange
                .request
                .as_ref()
                .map(|request| body(&request.body))
                .unwrap_or_default(),
            fault: exchange
                .fault
                .map(|fault| (fault.name(), fault.description())),
            deliveries,
            is_passed_on: is_passed_on && exchange.fault.is_none(),
            given,
        }
    }
}

/// The proxy puts its own address in place of the vendor's.
fn without_ports(answer: &Answer) -> (String, String) {
    let mut pieces = answer.body.split("://127.0.0.1:");
    let mut body = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        body.push_str("://");
        body.push_str(piece.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    (answer.head.clone(), body)
}

fn delivery(delivery: &RecordedDelivery) -> DeliveryView {
    DeliveryView {
        at: format!("{} ms", delivery.sent.as_millis()),
        answer: shown(came_of(delivery)),
    }
}

fn shown(answer: Answer) -> Answer {
    Answer {
        head: visible(&answer.head),
        body: body(&answer.body),
    }
}

/// A body as it is read best: JSON indented, everything else as it came, and not endlessly.
pub fn body(text: &str) -> String {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let value = is_json.then(|| serde_json::from_str::<Value>(text).ok());
    let text = match value.flatten() {
        Some(value) => indented(&value),
        None => visible(text),
    };
    match text.char_indices().nth(LONGEST_BODY) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}

/// A value over several lines.
pub fn indented(value: &Value) -> String {
    visible(&serde_json::to_string_pretty(value).unwrap_or_default())
}
