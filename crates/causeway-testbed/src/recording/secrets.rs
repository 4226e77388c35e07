//! What must not stand in a script.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::report::masking::Masking;

use super::seen::{Body, Seen};

/// A header with one of these in its name shows who the caller is.
const SECRET_HEADERS: [&str; 7] = [
    "auth",
    "token",
    "key",
    "secret",
    "signature",
    "password",
    "cookie",
];
/// So does a parameter, and a field of an answer with one of these in its name is the client's alone.
const SECRET_FIELDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "accesskey",
    "access_key",
    "authorization",
    "credential",
    "signature",
];
const SECRET_ENDINGS: [&str; 6] = ["_key", "key", "hash", "pin", "pass", "pwd"];

/// The values of all that is secret in a recording.
pub(super) struct Secrets(Masking);

impl Secrets {
    pub fn of(seen: &[Seen]) -> Self {
        let mut values = Vec::new();
        for exchange in seen {
            for (name, value) in &exchange.call.headers {
                if let (true, Ok(value)) = (is_secret_header(name.as_str()), value.to_str()) {
                    values.extend(parts_of(value));
                }
            }
            fields_of(&Value::Object(exchange.input.clone()), &mut values);
            if let Body::Json(answer) = &exchange.answer {
                fields_of(answer, &mut values);
            }
        }
        let mut masking = Masking::of(&values);
        for exchange in seen {
            if let Body::Text { text, .. } = &exchange.answer {
                masking.learn(text);
            }
        }
        Self(masking)
    }

    /// The text with `***` in the place of each secret.
    pub fn masked(&self, text: &str) -> String {
        self.0.text(text)
    }

    pub fn are_in(&self, text: &str) -> bool {
        self.masked(text) != text
    }
}

pub(super) fn is_secret_header(name: &str) -> bool {
    // It tells one try from another, and nobody who sent it.
    let is_key_of_idempotency = name.contains("idempotency");
    !is_key_of_idempotency && SECRET_HEADERS.iter().any(|part| name.contains(part))
}

pub(super) fn is_secret_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_FIELDS.iter().any(|part| name.contains(part))
        || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// A header's value, and the credential in it.
fn parts_of(value: &str) -> Vec<String> {
    let mut parts = vec![value.to_owned()];
    if let Some((scheme, credential)) = value.split_once(' ') {
        parts.push(credential.to_owned());
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(decoded) = STANDARD.decode(credential)
            && let Ok(decoded) = String::from_utf8(decoded)
        {
            parts.extend(decoded.split(':').map(str::to_owned));
        }
    }
    parts
}

fn fields_of(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| fields_of(item, secrets)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if is_secret_field(name) => secrets.push(text.clone()),
                    other => fields_of(other, secrets),
                }
            }
        }
        _ => {}
    }
}
