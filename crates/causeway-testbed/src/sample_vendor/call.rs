//! One call as an action sees it, and what it can answer: the shapes of Laravel's JSON answers.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::input::Input;
use super::settings::Provisioning;
use super::validation::Errors;

/// An authenticated call, inside its transaction.
pub(super) struct Call<'a> {
    pub(super) database: &'a Connection,
    pub(super) account_id: i64,
    /// What stands for `{id}` in the route; empty in a route without.
    pub(super) id: &'a str,
    pub(super) input: &'a Input,
    /// The absolute URL that was called, without its query.
    pub(super) url: &'a str,
    pub(super) query: &'a str,
    pub(super) now: Timestamp,
    pub(super) provisioning: Provisioning,
    pub(super) list_lag: Duration,
}

impl Call<'_> {
    /// The newest creation that lists show, in milliseconds since 1970.
    pub(super) fn listed_until_ms(&self) -> i64 {
        if self.list_lag.is_zero() {
            // A clock that is set back hides nothing.
            return i64::MAX;
        }
        (self.now - self.list_lag).as_millisecond()
    }
}

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// JSON, or empty.
    pub(super) body: String,
    pub(super) allow: Option<String>,
    pub(super) replayed: bool,
}

impl Reply {
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string(),
            allow: None,
            replayed: false,
        }
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    pub(super) fn created(body: &Value) -> Self {
        Self::json(StatusCode::CREATED, body)
    }

    pub(super) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: String::new(),
            allow: None,
            replayed: false,
        }
    }

    fn message(status: StatusCode, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(super) fn into_response(self) -> Response {
        let has_body = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(allow) = self
            .allow
            .and_then(|methods| HeaderValue::try_from(methods).ok())
        {
            headers.insert(ALLOW, allow);
        }
        if self.replayed {
            headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// Why a call was not answered with success.
#[derive(Debug)]
pub(super) enum Failure {
    Unauthenticated,
    NoSuchRoute {
        path: String,
    },
    WrongMethod {
        path: String,
        method: String,
        supported: String,
    },
    NotFound {
        model: &'static str,
        id: String,
    },
    Invalid(Errors),
    Refused {
        status: StatusCode,
        message: &'static str,
    },
    /// Nobody foresaw this: the caller learns nothing, the vendor's log everything.
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unauthenticated => Self::message(StatusCode::UNAUTHORIZED, "Unauthenticated."),
            Failure::NoSuchRoute { path } => Self::message(
                StatusCode::NOT_FOUND,
                &format!("The route {path} could not be found."),
            ),
            Failure::WrongMethod {
                path,
                method,
                supported,
            } => Self {
                allow: Some(supported.clone()),
                ..Self::message(
                    StatusCode::METHOD_NOT_ALLOWED,
                    &format!(
                        "The {method} method is not supported for route {path}. \
                         Supported methods: {supported}."
                    ),
                )
            },
            Failure::NotFound { model, id } => Self::message(
                StatusCode::NOT_FOUND,
                &format!("No query results for model [App\\Models\\{model}] {id}"),
            ),
            Failure::Invalid(errors) => Self::json(
                StatusCode::UNPROCESSABLE_ENTITY,
                &json!({ "message": errors.summary(), "errors": errors }),
            ),
            Failure::Refused { status, message } => Self::message(status, message),
            Failure::Database(error) => {
                tracing::warn!(%error, "the sample vendor answers 500");
                Self::message(StatusCode::INTERNAL_SERVER_ERROR, "Server Error")
            }
        }
    }
}
