//! The definition with short times, so that a vendor that hangs is given up on soon: the cases are
//! about what happens then, not about how long it takes.

use toml::{Table, Value};

/// How long one exchange may take. Far more than an exchange takes on a busy machine: a vendor of ours
/// that is merely slow must not pass for one that hangs.
const TIMEOUT: &str = "1500ms";
/// How long a vendor may go on acting after it was given up on.
const SETTLE: &str = "1200ms";
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
        set(service, "settle", SETTLE);
        set(service, "patience", PATIENCE);
    }
    if let Some(Value::Table(resources)) = definition.get_mut("resources") {
        for (_, resource) in resources.iter_mut() {
            shorten_ready(resource);
        }
    }
    for part in ["resources", "operations"] {
        if let Some(value) = definition.get_mut(part) {
            drop_timeouts(value);
        }
    }
    definition.to_string()
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
