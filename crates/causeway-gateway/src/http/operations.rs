//! `/v1/operations`: run one, look at one, list what is owed, acknowledge.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};
use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{Operation, OperationId, Standing};
use http::StatusCode;
use serde::Deserialize;
use tracing::Span;
use utoipa::IntoParams;

use super::body::JsonBody;
use super::{Caller, Refusals, Shared};
use crate::executor::{CallError, Report};
use crate::protocol::{OperationAnswer, OperationRequest, OwedAnswer, UnfitOption};
use crate::refusal::{ErrorAnswer, Refusal};
use crate::server::Phase;

const LONGEST_WAIT_MS: u64 = 120_000;
const MOST_LISTED: u32 = 200;

/// Runs an operation and waits for its end, at most for the deadline.
///
/// The same call again joins the one that is open, or gets the result that is owed.
#[utoipa::path(
    post, path = "/v1/operations", tag = "operations", operation_id = "run_operation",
    request_body = OperationRequest, security(("provider_token" = [])),
    responses(
        (status = 200, body = OperationAnswer, description = "How the operation stands."),
        (status = 413, body = ErrorAnswer, description = "The body is too long."),
        Refusals,
    ),
)]
pub(super) async fn run(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    JsonBody(request): JsonBody<OperationRequest>,
) -> Result<Json<OperationAnswer>, Refusal> {
    let definition = shared
        .definitions
        .get(&request.definition)
        .ok_or_else(|| CallError::UnknownDefinition(request.definition.clone()))?;
    let deadline = request.deadline_ms.duration();
    let call = request.into_call(definition)?;
    let (kind, definition, reference) =
        (call.kind, call.definition.clone(), call.reference.clone());
    let report = tokio::select! {
        report = shared.executor.call(&caller.0, call, deadline) => report?,
        () = Phase::closing(shared.phase.clone()) => {
            left_open(&shared, &caller, kind, definition, reference).await?
        }
    };
    Span::current().record("operation", tracing::field::display(report.operation.id));
    let answer = OperationAnswer::of(report);
    let labels = [
        ("definition", answer.definition.clone()),
        ("operation", answer.operation.name().to_owned()),
        ("status", answer.status.name().to_owned()),
    ];
    metrics::counter!("causeway_operation_answers_total", &labels).increment(1);
    Ok(Json(answer))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wait {
    /// How long to wait for the end, in milliseconds.
    #[serde(default)]
    #[param(maximum = 120_000, default = 0)]
    wait_ms: u64,
}

/// How an operation stands. A result that is given here counts as had.
#[utoipa::path(
    get, path = "/v1/operations/{operation_id}", tag = "operations", operation_id = "look_at_operation",
    params(("operation_id" = uuid::Uuid, Path), Wait), security(("provider_token" = [])),
    responses((status = 200, body = OperationAnswer), Refusals),
)]
pub(super) async fn look(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    id: Result<Path<OperationId>, PathRejection>,
    wait: Result<Query<Wait>, QueryRejection>,
) -> Result<Json<OperationAnswer>, Refusal> {
    let Query(Wait { wait_ms }) = wait.map_err(|error| Refusal::malformed(error.body_text()))?;
    if wait_ms > LONGEST_WAIT_MS {
        let message = format!("`wait_ms` is {wait_ms}, and it can be {LONGEST_WAIT_MS} at most");
        return Err(Refusal::malformed(message));
    }
    let before = own_operation(&shared, &caller, id).await?;
    let report = tokio::select! {
        report = shared.executor.wait_for(before.id, Duration::from_millis(wait_ms)) => report?,
        () = Phase::closing(shared.phase.clone()) => {
            shared.executor.wait_for(before.id, Duration::ZERO).await?
        }
    };
    let report = report.ok_or_else(no_such_operation)?;
    let has_ended = matches!(report.operation.standing, Standing::Ended(_));
    let was_open = matches!(before.standing, Standing::Open);
    if has_ended && (was_open || before.owed) {
        shared.store.set_owed(before.id, false).await?;
    }
    Ok(Json(OperationAnswer::of(report)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Owed {
    /// Always `true`: only what is owed can be listed.
    owed: bool,
    /// Of this definition only.
    definition: Option<String>,
}

/// Operations whose caller was told `pending` and has not had the result since.
///
/// Listing does not count as having had them.
#[utoipa::path(
    get, path = "/v1/operations", tag = "operations", operation_id = "list_owed_operations",
    params(Owed), security(("provider_token" = [])),
    responses((status = 200, body = OwedAnswer), Refusals),
)]
pub(super) async fn owed(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<Owed>, QueryRejection>,
) -> Result<Json<OwedAnswer>, Refusal> {
    let Query(query) = query.map_err(|error| Refusal::malformed(error.body_text()))?;
    if !query.owed {
        return Err(Refusal::malformed(
            "only what is owed can be listed: ask with `owed=true`",
        ));
    }
    let filter = OperationFilter {
        provider: Some(caller.0.id),
        definition: query.definition,
        owed: true,
        limit: MOST_LISTED,
        ..OperationFilter::default()
    };
    let mut operations = Vec::new();
    for operation in shared.store.operations(filter).await? {
        let service = shared.store.service(&operation.service).await?;
        operations.push(OperationAnswer::of_operation(operation, service.as_ref()));
    }
    Ok(Json(OwedAnswer { operations }))
}

/// The caller has dealt with the result of an operation that has ended.
#[utoipa::path(
    post, path = "/v1/operations/{operation_id}/acknowledge", tag = "operations",
    operation_id = "acknowledge_operation",
    params(("operation_id" = uuid::Uuid, Path)), security(("provider_token" = [])),
    responses((status = 204, description = "It is no longer owed."), Refusals),
)]
pub(super) async fn acknowledge(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    id: Result<Path<OperationId>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    let operation = own_operation(&shared, &caller, id).await?;
    if matches!(operation.standing, Standing::Open) {
        let message = "the operation has not ended, so there is no result to acknowledge yet";
        return Err(Refusal::not_possible("operation_open", message));
    }
    if operation.owed {
        shared.store.set_owed(operation.id, false).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The operation, when it is the caller's; another provider's is as good as none.
async fn own_operation(
    shared: &Shared,
    caller: &Caller,
    id: Result<Path<OperationId>, PathRejection>,
) -> Result<Operation, Refusal> {
    let Path(id) = id.map_err(|_| no_such_operation())?;
    let operation = shared.store.operation(id).await?;
    let operation = operation
        .filter(|operation| operation.service.provider == caller.0.id)
        .ok_or_else(no_such_operation)?;
    Span::current().record("operation", tracing::field::display(id));
    Ok(operation)
}

fn no_such_operation() -> Refusal {
    Refusal::not_found("there is no operation of this id, or not one of this provider")
}

/// The gateway ends before the operation that a caller waits for: pending, and owed.
async fn left_open(
    shared: &Shared,
    caller: &Caller,
    kind: OperationKind,
    definition: String,
    reference: Option<String>,
) -> Result<Report, Refusal> {
    let latest = OperationFilter {
        provider: Some(caller.0.id),
        reference: Some(reference.ok_or(CallError::Stopping)?),
        definition: Some(definition),
        limit: 1,
        ..OperationFilter::default()
    };
    let operation = shared.store.operations(latest).await?.pop();
    let operation = operation
        .filter(|latest| latest.kind == kind && matches!(latest.standing, Standing::Open))
        .ok_or(CallError::Stopping)?;
    shared.store.set_owed(operation.id, true).await?;
    let service = shared.store.service(&operation.service).await?;
    Ok(Report {
        operation,
        recorded: true,
        service,
    })
}

impl From<UnfitOption> for Refusal {
    fn from(error: UnfitOption) -> Self {
        Self::not_possible("unfit_option", error.to_string())
    }
}
