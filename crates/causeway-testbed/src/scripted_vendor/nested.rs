//! Parameters as PHP reads them: `options[plan]=large` is a table in a table, `ids[]=1` a list.

use serde_json::{Map, Value};

/// The parameters as a tree.
pub(super) fn tree<N, V>(parameters: impl IntoIterator<Item = (N, V)>) -> Map<String, Value>
where
    N: AsRef<str>,
    V: Into<String>,
{
    let mut tree = Map::new();
    for (name, value) in parameters {
        let (first, rest) = keys(name.as_ref());
        let slot = tree.entry(first).or_insert(Value::Null);
        put(slot, &rest, Value::String(value.into()));
    }
    for value in tree.values_mut() {
        lists(value);
    }
    tree
}

/// `a[b][]` is `a`, then `b`, then the next number.
fn keys(name: &str) -> (String, Vec<&str>) {
    let Some((first, rest)) = name.split_once('[') else {
        return (name.to_owned(), Vec::new());
    };
    match rest.strip_suffix(']') {
        Some(inner) if !first.is_empty() => (first.to_owned(), inner.split("][").collect()),
        _ => (name.to_owned(), Vec::new()),
    }
}

fn put(slot: &mut Value, keys: &[&str], value: Value) {
    let Some((key, rest)) = keys.split_first() else {
        *slot = value;
        return;
    };
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(entries) = slot {
        let key = if key.is_empty() {
            entries.len().to_string()
        } else {
            (*key).to_owned()
        };
        put(entries.entry(key).or_insert(Value::Null), rest, value);
    }
}

/// A table whose keys count from 0 is a list.
fn lists(value: &mut Value) {
    let Value::Object(entries) = value else {
        return;
    };
    entries.values_mut().for_each(lists);
    let counts = entries
        .keys()
        .enumerate()
        .all(|(index, key)| *key == index.to_string());
    if counts && !entries.is_empty() {
        let entries = std::mem::take(entries);
        *value = entries.into_iter().map(|(_, item)| item).collect();
    }
}
