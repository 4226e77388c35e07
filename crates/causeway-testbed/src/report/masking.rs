//! Finds secrets in texts: by the name of the field in which they stand, in JSON, in forms, in halves
//! of either and in logs; and by their value, once it is known.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

const MASK: &str = "***";

/// A field with one of these in its name holds a secret.
const SECRET_NAMES: [&str; 8] = [
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "authorization",
    "credential",
];

/// A shorter value of a secret field is masked there alone: `1` stands in many texts.
const SHORTEST_WITHIN_TEXT: usize = 6;

/// The secrets of one case that are known by their value.
#[derive(Default)]
pub struct Masking {
    known: Vec<String>,
}

impl Masking {
    /// Knows these from the beginning.
    pub fn of(secrets: &[String]) -> Self {
        let mut masking = Self::default();
        for secret in secrets {
            masking.know(secret);
        }
        masking
    }

    /// Takes up the values of all secret fields in a text.
    pub fn learn(&mut self, text: &str) {
        if let Some(value) = as_json(text) {
            return self.learn_value(&value);
        }
        for (start, end) in secret_spans(text) {
            self.know(&text[start..end]);
        }
    }

    /// Takes up the values of all secret fields in a value.
    pub fn learn_value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn(text),
            Value::Array(items) => items.iter().for_each(|item| self.learn_value(item)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field.as_str().filter(|_| is_secret_name(name)) {
                        Some(secret) => self.know(secret),
                        None => self.learn_value(field),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn know(&mut self, secret: &str) {
        if secret.len() < SHORTEST_WITHIN_TEXT || secret == MASK {
            return;
        }
        let escaped = Value::from(secret).to_string();
        let forms = [
            secret.to_owned(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            escaped.trim_matches('"').to_owned(),
        ];
        for form in forms {
            if !self.known.contains(&form) {
                self.known.push(form);
            }
        }
        // One secret may begin another.
        self.known.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// The text without secrets. One that holds none stays as it is, to the letter.
    pub fn text(&self, text: &str) -> String {
        match as_json(text) {
            Some(value) => {
                let masked = self.value(&value);
                match masked == value {
                    true => text.to_owned(),
                    false => masked.to_string(),
                }
            }
            None => self.without_known(&without_fields(text)),
        }
    }

    /// The value without secrets.
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| match is_secret_name(name) {
                    true => (name.clone(), hidden(field)),
                    false => (name.clone(), self.value(field)),
                })
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn without_known(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in &self.known {
            if text.contains(form) {
                text = text.replace(form, MASK);
            }
        }
        text
    }
}

/// A whole JSON object or list.
fn as_json(text: &str) -> Option<Value> {
    let whole = text.trim_start().starts_with(['{', '[']);
    whole.then(|| serde_json::from_str(text).ok()).flatten()
}

/// Every text and number in it hidden; its shape stays.
fn hidden(value: &Value) -> Value {
    match value {
        Value::String(_) | Value::Number(_) => MASK.into(),
        Value::Array(items) => items.iter().map(hidden).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), hidden(field)))
            .collect(),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn without_fields(text: &str) -> String {
    let (mut masked, mut from) = (String::new(), 0);
    for (start, end) in secret_spans(text) {
        masked.push_str(&text[from..start]);
        masked.push_str(MASK);
        from = end;
    }
    masked.push_str(&text[from..]);
    masked
}

/// Where the values of secret fields stand in a text that is no whole JSON, in order.
fn secret_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(length) = text[at..].find(is_of_name) {
        let start = at + length;
        let end = start
            + text[start..]
                .find(|letter| !is_of_name(letter))
                .unwrap_or(text.len() - start);
        at = end;
        if is_secret_name(&text[start..end])
            && let Some((from, to)) = value_after(text, end)
        {
            spans.push((from, to));
            at = to;
        }
    }
    spans
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '%')
}

/// The value of the field whose name ends here: `": "x"`, `=x&`, `] => x`, `: x`.
fn value_after(text: &str, name_ends: usize) -> Option<(usize, usize)> {
    let rest = text[name_ends..]
        .trim_start_matches(['\\', '"', '\'', ']'])
        .trim_start();
    // `=>` is how PHP prints a field.
    let is_pair = rest.strip_prefix("=>").or_else(|| rest.strip_prefix('='));
    let rest = is_pair.or_else(|| rest.strip_prefix(':'))?.trim_start();
    let start = text.len() - rest.len();
    let unescaped = rest.trim_start_matches('\\');
    let first = unescaped.chars().next()?;
    let is_quoted = matches!(first, '"' | '\'');
    if is_quoted {
        let escapes = rest.len() - unescaped.len();
        let from = start + escapes + first.len_utf8();
        return Some((from, from + quoted(&text[from..], first, escapes)));
    }
    if matches!(first, '[' | '{') {
        return Some((start, start + bracketed(rest)));
    }
    let ends = |letter: char| match is_pair {
        Some(_) => letter.is_whitespace() || "&,;}])<\"'\\".contains(letter),
        // As in `Authorization: Bearer x`.
        None => "\r\n,;}])<\"\\".contains(letter),
    };
    let length = rest.find(ends).unwrap_or(rest.len());
    (length > 0).then_some((start, start + length))
}

/// How long a quoted text is up to its closing quote, before which as many backslashes stand as before
/// the opening one.
fn quoted(text: &str, quote: char, escapes: usize) -> usize {
    let mut backslashes = 0;
    for (position, letter) in text.char_indices() {
        match letter {
            '\\' => backslashes += 1,
            _ if letter == quote && backslashes <= escapes => return position - backslashes,
            _ => backslashes = 0,
        }
    }
    text.len()
}

/// How long it is up to its closing bracket; to the end where it is cut off.
fn bracketed(text: &str) -> usize {
    let mut depth = 0_usize;
    for (position, letter) in text.char_indices() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' if depth == 1 => return position + 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
