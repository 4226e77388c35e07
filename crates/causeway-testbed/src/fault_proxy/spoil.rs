//! Successes that say less, or something else, than the vendor did.

use http::header::{self, HeaderValue};
use http::{HeaderMap, StatusCode};
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::answer::Answer;

/// What stands for the body of a success without one.
const STAND_IN: &[u8] = br#"{"message":"done"}"#;

/// Half of the JSON, as a whole body.
pub(super) fn half_json(answer: &Answer) -> Answer {
    let mut answer = with_object(answer);
    answer.body.truncate(answer.body.len() / 2);
    answer
}

/// An answer with a body that can be cut.
pub(super) fn with_body(answer: &Answer) -> Answer {
    match answer.body.len() {
        0 | 1 => with_json(answer, Bytes::from_static(STAND_IN)),
        _ => answer.clone(),
    }
}

/// No body; `None` when there was none.
pub(super) fn empty_body(answer: &Answer) -> Option<Answer> {
    (!answer.body.is_empty()).then(|| Answer {
        body: Bytes::new(),
        ..answer.clone()
    })
}

/// JSON in which nothing stands where the vendor has it.
pub(super) fn other_shape(answer: &Answer) -> Answer {
    with_json(answer, Bytes::from_static(br#"{"result":{"ok":true}}"#))
}

/// Every value in an object or a list of another type; `None` when the body is no JSON.
pub(super) fn wrong_types(answer: &Answer) -> Option<Answer> {
    let mut body: Value = serde_json::from_slice(&answer.body).ok()?;
    change_types(&mut body);
    Some(with_json(answer, body.to_string().into()))
}

fn change_types(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Bool(yes) => *value = json!(if *yes { "yes" } else { "no" }),
        Value::Number(number) => *value = json!({ "value": number }),
        Value::String(text) => *value = json!([text]),
        Value::Array(items) => items.iter_mut().for_each(change_types),
        Value::Object(fields) => fields.values_mut().for_each(change_types),
    }
}

/// An answer whose body is a JSON object or list, so that half of it is no JSON.
fn with_object(answer: &Answer) -> Answer {
    let begins = answer.body.trim_ascii_start().first();
    match begins {
        Some(b'{' | b'[') if answer.body.len() > 1 => answer.clone(),
        _ => with_json(answer, Bytes::from_static(STAND_IN)),
    }
}

fn with_json(answer: &Answer, body: Bytes) -> Answer {
    let mut headers: HeaderMap = answer.headers.clone();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Answer {
        status: match answer.status {
            StatusCode::NO_CONTENT => StatusCode::OK,
            status => status,
        },
        headers,
        body,
    }
}
