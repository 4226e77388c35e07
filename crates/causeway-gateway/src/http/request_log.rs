//! One line in the log and one count in the metrics for each request. Never a body, a header or an
//! address as it was sent: the path is that of the route.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};
use tracing::Instrument as _;
use tracing::field::Empty;

pub(super) async fn write(request: Request, next: Next) -> Response {
    let mut line = Line::begin(&request);
    let span = tracing::info_span!("request", method = %line.method, path = line.path, provider = Empty, operation = Empty);
    let response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| line.end(response.status()));
    response
}

struct Line {
    method: &'static str,
    path: String,
    started: Instant,
    answered: bool,
}

impl Line {
    fn begin(request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>();
        Self {
            method: known_method(request.method()),
            path: path.map_or("unknown", MatchedPath::as_str).to_owned(),
            started: Instant::now(),
            answered: false,
        }
    }

    fn end(&mut self, status: StatusCode) {
        self.answered = true;
        let taken = self.started.elapsed();
        let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
        let status = status.as_u16();
        if status >= 500 {
            tracing::warn!(status, milliseconds, "answered");
        } else if self.path.starts_with("/v1/") {
            tracing::info!(status, milliseconds, "answered");
        } else {
            tracing::debug!(status, milliseconds, "answered");
        }
        self.count(status.to_string());
        let labels = [
            ("path", self.path.clone()),
            ("method", self.method.to_owned()),
        ];
        metrics::histogram!("causeway_http_request_seconds", &labels).record(taken.as_secs_f64());
    }

    fn count(&self, status: String) {
        let labels = [
            ("path", self.path.clone()),
            ("method", self.method.to_owned()),
            ("status", status),
        ];
        metrics::counter!("causeway_http_requests_total", &labels).increment(1);
    }
}

impl Drop for Line {
    /// The caller hung up before there was an answer; what it asked for goes on.
    fn drop(&mut self) {
        if !self.answered {
            tracing::info!(method = self.method, path = self.path, "the caller hung up");
            self.count("hung_up".to_owned());
        }
    }
}

/// Anyone may send any word as a method, and each would be a series of its own in the metrics.
const fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
