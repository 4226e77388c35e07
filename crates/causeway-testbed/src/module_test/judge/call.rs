//! What the calls themselves show: types, output, warnings, exceptions, time.

use std::time::Duration;

use super::returned::{is_silent, wrong_type};
use crate::emulator::CallRecord;
use crate::module_test::callback::Callback;
use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::made::{Made, Told};

/// Judges every call of a callback.
pub fn calls(made: &Made, notes: &mut Notes) {
    for call in &made.calls {
        judge(made, call, notes);
    }
    for warning in &made.warnings {
        let (what, place) = located(warning);
        notes.found_in(made, Finding::PhpWarning, place, what);
    }
    if let Told::PhpDied { reason } = &made.told {
        let first = reason.lines().next().unwrap_or_default();
        notes.found_in(
            made,
            Finding::UncaughtError,
            made.callback.name(),
            format!("PHP died: {first}"),
        );
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
        && !is_loader(call)
    {
        let (_, place) = located(&format!("in {}:{}", threw.file, threw.line));
        let what = format!("{} leaves it: {} ({place})", threw.class, one_line(&threw.message));
        notes.found_in(made, Finding::UncaughtError, function, what);
    }
    if !call.output.is_empty() {
        let printed: String = call.output.chars().take(120).collect();
        let how = if call.exited { " and ends the request" } else { "" };
        let what = format!("it prints {:?}{how}", printed);
        notes.found_in(made, Finding::OutputPrinted, function, what);
    }
    for warning in &call.warnings {
        let (what, place) = located(warning);
        notes.found_in(made, Finding::PhpWarning, place, format!("{function}: {what}"));
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

/// A loader of choices tells of its failure by an exception.
fn is_loader(call: &CallRecord) -> bool {
    call.function.starts_with("(loader")
}

/// A text of PHP's, and the file and line in it, inside the module.
fn located(text: &str) -> (String, String) {
    let (what, place) = text.rsplit_once("in ").unwrap_or((text, "somewhere"));
    (one_line(what.trim_end()), inside_module(place))
}

/// The path below the module's folder.
pub fn inside_module(file: &str) -> String {
    let inside = file
        .split_once("/modules/servers/")
        .and_then(|(_, path)| path.split_once('/'))
        .map(|(_, path)| path);
    let whmcs = file.split_once("/whmcs/").map(|(_, path)| path);
    inside.or(whmcs).unwrap_or(file).to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
