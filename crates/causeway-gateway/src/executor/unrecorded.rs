//! Calls that change nothing at the vendor: a connection test, a sign-on link.

use std::sync::Arc;

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{
    Ending, Operation, OperationId, Provider, Run, ServiceKey, ServiceRecord, Standing,
};
use tokio::time::Instant;
use tracing::Instrument;

use super::calls::Executor;
use super::ends::{count_end, log_end};
use super::work::Recording;
use super::{Call, CallError, Report};

impl Executor {
    /// A call that changes nothing at the vendor: it is not journaled, and it ends with its deadline.
    pub(super) async fn unrecorded(
        &self,
        definition: &Arc<Definition>,
        provider: &Provider,
        call: Call,
        reference: String,
        deadline: Instant,
    ) -> Result<Report, CallError> {
        let now = self.workshop.clock.now();
        let key = ServiceKey {
            provider: provider.id,
            definition: call.definition,
            reference,
        };
        let service = match call.kind {
            OperationKind::TestConnection => None,
            _ => self.workshop.store.service(&key).await?,
        };
        let operation = Operation {
            id: OperationId::new(),
            service: key.clone(),
            kind: call.kind,
            fingerprint: String::new(),
            input: call.input,
            accepted_at: now,
            standing: Standing::Open,
            ended_at: None,
            steps_done: 0,
            owed: false,
        };
        let service = service.unwrap_or_else(|| ServiceRecord::unknown(key));
        let mut run = Run::new(definition, provider, operation, service, 0, now);
        let span = tracing::info_span!("operation", operation = %run.operation.id,
            kind = %run.operation.kind, provider = provider.name);
        let stopping = self.stopping.subscribe();
        let work = self.workshop.work(
            definition,
            provider,
            &mut run,
            Recording::Unrecorded,
            stopping,
        );
        let finished = tokio::time::timeout_at(deadline, work.instrument(span.clone())).await;
        if !matches!(finished, Ok(true)) {
            let message = format!(
                "{} gave no answer in time; try again.",
                definition.service.title
            );
            run.operation.standing = Standing::Ended(Ending::Failed { message });
        }
        span.in_scope(|| log_end(&run.operation));
        count_end(definition, &run.operation);
        Ok(Report {
            operation: run.operation,
            recorded: false,
            service: Some(run.service),
        })
    }
}
