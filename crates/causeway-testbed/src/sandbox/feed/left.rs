//! What a callback, or WHMCS around it, left behind, as entries of the feed.

use super::changes::{is_time, of_row, shown};
use super::entry::{Entry, Kind, Tone, readable, shortened};
use crate::emulator::{ApiCall, Change, ChangeKind, LeftBehind};

/// Each kind in its order.
pub fn entries(left: &LeftBehind) -> Vec<Entry> {
    let calls = left.api_calls.iter().map(of_api_call);
    let changes = left.changes.iter().filter_map(of_change);
    let module_log = left.module_log.iter().map(|logged| {
        log(
            "Module log",
            &format!("{} {}", logged.module, logged.action),
        )
        .detail("Request", &logged.request)
        .detail("Response", &logged.response)
        .detail("Processed", &logged.processed)
    });
    let activity_log = left
        .activity_log
        .iter()
        .map(|logged| log("Activity log", &logged.description).detail("Text", &logged.description));
    let emails = left.emails.iter().map(|email| {
        let merged = email.merged.iter();
        let merged: Vec<String> = merged
            .map(|(field, value)| format!("{field}: {}", readable(value)))
            .collect();
        log("E-mail", &email.subject)
            .detail("To", &email.to)
            .detail("Template", &email.template)
            .detail("Message", &email.message)
            .detail("Merged", merged.join("\n"))
    });
    calls
        .chain(changes)
        .chain(module_log)
        .chain(activity_log)
        .chain(emails)
        .collect()
}

fn log(title: &str, summary: &str) -> Entry {
    Entry::new(Kind::Log, Tone::Plain, title, shortened(summary))
}

fn of_api_call(call: &ApiCall) -> Entry {
    let result = call.answer["result"].as_str().unwrap_or_default();
    let tone = match result {
        "success" => Tone::Good,
        _ => Tone::Bad,
    };
    let title = format!("localAPI {}", call.command);
    Entry::new(Kind::Callback, tone, title, result)
        .detail("Given", readable(&call.values))
        .detail("Answered", readable(&call.answer))
}

/// None where nothing but a time changed, or a table of the emulator's own.
fn of_change(change: &Change) -> Option<Entry> {
    let whole = |what: &str| of_row(&change.table, change.row, what);
    if change.table.starts_with("emulator_") {
        return None;
    }
    let columns = || change.columns.iter().filter(|one| !is_time(&one.column));
    match change.kind {
        ChangeKind::TableCreated => Some(whole("the table is made")),
        ChangeKind::TableAltered => Some(whole("the table is altered")),
        ChangeKind::TableDropped => Some(whole("the table is dropped")),
        ChangeKind::Deleted => Some(whole("removed")),
        ChangeKind::Inserted => {
            let set = columns().map(|one| (one, readable(&one.after)));
            let set: Vec<String> = set
                .filter(|(_, value)| !matches!(value.as_str(), "" | "null"))
                .filter(|(_, value)| !value.starts_with("0000-00-00"))
                .map(|(one, value)| format!("{} = {value}", one.column))
                .collect();
            Some(whole("added").detail("Row", set.join("\n")))
        }
        ChangeKind::Updated => {
            let all: Vec<String> = columns()
                .map(|one| {
                    let before = readable(&one.before);
                    let after = readable(&one.after);
                    format!("{}: {} → {}", one.column, shown(&before), shown(&after))
                })
                .collect();
            let summary = match all.as_slice() {
                [] => return None,
                [only] => shortened(only),
                [first, rest @ ..] => format!("{}, and {} more", shortened(first), rest.len()),
            };
            Some(whole(&summary).detail("Columns", all.join("\n")))
        }
    }
}
