//! The report as JSON.

use serde_json::{Value, json as value};

use super::masked::MaskedModuleReport;
use super::table::news;
use crate::emulator::{CallRecord, LeftBehind};
use crate::module_test::made::Made;
use crate::module_test::play::Played;
use crate::module_test::run::ModuleReport;

/// The report as one JSON document.
#[must_use]
pub fn json(report: &MaskedModuleReport) -> String {
    let report = report.report();
    let findings = report.findings.iter().map(|found| {
        value!({
            "finding": found.finding,
            "title": found.finding.title(),
            "place": found.place,
            "what": found.what,
            "detail": found.detail,
            "trial": found.trial,
            "trials": found.times,
            "exchanges": found.exchanges,
        })
    });
    let document = value!({
        "module": report.folder,
        "began_at": report.began_at.to_string(),
        "took_ms": milliseconds(report.took),
        "functions": report.functions,
        "knows_the_vendor": report.knows_the_vendor,
        "life": report.life.iter().map(made).collect::<Vec<_>>(),
        "trials": report.trials.iter().map(|one| played(report, one)).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "not_emulated": report.not_emulated,
    });
    format!("{document:#}\n")
}

fn made(made: &Made) -> Value {
    value!({
        "callback": made.callback,
        "told": made.told,
        "took_ms": milliseconds(made.took),
        "calls": made.seen.calls.iter().map(call).collect::<Vec<_>>(),
        "left_behind_by_whmcs": made.seen.left_behind.iter().map(left_behind).collect::<Vec<_>>(),
        "exchanges": made.exchanges,
    })
}

fn call(call: &CallRecord) -> Value {
    let returned = call.returned.as_ref();
    let threw = call.threw.as_ref();
    value!({
        "function": call.function,
        "returned": returned.map(|one| value!({ "type": one.kind, "value": one.value })),
        "threw": threw.map(|one| value!({ "class": one.class, "message": one.message, "file": one.file, "line": one.line })),
        "exited": call.exited,
        "output": call.output,
        "warnings": call.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "missing": call.missing.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "took_ms": call.milliseconds,
        "left_behind": left_behind(&call.left_behind),
    })
}

fn left_behind(left: &LeftBehind) -> Value {
    let changes = left.changes.iter().map(|change| {
        let columns = change
            .columns
            .iter()
            .map(|one| value!({ "column": one.column, "before": one.before, "after": one.after }));
        value!({
            "table": change.table,
            "kind": format!("{:?}", change.kind).to_lowercase(),
            "row": change.row,
            "columns": columns.collect::<Vec<_>>(),
        })
    });
    let module_log = left.module_log.iter().map(|entry| {
        value!({ "action": entry.action, "request": entry.request, "response": entry.response, "processed": entry.processed })
    });
    let emails = left.emails.iter().map(|email| {
        value!({ "to": email.to, "template": email.template, "subject": email.subject, "message": email.message })
    });
    let api_calls = left.api_calls.iter().map(
        |call| value!({ "command": call.command, "values": call.values, "answer": call.answer }),
    );
    let activity_log = left.activity_log.iter().map(|entry| &entry.description);
    value!({
        "changes": changes.collect::<Vec<_>>(),
        "module_log": module_log.collect::<Vec<_>>(),
        "activity_log": activity_log.collect::<Vec<_>>(),
        "emails": emails.collect::<Vec<_>>(),
        "api_calls": api_calls.collect::<Vec<_>>(),
    })
}

fn played(report: &ModuleReport, played: &Played) -> Value {
    let found = news(report, played);
    let found = found.iter().map(|one| one.finding);
    value!({
        "trial": played.trial,
        "callback": played.trial.callback(),
        "told": played.told,
        "struck": played.struck,
        "found": found.collect::<Vec<_>>(),
        "took_ms": milliseconds(played.took),
    })
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
