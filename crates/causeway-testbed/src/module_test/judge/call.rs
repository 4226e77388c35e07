//! What the calls themselves show: types, output, warnings, exceptions, time.

use std::time::Duration;

use super::returned::{is_silent, wrong_type};
use crate::emulator::{CallRecord, MissingKind, PhpWarning, Thrown};
use crate::module_test::callback::Callback;
use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::made::{Made, Told};

/// Judges every call of a callback, and the hooks around them.
pub fn calls(made: &Made, notes: &mut Notes) {
    for call in &made.seen.calls {
        judge(made, call, notes);
    }
    for warning in &made.seen.warnings {
        warned(made, "outside of functions", warning, notes);
    }
    for hook in &made.seen.hooks {
        for threw in &hook.threw {
            uncaught(made, &format!("the hook {}", hook.name), threw, notes);
        }
    }
    for piece in made.seen.all_missing() {
        if piece.kind == MissingKind::Column {
            let what = format!("WHMCS has no {}", piece.name);
            let place = format!("{}:{}", inside_module(&piece.file), piece.line);
            notes.found_in(made, Finding::UnknownColumn, place, what);
        }
    }
    if let Told::PhpDied { reason } = &made.told {
        let first = reason.lines().next().unwrap_or_default();
        let what = format!("PHP died: {first}");
        notes.found_in(made, Finding::UncaughtError, made.callback.name(), what);
    }
}

/// Whether the module itself takes longer than a callback may.
pub fn slow(made: &Made, budget: Duration, notes: &mut Notes) {
    let took = match made.told {
        Told::Held => made.took,
        _ => made.own_time(),
    };
    if took > budget {
        let what = format!(
            "it takes {:.1} s beside what the vendor needs",
            took.as_secs_f64()
        );
        notes.found_in(made, Finding::SlowCallback, made.callback.name(), what);
    }
}

fn judge(made: &Made, call: &CallRecord, notes: &mut Notes) {
    let function = call.function.as_str();
    let is_button = match &made.callback {
        Callback::ClientButton(name) | Callback::AdminButton(name) => name == function,
        _ => false,
    };
    if let Some(threw) = &call.threw
        && may_not_throw(made, call)
        && !is_of_unknown_column(call)
    {
        uncaught(made, function, threw, notes);
    }
    if !call.output.is_empty() && !draws_its_own_settings(call) {
        let printed: String = call.output.chars().take(120).collect();
        let how = if call.exited {
            " and ends the request"
        } else {
            ""
        };
        let what = format!("it prints {printed:?}{how}");
        notes.found_in(made, Finding::OutputPrinted, function, what);
    }
    for warning in &call.warnings {
        warned(made, function, warning, notes);
    }
    let Some(returned) = &call.returned else {
        return;
    };
    if call.threw.is_some() || call.exited {
        return;
    }
    if let Some(what) = wrong_type(function, is_button, returned) {
        notes.found_in(made, Finding::WrongReturn, function, what);
    } else if is_silent(function, is_button, returned) {
        let what = "it fails, and the message is empty";
        notes.found_in(made, Finding::SilentFailure, function, what);
    }
}

/// A loader of choices tells of its failure by an exception: <https://developers.whmcs.com/provisioning-modules/config-options/>.
fn may_not_throw(made: &Made, call: &CallRecord) -> bool {
    made.callback != Callback::ConfigOptions || call.function == "ConfigOptions"
}

/// A module may draw its settings itself: then it answers the form's request with JSON and ends it.
fn draws_its_own_settings(call: &CallRecord) -> bool {
    let is_json = serde_json::from_str::<serde_json::Value>(&call.output).is_ok();
    call.function == "ConfigOptions" && call.exited && is_json
}

/// That WHMCS has no such column is what there is to say of it.
fn is_of_unknown_column(call: &CallRecord) -> bool {
    let mut missing = call.missing.iter();
    missing.any(|piece| piece.kind == MissingKind::Column)
}

fn uncaught(made: &Made, place: &str, threw: &Thrown, notes: &mut Notes) {
    let line = match &threw.called_from {
        Some(from) => format!("{}:{}", inside_module(&from.file), from.line),
        None => format!("{}:{}", inside_module(&threw.file), threw.line),
    };
    let what = format!(
        "{} leaves it: {} ({line})",
        threw.class,
        one_line(&threw.message)
    );
    notes.found_in(made, Finding::UncaughtError, place, what);
}

fn warned(made: &Made, function: &str, warning: &PhpWarning, notes: &mut Notes) {
    let place = format!("{}:{}", inside_module(&warning.file), warning.line);
    let what = format!(
        "{function}: {}: {}",
        warning.level,
        one_line(&warning.message)
    );
    notes.found_in(made, Finding::PhpWarning, place, what);
}

/// The path below the module's folder.
pub fn inside_module(file: &str) -> String {
    let inside = file
        .split_once("modules/servers/")
        .and_then(|(_, path)| path.split_once('/'));
    inside.map_or(file, |(_, path)| path).to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
