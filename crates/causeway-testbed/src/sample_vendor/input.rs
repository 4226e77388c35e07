//! What a call brings, merged and cleaned the way Laravel's middleware does before any controller.

use axum::extract::Query;
use http::Uri;
use serde_json::{Map, Value};

const NEVER_TRIMMED: [&str; 2] = ["password", "password_confirmation"];

/// Body and query as one set of named values.
#[derive(Debug, Default)]
pub(super) struct Input(Map<String, Value>);

impl Input {
    /// The body counts only as a JSON object under a JSON content type; its values win over the
    /// query's.
    pub(super) fn read(content_type: &str, body: &[u8], uri: &Uri) -> Self {
        let mut values = Map::new();
        if let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) {
            values.extend(
                pairs
                    .into_iter()
                    .map(|(name, value)| (name, Value::String(value))),
            );
        }
        if is_json(content_type)
            && let Ok(Value::Object(fields)) = serde_json::from_slice(body)
        {
            values.extend(fields);
        }
        for (name, value) in &mut values {
            clean(name, value);
        }
        Self(values)
    }

    /// A present, non-empty value.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A present, non-empty text, for filters; numbers read as their text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

fn is_json(content_type: &str) -> bool {
    content_type.contains("/json") || content_type.contains("+json")
}

fn clean(name: &str, value: &mut Value) {
    let Value::String(text) = value else { return };
    if !NEVER_TRIMMED.contains(&name) {
        let trimmed = text.trim();
        if trimmed.len() < text.len() {
            *text = trimmed.to_owned();
        }
    }
    if text.is_empty() {
        *value = Value::Null;
    }
}
