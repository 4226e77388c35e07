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
        let path = error.path().to_string();
        let reason: String = error
            .inner()
            .to_string()
            .chars()
            .take(LONGEST_REASON)
            .collect();
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
