//! What the gateway answers when it does not take a request.

use axum::Json;
use axum::response::{IntoResponse, Response};
use causeway_engine::StoreError;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::executor::CallError;

/// A request that was not taken. How an operation ended is never one of these.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after_seconds: Option<u32>,
}

/// The body of every answer that is not a result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorAnswer {
    error: ErrorDetail,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorDetail {
    /// A word for programs; it stays the same across versions.
    #[schema(example = "unauthorized")]
    code: &'static str,
    /// One readable line: what is wrong and what to do.
    message: String,
}

impl Refusal {
    /// A refusal with a word for programs and a line for people, whatever the caller's own words in
    /// it are.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: readable_line(&message.into()),
            retry_after_seconds: None,
        }
    }

    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", message)
    }

    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub fn not_possible(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    pub fn overloaded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "the gateway has more requests than it can take; try again in a few seconds",
        )
        .retry_after(2)
    }

    /// Something went wrong that the caller can do nothing about; the log has the details.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the gateway failed to answer; its log says why",
        )
    }
}

fn readable_line(text: &str) -> String {
    const LONGEST: usize = 1_000;
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(LONGEST).map(blank).collect()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorAnswer {
            error: ErrorDetail {
                code: self.code,
                message: self.message,
            },
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the journal could not be used");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "journal_unavailable",
            "the gateway's journal cannot be used now (its log says why); make the same call again later: nothing is done twice",
        )
        .retry_after(5)
    }
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        let message = error.to_string();
        match error {
            CallError::UnknownDefinition(_) => Self::not_possible("unknown_definition", message),
            CallError::NotOffered { .. } => Self::not_possible("operation_not_offered", message),
            CallError::HeldByAnother { .. } => {
                Self::not_possible("held_by_another_service", message)
            }
            CallError::NoReference(_) => Self::malformed(message),
            CallError::ServiceBusy { .. } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "service_busy", message).retry_after(5)
            }
            CallError::Stopping => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", message).retry_after(5)
            }
            CallError::Store(error) => error.into(),
        }
    }
}
