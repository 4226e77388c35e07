//! The routes, and what every request passes on its way to them.

mod authentication;
mod body;
mod client_address;
mod failed_tokens;
mod health;
mod operations;
mod overload;
mod places;
mod request_log;
mod services;

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use causeway_engine::{Provider, Store};
use http::{HeaderValue, StatusCode, header};
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use client_address::Peer;
pub(crate) use failed_tokens::FailedTokens;
pub(crate) use health::Readiness;
pub(crate) use places::Places;

use crate::executor::{Definitions, Executor};
use crate::refusal::{ErrorAnswer, Refusal};
use crate::server::Phase;

/// What the routes work with.
pub(crate) struct Shared {
    pub executor: Arc<Executor>,
    pub store: Arc<dyn Store>,
    pub definitions: Definitions,
    pub behind_proxy: bool,
    pub body_limit: usize,
    pub body_timeout: Duration,
    pub failed_tokens: FailedTokens,
    /// One permit for each request that is worked on.
    pub requests: Semaphore,
    pub places: Places,
    pub readiness: Readiness,
    pub phase: watch::Receiver<Phase>,
}

/// The provider whose token a request carries.
#[derive(Clone)]
struct Caller(Arc<Provider>);

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Causeway gateway",
        description = "What a billing system's module says to the gateway. The outcome of an operation is never an HTTP error: it is 200 with a `status`.",
    ),
    modifiers(&ProviderToken),
)]
struct Documentation;

struct ProviderToken;

impl utoipa::Modify for ProviderToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.description = Some("The provider's token, cw_…".to_owned());
        components.add_security_scheme("provider_token", SecurityScheme::Http(bearer));
    }
}

/// The protocol's description in OpenAPI, as `/v1/openapi.json` serves it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    protocol_routes().into_openapi()
}

fn protocol_routes() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Documentation::openapi())
        .routes(routes!(operations::run, operations::owed))
        .routes(routes!(operations::look))
        .routes(routes!(operations::acknowledge))
        .routes(routes!(services::look))
}

/// Everything that the gateway serves.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let (protocol, document) = protocol_routes().split_for_parts();
    let protocol = protocol
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(
            Arc::clone(&shared),
            authentication::require,
        ))
        .layer(from_fn_with_state(Arc::clone(&shared), overload::refuse))
        .layer(from_fn_with_state(
            Arc::clone(&shared),
            authentication::hold_back,
        ));
    Router::new()
        .route("/v1/openapi.json", get(|| async move { Json(document) }))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(wrong_method)
        .merge(protocol)
        .fallback(no_such_page)
        .with_state(shared)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(fixed_header(header::CACHE_CONTROL, "no-store"))
        .layer(fixed_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(from_fn(request_log::write))
}

fn fixed_header(
    name: header::HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

async fn no_such_page() -> Refusal {
    Refusal::not_found("there is nothing at this address; /v1/openapi.json lists what there is")
}

async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address does not take this method; the Allow header lists those that it takes",
    )
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(reason, "a request panicked");
    Refusal::internal().into_response()
}

/// The refusals that every call of the protocol may meet.
struct Refusals;

impl utoipa::IntoResponses for Refusals {
    fn responses() -> std::collections::BTreeMap<
        String,
        utoipa::openapi::RefOr<utoipa::openapi::response::Response>,
    > {
        use utoipa::ToSchema as _;
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let body = || {
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(ErrorAnswer::name())))
                .build()
        };
        [
            (
                "400",
                "The request is malformed; the message names the field.",
            ),
            ("401", "No token, or one that is not valid."),
            (
                "404",
                "There is no such thing, or it is another provider's.",
            ),
            ("422", "Understood, but not possible."),
            ("429", "Too many failed tokens from this address."),
            ("500", "The gateway failed; its log says why."),
            (
                "503",
                "Overloaded, busy or stopping; Retry-After says when to come again.",
            ),
        ]
        .into_iter()
        .map(|(status, description)| {
            let response = ResponseBuilder::new()
                .description(description)
                .content("application/json", body())
                .build();
            (status.to_owned(), response.into())
        })
        .collect()
    }
}
