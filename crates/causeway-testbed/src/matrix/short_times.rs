//! The definition with short times, so that a vendor that hangs is given up on soon: the cases are
//! about what happens then, not about how long it takes.

use std::time::Duration;

use causeway_definition::Definition;
use toml::{Table, Value};

/// How long one exchange may take. Far more than an exchange takes on a busy machine: a vendor of ours
/// that is merely slow must not pass for one that hangs.
const TIMEOUT: &str = "1500ms";
/// How long a vendor may go on acting after it was given up on.
const SETTLE: Duration = Duration::from_millis(1200);
/// The same for a vendor that is not ours. A gateway that is to die with the answer in its hand has to get
/// there before the case gives up on it.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(10);
const PATIENCE: &str = "30s";
const EVERY: &str = "100ms";
const WITHIN: &str = "30s";

/// Tables whose keys are the vendor's names, not the definition's.
const OF_THE_VENDOR: [&str; 5] = ["body", "form", "query", "headers", "choices"];

/// The same definition with short times. A text that is no TOML stays as it is.
#[must_use]
pub fn with_short_times(source: &str) -> String {
    let Ok(mut definition) = source.parse::<Table>() else {
        return source.to_owned();
    };
    let set = |table: &mut Table, key: &str, value: &str| {
        table.insert(key.to_owned(), Value::String(value.to_owned()));
    };
    if let Some(Value::Table(service)) = definition.get_mut("service") {
        set(service, "timeout", TIMEOUT);
        set(service, "settle", &in_milliseconds(SETTLE));
        set(service, "patience", PATIENCE);
    }
    if let Some(Value::Table(resources)) = definition.get_mut("resources") {
        for (_, resource) in resources.iter_mut() {
            shorten_ready(resource);
        }
    }
    drop_all_timeouts(&mut definition);
    definition.to_string()
}

/// The same definition for a vendor that is given: its times are its own, but no exchange is waited for
/// longer than some seconds, and `settle` is not less than what the fault proxy's own delays need. A text
/// that is no TOML stays as it is.
#[must_use]
pub fn with_times_for_given_vendor(source: &str, definition: &Definition) -> String {
    let Ok(mut table) = source.parse::<Table>() else {
        return source.to_owned();
    };
    let timeout = definition.service.timeout.min(LONGEST_TIMEOUT);
    let settle = definition.service.settle.max(SETTLE);
    if let Some(Value::Table(service)) = table.get_mut("service") {
        for (key, time) in [("timeout", timeout), ("settle", settle)] {
            service.insert(key.to_owned(), Value::String(in_milliseconds(time)));
        }
    }
    drop_all_timeouts(&mut table);
    table.to_string()
}

fn in_milliseconds(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

fn drop_all_timeouts(definition: &mut Table) {
    for part in ["resources", "operations"] {
        if let Some(value) = definition.get_mut(part) {
            drop_timeouts(value);
        }
    }
}

fn shorten_ready(resource: &mut Value) {
    let Some(ready) = resource.get_mut("ready") else {
        return;
    };
    let when = match ready {
        Value::String(when) => {
            let mut table = Table::new();
            table.insert("when".to_owned(), Value::String(when.clone()));
            table
        }
        Value::Table(table) => table.clone(),
        _ => return,
    };
    let mut table = when;
    table.insert("every".to_owned(), Value::String(EVERY.to_owned()));
    table.insert("within".to_owned(), Value::String(WITHIN.to_owned()));
    *ready = Value::Table(table);
}

/// Requests that have a timeout of their own lose it.
fn drop_timeouts(value: &mut Value) {
    match value {
        Value::Table(table) => {
            table.remove("timeout");
            for (key, value) in table.iter_mut() {
                if !OF_THE_VENDOR.contains(&key.as_str()) {
                    drop_timeouts(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(drop_timeouts),
        _ => {}
    }
}
