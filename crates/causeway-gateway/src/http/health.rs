//! What a supervisor asks: is it alive, does it take calls, and how is it doing?

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::Shared;
use crate::metrics;
use crate::refusal::Refusal;
use crate::server::Phase;

const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refusal> {
    if *shared.phase.borrow() != Phase::Running {
        let message = "the gateway is stopping";
        return Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            message,
        ));
    }
    let checked = tokio::time::timeout(PATIENCE, shared.store.check()).await;
    checked.map_err(|_| {
        tracing::error!("the journal did not answer in time");
        let message = "the gateway's journal does not answer";
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "journal_unavailable",
            message,
        )
    })??;
    Ok(Json(json!({ "status": "ready" })))
}

pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let content_type = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (content_type, metrics::render(shared.executor.in_flight()))
}
