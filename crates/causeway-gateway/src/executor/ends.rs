//! How operations ended, for the log and the metrics.

use causeway_definition::Definition;
use causeway_engine::{Ending, Operation, Standing};

pub(super) fn log_end(operation: &Operation) {
    let Standing::Ended(ending) = &operation.standing else {
        return;
    };
    match ending {
        Ending::Succeeded { .. } => tracing::info!("succeeded"),
        Ending::Failed { message } => tracing::warn!(message, "failed"),
        Ending::NeedsAttention { message, .. } => tracing::error!(message, "needs attention"),
    }
}

pub(super) fn count_end(definition: &Definition, operation: &Operation) {
    let labels = [
        ("definition", definition.service.name.clone()),
        ("operation", operation.kind.name().to_owned()),
        ("status", operation.standing.name().to_owned()),
    ];
    metrics::counter!("causeway_operations_total", &labels).increment(1);
}
