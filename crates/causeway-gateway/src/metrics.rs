//! Numbers for Prometheus. The recorder is the process's; every gateway in it shows the same.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Begins to record, unless it was begun before.
pub(crate) fn record() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| match install() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::warn!(%error, "the metrics of this process go elsewhere; /metrics stays empty");
            PrometheusBuilder::new().build_recorder().handle()
        }
    })
}

fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()?;
    metrics::describe_counter!(
        "causeway_http_requests_total",
        "Requests by route, method and status; hung_up: the caller left before the answer"
    );
    metrics::describe_histogram!(
        "causeway_http_request_seconds",
        "How long requests took, with the wait for an operation's end"
    );
    metrics::describe_counter!(
        "causeway_operation_answers_total",
        "Calls of operations by what their caller was told; pending: the deadline passed first"
    );
    metrics::describe_counter!(
        "causeway_operations_total",
        "Operations that ended, by how they ended"
    );
    metrics::describe_gauge!(
        "causeway_operations_in_flight",
        "Operations that are worked on now"
    );
    Ok(handle)
}

/// Everything that was counted, as text.
pub(crate) fn render(operations_in_flight: usize) -> String {
    let in_flight = u32::try_from(operations_in_flight).unwrap_or(u32::MAX);
    metrics::gauge!("causeway_operations_in_flight").set(f64::from(in_flight));
    record().render()
}
