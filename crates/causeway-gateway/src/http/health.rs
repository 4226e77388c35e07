//! What a supervisor asks: is it alive, does it take calls, and how is it doing?

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::IntoResponse;
use causeway_engine::Store;
use http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Shared;
use super::client_address::is_from_inside;
use crate::metrics;
use crate::refusal::Refusal;
use crate::server::Phase;

const PATIENCE: Duration = Duration::from_secs(5);
const FRESH: Duration = Duration::from_secs(1);

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
    let checked = tokio::time::timeout(PATIENCE, shared.readiness.check(&*shared.store)).await;
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

/// When the journal was last seen to take a write. Anyone may ask, so asking often writes no more.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Instant>>);

impl Readiness {
    async fn check(&self, store: &dyn Store) -> Result<(), Refusal> {
        let mut last = self.0.lock().await;
        if last.is_none_or(|last| last.elapsed() >= FRESH) {
            store.check().await?;
            *last = Some(Instant::now());
        }
        Ok(())
    }
}

/// How much is sold is nobody's business outside.
pub(super) async fn metrics(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<impl IntoResponse, Refusal> {
    if !is_from_inside(request.headers(), request.extensions()) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "not_from_inside",
            "metrics are told to this machine and to private networks alone, and not through a proxy",
        ));
    }
    let content_type = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    Ok((content_type, metrics::render(shared.executor.in_flight())))
}
