//! A request's body, read within limits and into its type.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::Shared;
use crate::refusal::Refusal;

/// How much more than the limit is read and thrown away, so that a client that is still sending gets
/// to read the refusal.
const THROWN_AWAY: usize = 2 * 1024 * 1024;
const LONGEST_REASON: usize = 400;

/// A JSON body.
pub(super) struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Refusal> {
        let reading = read(request.into_body(), shared.body_limit);
        let bytes = tokio::time::timeout(shared.body_timeout, reading)
            .await
            .map_err(|_| {
                let message = "the request's body did not arrive in time; try again";
                Refusal::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", message)
            })??;
        parse(&bytes).map(Self)
    }
}

async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Refusal::malformed("the request's body broke off; send it again"))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > limit {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
        if length > limit + THROWN_AWAY {
            break;
        }
    }
    if length > limit {
        let message = format!(
            "the request's body is longer than {limit} bytes, and longer ones are not taken"
        );
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            message,
        ));
    }
    Ok(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = shortened(&error.path().to_string());
        let reason = shortened(&without_value(&error.inner().to_string()));
        if path == "." {
            Refusal::malformed(format!("the body cannot be read: {reason}"))
        } else {
            Refusal::malformed(format!("the field `{path}` cannot be read: {reason}"))
        }
    })?;
    json.end()
        .map_err(|error| Refusal::malformed(format!("the body cannot be read: {error}")))?;
    Ok(parsed)
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_REASON).collect()
}

/// The reader's words without the value that it did not expect: a password in the wrong place must not
/// come back in a message that others read. Plain words may, they are the names of fields and operations.
fn without_value(reason: &str) -> String {
    const BEFORE_A_VALUE: [&str; 8] = [
        "invalid type: string ",
        "invalid type: integer ",
        "invalid type: floating point ",
        "invalid value: string ",
        "invalid value: integer ",
        "invalid value: floating point ",
        "unknown variant ",
        "unknown field ",
    ];
    let Some(before) = BEFORE_A_VALUE
        .iter()
        .find(|before| reason.starts_with(**before))
    else {
        return reason.to_owned();
    };
    let Some(end) = reason.rfind(", expected") else {
        return before.trim_end().to_owned();
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = reason[before.len()..end].strip_prefix('`');
    let name = name.and_then(|name| name.strip_suffix('`'));
    if before.starts_with("unknown") && name.is_some_and(|name| name.chars().all(is_word)) {
        return reason.to_owned();
    }
    format!("{}{}", before.trim_end(), &reason[end..])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn what_was_not_expected_is_named_by_its_kind() {
        let told = |json: &str| {
            let error = serde_json::from_str::<std::collections::BTreeMap<u8, Vec<bool>>>(json);
            without_value(&error.unwrap_err().to_string())
        };
        for json in [
            r#""s3cret, expected""#,
            r#"{"1": "s3cret\", expected x"}"#,
            r#"{"1": 9.93333}"#,
            r#"{"1": 93333}"#,
        ] {
            let told = told(json);
            assert!(!told.contains("s3cret") && !told.contains("333"), "{told}");
            assert!(told.contains(", expected a "), "{told}");
        }
        assert!(told("[1").starts_with("invalid type: sequence, expected a map"));
        let told = without_value("unknown field `p4ss wörd`, expected one of `a`, `b`");
        assert_eq!(told, "unknown field, expected one of `a`, `b`");
        let told = without_value("unknown field `colour`, expected `a`");
        assert!(told.contains("colour"), "{told}");
    }
}
