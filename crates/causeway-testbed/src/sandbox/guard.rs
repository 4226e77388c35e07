//! Who may ask: only the person in front of this machine, through pages of the sandbox itself.
//!
//! A page anywhere on the web can send a request to 127.0.0.1, and a host name of its own can be made to
//! lead there. So the host must be one of this machine's, and what changes something must come from a
//! page of the sandbox. What the module draws stands in a frame of no origin at all; its requests come
//! to addresses below a random key, which only that frame has been told.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::frame;
use super::state::App;

/// Lets a request pass, or answers 403 and why.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_of_frame = frame::is_of_frame(&app, request.uri().path());
    let refused = refusal(is_of_frame, request.method(), request.headers());
    if refused.is_none() && is_of_frame && request.method() == Method::OPTIONS {
        return may_be_read(StatusCode::NO_CONTENT.into_response());
    }
    match refused {
        Some(reason) => (StatusCode::FORBIDDEN, format!("{reason}\n")).into_response(),
        None => {
            let mut response = next.run(request).await;
            protect(response.headers_mut());
            match is_of_frame {
                true => may_be_read(response),
                false => response,
            }
        }
    }
}

/// Of no origin, the frame's scripts could not read even what is theirs.
fn may_be_read(mut response: Response) -> Response {
    let any = http::HeaderValue::from_static("*");
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, any);
    response
}

fn refusal(is_of_frame: bool, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !text(header::HOST.as_str()).is_some_and(is_of_this_machine) {
        return Some("The sandbox answers to 127.0.0.1 and localhost alone.");
    }
    if is_of_frame {
        return None;
    }
    let reads = method == Method::GET || method == Method::HEAD;
    let origin = text(header::ORIGIN.as_str()).map(|origin| origin.strip_prefix("http://"));
    let may = match (text("sec-fetch-site"), origin) {
        (Some("same-origin"), _) => true,
        (Some("none"), _) => reads,
        // A link from elsewhere to a page is harmless; a picture or a script of it is none of its business.
        (Some(_), _) => reads && text("sec-fetch-mode") == Some("navigate"),
        (None, Some(origin)) => origin.is_some() && origin == text(header::HOST.as_str()),
        (None, None) => reads,
    };
    if !may {
        return Some("Only a page of the sandbox itself may ask for this.");
    }
    None
}

/// `127.0.0.1:8430`, `localhost`, `[::1]:8430`.
fn is_of_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|one| one.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Headers of every page. A frame's page sets its own policy before.
fn protect(headers: &mut HeaderMap) {
    let own = http::HeaderValue::from_static(
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; \
         connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(own);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        http::HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        http::HeaderValue::from_static("same-origin"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(http::HeaderValue::from_static("no-store"));
}
