//! Lets in who has a provider's token.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use tracing::Span;

use super::client_address::client_address;
use super::failed_tokens::{LATE, TooMany};
use super::{Caller, Shared};
use crate::refusal::Refusal;
use crate::server::Phase;
use crate::token::Token;

/// Asks the journal for each request, and keeps no memory of tokens: a token that was rotated or
/// removed, by this process or another, ends with the next request.
pub(super) async fn require(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    match caller(&shared, request.headers()).await {
        Ok(caller) => {
            Span::current().record("provider", caller.0.name.as_str());
            let Some(_place) = shared.places.take(caller.0.id) else {
                return Refusal::overloaded().into_response();
            };
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(Failure::Token(message)) => refuse(&shared, &request, message),
        Err(Failure::Other(refusal)) => refusal.into_response(),
    }
}

enum Failure {
    Token(&'static str),
    Other(Refusal),
}

async fn caller(shared: &Shared, headers: &HeaderMap) -> Result<Caller, Failure> {
    let header = headers.get(header::AUTHORIZATION).ok_or(Failure::Token(
        "no token was sent; send the provider's token as `Authorization: Bearer cw_…`",
    ))?;
    let token = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, token)| Token::parse(token.trim()))
        .ok_or(Failure::Token(
            "what was sent is not a provider's token; send it whole, as `Authorization: Bearer cw_…`",
        ))?;
    // The search compares hashes, byte by byte, and its time may tell how far the hash of a guess
    // agrees with a stored one. Nobody can turn that into a token: whoever knew all 32 bytes of the
    // hash would still have to find the 256 random bits behind it. The token itself is compared
    // nowhere, so a comparison in constant time would have nothing to protect.
    let provider = shared
        .store
        .provider_by_token(token.hash())
        .await
        .map_err(|error| Failure::Other(error.into()))?
        .ok_or(Failure::Token(
            "this token is not valid; it may have been replaced, ask the vendor for the present one",
        ))?;
    Ok(Caller(Arc::new(provider)))
}

fn refuse(shared: &Shared, request: &Request, message: &str) -> Response {
    let address = client_address(request.headers(), request.extensions(), shared.behind_proxy);
    let too_many = address.and_then(|address| shared.failed_tokens.note(address, Instant::now()));
    let address = address.map(tracing::field::display);
    let Some(TooMany { wait, just_now }) = too_many else {
        tracing::warn!(address, "a token was refused");
        return Refusal::unauthorized(message).into_response();
    };
    if just_now {
        tracing::warn!(
            address,
            wait,
            "too many tokens were refused; further ones are not noted"
        );
    }
    let refusal = Refusal::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_failed_tokens",
        format!(
            "too many requests without a valid token came from this address; correct the token and try again in {wait} s"
        ),
    );
    let mut response = refusal.retry_after(wait).into_response();
    response.extensions_mut().insert(Late);
    response
}

/// Marks an answer that is to be late.
#[derive(Clone, Copy)]
struct Late;

/// Holds back the answers to whoever tries tokens. It stands before everything that is counted: those
/// who wait here take no request's place.
pub(super) async fn hold_back(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if response.extensions().get::<Late>().is_some() {
        tokio::select! {
            () = tokio::time::sleep(LATE) => {}
            () = Phase::stopping(shared.phase.clone()) => {}
        }
    }
    response
}
