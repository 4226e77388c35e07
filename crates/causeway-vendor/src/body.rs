//! Bodies as they are written on the wire.

use causeway_definition::request::BodyFormat;
use serde_json::Value;
use url::form_urlencoded::Serializer;

/// A body that has no form on the wire.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// A form needs names.
    #[error("a form's body has to be a table; this one is {0}")]
    FormWithoutNames(&'static str),
    /// The value cannot be written as JSON.
    #[error("the body cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The `Content-Type` of a format.
pub(crate) const fn content_type(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Json => "application/json",
        BodyFormat::Form => "application/x-www-form-urlencoded",
    }
}

/// Writes a body.
pub(crate) fn encode(body: &Value, format: BodyFormat) -> Result<Vec<u8>, BodyError> {
    match format {
        BodyFormat::Json => Ok(serde_json::to_vec(body)?),
        BodyFormat::Form => form(body).map(String::into_bytes),
    }
}

/// Nested names in brackets, booleans as 1 and 0, `null` left out: as PHP's `http_build_query`.
fn form(body: &Value) -> Result<String, BodyError> {
    let fields = match body {
        Value::Object(fields) => fields,
        Value::Null => return Ok(String::new()),
        Value::Array(_) => return Err(BodyError::FormWithoutNames("a list")),
        _ => return Err(BodyError::FormWithoutNames("a single value")),
    };
    let mut form = Serializer::new(String::new());
    for (name, value) in fields {
        append(&mut form, name, value);
    }
    Ok(form.finish())
}

fn append(form: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(value) => {
            form.append_pair(name, if *value { "1" } else { "0" });
        }
        Value::Number(number) => {
            form.append_pair(name, &number.to_string());
        }
        Value::String(text) => {
            form.append_pair(name, text);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                append(form, &format!("{name}[{index}]"), item);
            }
        }
        Value::Object(fields) => {
            for (field, item) in fields {
                append(form, &format!("{name}[{field}]"), item);
            }
        }
    }
}
