//! One wrong case, with everything that is known of it.

use serde_json::Value;

use super::truths::{TruthRow, rows};
use crate::fault_proxy::{RecordedDelivery, RecordedExchange};
use crate::matrix::{CaseResult, Evidence, MatrixReport};
use crate::report::story::{Answer, came_of, request_line, told_line, was_given};
use crate::report::table::replay_command;
use crate::report::text::{complaints, duration, visible};

const LONGEST_BODY: usize = 6_000;

pub struct WrongCase {
    /// From 1; its place on the page.
    pub number: usize,
    pub exchange: String,
    pub fault: &'static str,
    pub fault_description: &'static str,
    pub follow: &'static str,
    pub follow_description: &'static str,
    pub complaints: Vec<String>,
    pub took: String,
    pub replay: String,
    pub known: Option<Known>,
}

/// What is known of a case.
pub struct Known {
    pub told: Vec<ToldLine>,
    pub exchanges: Vec<ExchangeView>,
    pub truths: Vec<TruthRow>,
    pub raw_truths: [(&'static str, String); 3],
    pub operations: Vec<OperationView>,
    pub log: String,
}

pub struct ToldLine {
    pub text: String,
    /// `event`, `good`, `bad`.
    pub kind: &'static str,
}

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

pub struct OperationView {
    pub head: String,
    pub status: String,
    pub message: String,
    pub exchanges: Vec<JournalLine>,
}

pub struct JournalLine {
    pub number: String,
    pub step: String,
    pub outcome: String,
    pub status: String,
    pub request: String,
    pub sent: String,
    pub answer: String,
}

impl WrongCase {
    pub fn of(number: usize, report: &MatrixReport, result: CaseResult, file: &str) -> Self {
        let name = result.name.to_string();
        Self {
            number,
            exchange: result.name.exchange.to_string(),
            fault: result.name.fault.name(),
            fault_description: result.name.fault.description(),
            follow: result.name.follow.name(),
            follow_description: result.name.follow.description(),
            complaints: complaints(&result.verdict)
                .iter()
                .map(|complaint| visible(complaint))
                .collect(),
            took: duration(result.took),
            replay: replay_command(report, file, &name),
            known: result.evidence.as_ref().map(Known::of),
        }
    }
}

impl Known {
    fn of(evidence: &Evidence) -> Self {
        let truths = &evidence.truths;
        let operations = evidence.operations.as_array();
        Self {
            told: evidence.told.iter().map(told).collect(),
            exchanges: evidence.exchanges.iter().map(exchange).collect(),
            truths: rows(truths),
            raw_truths: [
                ("WHMCS", indented(&truths.whmcs)),
                ("Journal", indented(&truths.journal)),
                ("Vendor", indented(&truths.vendor)),
            ],
            operations: operations.into_iter().flatten().map(operation).collect(),
            log: visible(&evidence.log),
        }
    }
}

fn told(told: &Value) -> ToldLine {
    ToldLine {
        text: visible(&told_line(told)),
        kind: match &told["success"] {
            Value::Bool(true) => "good",
            Value::Bool(false) => "bad",
            _ => "event",
        },
    }
}

fn exchange(exchange: &RecordedExchange) -> ExchangeView {
    let given = shown(was_given(&exchange.given));
    let deliveries: Vec<DeliveryView> = exchange.deliveries.iter().map(delivery).collect();
    let is_passed_on =
        matches!(&deliveries[..], [only] if without_ports(&only.answer) == without_ports(&given));
    ExchangeView {
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

fn operation(operation: &Value) -> OperationView {
    let word = |name: &str| visible(operation[name].as_str().unwrap_or_default());
    let exchanges = operation["exchanges"].as_array();
    OperationView {
        head: format!("{} {}", word("operation"), word("operation_id")),
        status: word("status").replace('_', " "),
        message: word("message"),
        exchanges: exchanges.into_iter().flatten().map(journal_line).collect(),
    }
}

fn journal_line(exchange: &Value) -> JournalLine {
    let word = |name: &str| match &exchange[name] {
        Value::Null => String::new(),
        Value::String(text) => visible(text),
        other => other.to_string(),
    };
    JournalLine {
        number: word("number"),
        step: format!("{} ({})", word("step"), word("purpose")),
        outcome: word("outcome").replace('_', " "),
        status: word("status"),
        request: word("request"),
        sent: body(&word("request_body")),
        answer: body(&word("answer")),
    }
}

fn indented(value: &Value) -> String {
    visible(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// A body as it is read best: JSON indented, everything else as it came, and not endlessly.
fn body(text: &str) -> String {
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
