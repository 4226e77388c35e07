//! Texts of a script in the place of recorded values.

use jiff::Timestamp;
use serde_json::Value;

use super::secrets::{Secrets, is_secret_field};

/// A value that a template can name.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub expression: String,
    /// Its last name, under which an answer may have it again.
    pub name: String,
    pub value: Value,
    /// Whether it is an id, which stands in addresses and texts.
    pub is_id: bool,
}

/// A recorded value as the script has it: what is known by name, what is new each time, and the rest as
/// it was, without secrets.
pub(super) fn tree(name: &str, value: &Value, known: &[Known], secrets: &Secrets) -> Value {
    let named = known
        .iter()
        .find(|known| known.name == name && known.value == *value && !value.is_null());
    if let Some(named) = named {
        return expression(&named.expression).into();
    }
    match value {
        Value::Null => expression("none").into(),
        Value::Array(items) => items
            .iter()
            .map(|item| tree(name, item, known, secrets))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), tree(name, field, known, secrets)))
            .collect(),
        Value::String(text) => string(name, text, known, secrets).into(),
        Value::Number(_) => match known
            .iter()
            .find(|known| known.is_id && same(&known.value, value))
        {
            Some(id) if id.value == *value => expression(&id.expression).into(),
            Some(id) => expression(&format!("{} | int", id.expression)).into(),
            None => number(value),
        },
        Value::Bool(_) => value.clone(),
    }
}

fn string(name: &str, text: &str, known: &[Known], secrets: &Secrets) -> String {
    const SHORTEST: usize = 4;
    let equal = known.iter().find(|known| {
        known.value == text && (known.is_id || text.len() >= SHORTEST && !is_word(text))
    });
    if let Some(equal) = equal {
        return expression(&equal.expression);
    }
    if let Some(fresh) = fresh(name, text) {
        return fresh;
    }
    let ids = known.iter().filter(|known| known.is_id);
    for id in ids {
        let value = text_of(&id.value);
        if let Some((before, after)) = split_at_whole(text, &value) {
            let known: Vec<_> = known.to_vec();
            return format!(
                "{}{}{}",
                literal(before, secrets),
                expression(&id.expression),
                string("", after, &known, secrets)
            );
        }
    }
    literal(text, secrets)
}

/// `active`, `success`: that two things are called so says nothing.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The text before and after an id that stands in it by itself.
fn split_at_whole<'t>(text: &'t str, id: &str) -> Option<(&'t str, &'t str)> {
    if id.is_empty() {
        return None;
    }
    let is_of_word = |letter: char| letter.is_alphanumeric();
    text.match_indices(id).find_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + id.len()..]);
        let stands_alone = !before.ends_with(is_of_word) && !after.starts_with(is_of_word);
        stands_alone.then_some((before, after))
    })
}

/// What the vendor makes anew each time: secrets, moments, random texts.
pub(super) fn fresh(name: &str, text: &str) -> Option<String> {
    const SHORTEST_RANDOM: usize = 12;
    if is_secret_field(name) && !text.is_empty() {
        return Some(random_hex(text.len().clamp(8, 64)));
    }
    if is_uuid(text) {
        return Some(expression("uuid"));
    }
    if text.parse::<Timestamp>().is_ok() {
        return Some(expression("now"));
    }
    let tail = text.rfind(['_', '-', '/', '=']).map_or(0, |at| at + 1);
    let (before, tail) = text.split_at(tail);
    let is_random = tail.len() >= SHORTEST_RANDOM && is_hex(tail);
    is_random.then(|| format!("{}{}", escaped(before), random_hex(tail.len())))
}

pub(super) fn random_hex(length: usize) -> String {
    expression(&format!("random_hex({length})"))
}

pub(super) fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
}

/// Hex digits, of which some are letters and some are not.
pub(super) fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

pub(super) fn expression(expression: &str) -> String {
    format!("{{{{ {expression} }}}}")
}

/// A name below another, as an expression.
pub(super) fn member(of: &str, name: &str) -> String {
    let is_plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty();
    if is_plain {
        format!("{of}.{name}")
    } else {
        format!("{of}[{}]", Value::from(name))
    }
}

/// A text that is no template, without secrets.
pub(super) fn literal(text: &str, secrets: &Secrets) -> String {
    escaped(&secrets.masked(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('{', Some('{' | '%' | '#')) => escaped.push_str("{{ '{' }}"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// TOML's numbers are not as large as JSON's.
fn number(value: &Value) -> Value {
    match value.as_u64() {
        Some(large) if i64::try_from(large).is_err() => expression(&large.to_string()).into(),
        _ => value.clone(),
    }
}

/// Whether two values are written alike, as 1 and "1".
pub(super) fn same(one: &Value, other: &Value) -> bool {
    text_of(one) == text_of(other)
}

pub(super) fn text_of(value: &Value) -> String {
    crate::scripted_vendor::call::as_text(value)
}
