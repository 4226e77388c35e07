//! What the emulator and the fault proxy tell, as entries of the feed.

use serde_json::Value;

use super::entry::{Again, Entry, Kind, Tone, indented, readable, shortened};
use super::left;
use crate::emulator::{
    CallRecord, EmulatorEvent, HookRun, LeftBehind, MissingPiece, PhpWarning, Thrown, VisitRecord,
};
use crate::fault_proxy::{DeliveryOutcome, Given, RecordedExchange};

/// What happened in one request to WHMCS, in its order, each with whether it was within the callback
/// before it.
pub struct Told {
    /// Up to the callback that the exchanges of the request were within.
    pub until: Vec<(Entry, bool)>,
    /// What came then.
    pub after: Vec<(Entry, bool)>,
}

/// The hooks and callbacks of one command to WHMCS, and what they left behind.
pub fn of_emulator(event: &EmulatorEvent<'_>) -> Told {
    let mut told = of_request(&Recorded {
        calls: event.calls,
        hooks: event.hooks,
        left_behind: event.left_behind,
        warnings: event.warnings,
        missing: event.missing,
    });
    if let Some(error) = event.error {
        let title = format!("WHMCS: {}", event.command.name().replace('_', " "));
        let entry = Entry::new(Kind::Callback, Tone::Bad, title, "could not be played");
        let entry = entry.detail("Why", error.to_string());
        told.after.push((entry, false));
    }
    told
}

/// The same of a file that a browser opened.
pub fn of_visit(record: &VisitRecord) -> Told {
    let mut told = of_request(&Recorded {
        calls: &record.calls,
        hooks: &record.hooks,
        left_behind: Some(&record.left_behind),
        warnings: &record.warnings,
        missing: &record.missing,
    });
    let threw = record.threw.iter().map(|thrown| {
        let summary = format!("threw {}", thrown.message);
        let entry = Entry::new(Kind::Callback, Tone::Bad, "PHP", shortened(&summary));
        (entry.detail("Threw", of_thrown(thrown)), false)
    });
    told.after.extend(threw);
    told
}

struct Recorded<'a> {
    calls: &'a [CallRecord],
    hooks: &'a [HookRun],
    left_behind: Option<&'a LeftBehind>,
    warnings: &'a [PhpWarning],
    missing: &'a [MissingPiece],
}

fn of_request(event: &Recorded<'_>) -> Told {
    let mut until = Vec::new();
    let mut after = Vec::new();
    let mut hooks = event.hooks.iter().peekable();
    let sender = slowest(event.calls);
    for (number, call) in event.calls.iter().enumerate() {
        let before = match sender < Some(number) {
            true => &mut after,
            false => &mut until,
        };
        while let Some(hook) = hooks.next_if(|hook| hook.calls_before <= number) {
            before.push((of_hook(hook), false));
        }
        before.push((of_call(call), false));
        let left = left::entries(&call.left_behind).into_iter();
        let left = left.map(|entry| (entry, true));
        match sender <= Some(number) {
            true => after.extend(left),
            false => until.extend(left),
        }
    }
    let own = event.left_behind.map(left::entries).unwrap_or_default();
    let rest = hooks.map(of_hook).chain(own);
    after.extend(rest.map(|entry| (entry, false)));
    let warnings = event.warnings.iter().map(ToString::to_string);
    let missing = event
        .missing
        .iter()
        .map(|piece| format!("missing: {piece}"));
    let outside: Vec<String> = warnings.chain(missing).collect();
    if !outside.is_empty() {
        let entry = Entry::new(
            Kind::Callback,
            Tone::Doubtful,
            "PHP",
            shortened(&outside[0]),
        );
        after.push((entry.detail("All of it", outside.join("\n")), false));
    }
    Told { until, after }
}

/// The record does not say when a callback began; the one that took longest is the one that waited for
/// the vendor.
fn slowest(calls: &[CallRecord]) -> Option<usize> {
    let calls = calls.iter().enumerate();
    calls
        .max_by(|(_, one), (_, other)| one.milliseconds.total_cmp(&other.milliseconds))
        .map(|(number, _)| number)
}

fn of_hook(hook: &HookRun) -> Entry {
    let (tone, summary) = match (hook.listeners, hook.threw.first()) {
        (_, Some(thrown)) => (Tone::Bad, format!("threw {}", thrown.message)),
        (0, _) => (Tone::Plain, "nobody listens".to_owned()),
        (1, _) => (Tone::Good, "1 function listens".to_owned()),
        (more, _) => (Tone::Good, format!("{more} functions listen")),
    };
    let kind = match hook.listeners {
        0 => Kind::SilentHook,
        _ => Kind::Hook,
    };
    let mut entry =
        Entry::new(kind, tone, &hook.name, summary).detail("Handed over", hook.payload.join(", "));
    for answer in &hook.answers {
        entry = entry.detail("Gave", readable(answer));
    }
    for thrown in &hook.threw {
        entry = entry.detail("Threw", of_thrown(thrown));
    }
    entry
}

fn of_thrown(thrown: &Thrown) -> String {
    let Thrown {
        class,
        message,
        file,
        line,
        ..
    } = thrown;
    format!("{class}: {message}\n{file}:{line}")
}

fn of_call(call: &CallRecord) -> Entry {
    let (tone, summary) = outcome(call);
    let mut entry = Entry::new(
        Kind::Callback,
        tone,
        &call.function,
        format!("{} · {:.0} ms", shortened(&summary), call.milliseconds),
    );
    if let Some(service) = call.service_id {
        entry = entry.detail("About", service.to_string());
    }
    match (&call.threw, &call.returned) {
        (Some(thrown), _) => entry = entry.detail("Threw", of_thrown(thrown)),
        (None, _) if call.exited => entry = entry.detail("Ended", "the whole request, with exit"),
        (None, Some(returned)) => {
            let label = format!("Returned {}", returned.kind);
            entry = entry.detail(label, readable(&returned.value));
        }
        (None, None) => {}
    }
    entry
        .detail("Printed", &call.output)
        .detail("Warnings", lines(&call.warnings))
        .detail("Missing in WHMCS", lines(&call.missing))
}

fn lines<T: ToString>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("\n")
}

/// How a call is to be taken, and what it gave in a few words.
fn outcome(call: &CallRecord) -> (Tone, String) {
    let lifecycle = [
        "CreateAccount",
        "SuspendAccount",
        "UnsuspendAccount",
        "TerminateAccount",
        "Renew",
        "ChangePackage",
        "ChangePassword",
    ];
    if let Some(thrown) = &call.threw {
        return (Tone::Bad, format!("threw {}", thrown.message));
    }
    if call.exited {
        return (Tone::Doubtful, "ended the request".to_owned());
    }
    let value = call.returned.as_ref().map(|returned| &returned.value);
    let noted = |tone| match call.warnings.is_empty() && call.output.is_empty() {
        true => tone,
        false => Tone::Doubtful,
    };
    match value {
        Some(Value::String(text)) if text == "success" => (noted(Tone::Good), text.clone()),
        Some(Value::String(text)) if lifecycle.contains(&call.function.as_str()) => {
            (Tone::Bad, text.clone())
        }
        Some(Value::Object(map)) => match map.get("success") {
            Some(Value::Bool(true)) => (noted(Tone::Good), "success".to_owned()),
            Some(Value::Bool(false)) => {
                let said = map.get("error").or_else(|| map.get("errorMsg"));
                (Tone::Bad, said.map_or("no success".into(), readable))
            }
            _ => (noted(Tone::Plain), count(map.len(), "entry", "entries")),
        },
        Some(Value::Array(list)) => (noted(Tone::Plain), count(list.len(), "entry", "entries")),
        Some(Value::Null) | None => {
            let tone = match lifecycle.contains(&call.function.as_str()) {
                true => Tone::Bad,
                false => noted(Tone::Plain),
            };
            (tone, "nothing".to_owned())
        }
        Some(other) => (noted(Tone::Plain), readable(other)),
    }
}

fn count(number: usize, one: &str, more: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {more}"),
    }
}

/// An exchange with the vendor, as far as it has come.
pub fn of_exchange(exchange: &RecordedExchange, base: &str) -> Entry {
    let title = match &exchange.request {
        Some(request) => format!("{} {}", request.method, request.target),
        None => "a connection without a request".to_owned(),
    };
    let (mut tone, mut summary) = given(&exchange.given);
    if let Some(ended) = exchange.ended {
        let took = ended.saturating_sub(exchange.began).as_millis();
        summary = format!("{summary} · {took} ms");
    }
    if let Some(fault) = exchange.fault {
        tone = Tone::Bad;
        summary = format!("{summary} · fault: {}", fault.description());
    }
    let mut entry = Entry::new(Kind::Exchange, tone, title, summary);
    if let Some(request) = &exchange.request {
        entry = entry.detail("Request", indented(&request.body));
        entry.again = Some(Again {
            method: request.method.clone(),
            path: with_gaps(request.target.strip_prefix(base).unwrap_or(&request.target)),
        });
    }
    let deliveries = exchange.deliveries.len();
    for (number, delivery) in exchange.deliveries.iter().enumerate() {
        let label = match deliveries {
            1 => "The vendor answered".to_owned(),
            _ => format!("The vendor answered ({} of {deliveries})", number + 1),
        };
        entry = match &delivery.outcome {
            Some(DeliveryOutcome::Answered { status, body }) => {
                entry.detail(label, format!("{status}\n{}", indented(body)))
            }
            Some(DeliveryOutcome::Failed { reason }) => entry.detail("Not reached", reason),
            None => entry.detail("The vendor", "has it, and has not answered yet"),
        };
    }
    if exchange.fault.is_some() {
        if deliveries == 0 {
            entry = entry.detail("The vendor", "never saw it");
        }
        let (_, given) = given(&exchange.given);
        let body = match &exchange.given {
            Given::Answer { body, .. } | Given::PartOfAnswer { body, .. } => body.as_str(),
            _ => "",
        };
        entry = entry.detail("The caller was given", format!("{given}\n{body}"));
    }
    entry
}

/// `/services/17/suspend?now=1` is `/services/*/suspend`: a fault is armed for the next one, too.
fn with_gaps(target: &str) -> String {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let is_id = |part: &str| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        digits > 0 && (digits == part.len() || part.len() >= 8 || part.contains('_'))
    };
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if is_id(part) { "*" } else { part })
        .collect();
    parts.join("/")
}

fn given(given: &Given) -> (Tone, String) {
    match given {
        Given::Pending => (Tone::Doubtful, "under way".to_owned()),
        Given::Answer { status, .. } => {
            let tone = match status {
                200..=399 => Tone::Good,
                404 | 410 => Tone::Plain,
                _ => Tone::Bad,
            };
            (tone, status.to_string())
        }
        Given::PartOfAnswer { status, .. } => (Tone::Bad, format!("a part of {status}")),
        Given::Reset => (Tone::Bad, "reset".to_owned()),
        Given::PortClosed => (Tone::Bad, "refused".to_owned()),
        Given::CallerGaveUp => (Tone::Bad, "the caller gave up".to_owned()),
        Given::HandshakeFailed { reason } => (Tone::Bad, format!("no TLS: {reason}")),
    }
}
