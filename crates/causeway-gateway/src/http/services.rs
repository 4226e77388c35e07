//! `/v1/services`: what is known of a service.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use causeway_engine::store::OperationFilter;
use causeway_engine::{ServiceKey, ServiceRecord};

use super::{Caller, Refusals, Shared};
use crate::protocol::{Reference, ServiceAnswer};
use crate::refusal::Refusal;

/// What is known of a service, and what its product page shows.
#[utoipa::path(
    get, path = "/v1/services/{definition}/{reference}", tag = "services", operation_id = "look_at_service",
    params(("definition" = String, Path), ("reference" = Reference, Path)),
    security(("provider_token" = [])),
    responses((status = 200, body = ServiceAnswer), Refusals),
)]
pub(super) async fn look(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, Reference)>, PathRejection>,
) -> Result<Json<ServiceAnswer>, Refusal> {
    let Path((name, reference)) = path.map_err(|_| no_such_service())?;
    let definition = shared.definitions.get(&name).ok_or_else(no_such_service)?;
    let key = ServiceKey {
        provider: caller.0.id,
        definition: name,
        reference: reference.into(),
    };
    let service = shared.store.service(&key).await?;
    let latest = OperationFilter {
        provider: Some(key.provider),
        reference: Some(key.reference.clone()),
        definition: Some(key.definition.clone()),
        limit: 1,
        ..OperationFilter::default()
    };
    let latest = shared.store.operations(latest).await?.pop();
    if latest.is_none() && !service.as_ref().is_some_and(|service| service.known) {
        return Err(no_such_service());
    }
    let service = service.unwrap_or_else(|| ServiceRecord::unknown(key));
    Ok(Json(ServiceAnswer::of(definition, service, latest)))
}

fn no_such_service() -> Refusal {
    Refusal::not_found("nothing is known of a service of this reference; it was never created here")
}
