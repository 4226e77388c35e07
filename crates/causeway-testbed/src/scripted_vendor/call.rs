//! A request as the script sees it: its parameters from the query, a form or JSON.

use causeway_definition::Names;
use http::request::Parts;
use http::{HeaderMap, header};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::form_data;
use super::nested;
use super::script::Place;

/// One request that has come whole.
#[derive(Debug)]
pub(crate) struct Call {
    pub method: String,
    /// Without a port, in lower case.
    pub host: String,
    pub path: String,
    pub headers: HeaderMap,
    query: Map<String, Value>,
    form: Map<String, Value>,
    json: Value,
}

impl Call {
    pub fn read(head: &Parts, body: &[u8]) -> Self {
        let content_type = text(&head.headers, header::CONTENT_TYPE.as_str());
        let media_type = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let mut form = Map::new();
        let mut json = Value::Null;
        if media_type == "application/x-www-form-urlencoded" {
            form = nested::tree(form_urlencoded::parse(body));
        } else if let Some(fields) = form_data::fields(content_type, body) {
            form = nested::tree(fields);
        } else {
            // Some modules send JSON and forget to say so.
            json = serde_json::from_slice(body).unwrap_or_default();
        }
        let query = head.uri.query().unwrap_or_default();
        Self {
            method: head.method.to_string(),
            host: host(head),
            path: head.uri.path().to_owned(),
            headers: head.headers.clone(),
            query: nested::tree(form_urlencoded::parse(query.as_bytes())),
            form,
            json,
        }
    }

    /// A value of the request, when it is there.
    pub fn value(&self, place: Place, name: &str) -> Option<Value> {
        match place {
            Place::Query => self.query.get(name).cloned(),
            Place::Form => self.form.get(name).cloned(),
            Place::Json => self.json.get(name).cloned(),
            Place::Headers => {
                let value = self.headers.get(name)?.to_str().ok()?;
                Some(Value::from(value))
            }
        }
    }

    /// Everything that stands in one place, headers apart.
    pub fn parameters(&self, place: Place) -> Option<&Map<String, Value>> {
        match place {
            Place::Query => Some(&self.query),
            Place::Form => Some(&self.form),
            Place::Json => self.json.as_object(),
            Place::Headers => None,
        }
    }

    /// A parameter of the query.
    pub fn query(&self, name: &str) -> Option<&Value> {
        self.query.get(name)
    }

    /// Query, form and JSON in one; of two with one name, the later of these counts.
    pub fn input(&self) -> Map<String, Value> {
        let mut input = self.query.clone();
        input.extend(self.form.clone());
        if let Value::Object(json) = &self.json {
            input.extend(json.clone());
        }
        input
    }

    /// What templates may use of it.
    pub fn names(&self, path: &IndexMap<String, String>) -> Map<String, Value> {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| {
                // As templates can write it: `headers.x_api_key`.
                let name = name.as_str().replace('-', "_");
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name, Value::String(value))
            })
            .collect();
        let json = match &self.json {
            Value::Null => Value::Object(Map::new()),
            json => json.clone(),
        };
        [
            ("json", json),
            ("form", Value::Object(self.form.clone())),
            ("query", Value::Object(self.query.clone())),
            ("input", Value::Object(self.input())),
            ("path", json!(path)),
            ("headers", Value::Object(headers)),
            ("host", Value::from(self.host.as_str())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// With what the request brings.
pub(super) fn with_call(names: &Names, call: &Call, path: &IndexMap<String, String>) -> Names {
    names.with(&call.names(path))
}

fn host(head: &Parts) -> String {
    let host = match head.uri.host() {
        Some(host) => host,
        None => text(&head.headers, header::HOST.as_str()),
    };
    let without_port = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    without_port.to_ascii_lowercase()
}

fn text<'headers>(headers: &'headers HeaderMap, name: &str) -> &'headers str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// A value as a parameter of a query would write it, so that 1 and "1" are equal.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether somebody who has to give a value has given none.
pub(super) fn is_missing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}
