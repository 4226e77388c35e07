//! One wrong case, with everything that is known of it.

use serde_json::Value;

use super::exchange::{ExchangeView, body, indented};
use super::truths::{TruthRow, rows};
use crate::matrix::{CaseResult, Evidence, MatrixReport};
use crate::report::story::told_line;
use crate::report::table::replay_command;
use crate::report::text::{complaints, duration, visible};

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
            exchanges: evidence.exchanges.iter().map(ExchangeView::of).collect(),
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
