//! What a caller of the fault proxy can choose.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::record::{ExchangeNumber, RecordedExchange};

/// How a fault proxy behaves. [`FaultProxySettings::before`] has values for tests that want to be
/// quick.
#[derive(Debug, Clone)]
pub struct FaultProxySettings {
    /// The API that requests are passed on to, http or https, without a query.
    pub upstream: Url,
    /// Root certificates to trust beside the system's for an https upstream, each a PEM text.
    pub upstream_roots: Vec<Vec<u8>>,
    /// Whether `Host` is passed on as it came, for a vendor that tells its hosts apart. Else it is
    /// the upstream's.
    pub keeps_host: bool,
    /// How long the upstream may take for one exchange, connecting included.
    pub upstream_timeout: Duration,
    /// [`Fault::Refuse`](super::Fault::Refuse) on the http port: how long the port stays closed.
    pub refused_for: Duration,
    /// [`Fault::ActLate`](super::Fault::ActLate): how long after the caller gave up the vendor gets
    /// the request.
    pub acts_late_by: Duration,
    /// [`Fault::SlowDrip`](super::Fault::SlowDrip): how long the whole answer takes. Keep it below
    /// the caller's timeout.
    pub drips_for: Duration,
    /// [`Fault::LaggingReads`](super::Fault::LaggingReads): how long after the write reads show what
    /// was before.
    pub reads_lag_by: Duration,
    /// Told of every exchange when it begins, and each time that it has come further.
    pub observer: Option<ExchangeObserver>,
}

/// Watches exchanges as they happen. It is called in the middle of them, so it must be quick.
#[derive(Clone)]
pub struct ExchangeObserver(pub Arc<ObserveExchange>);

/// Which exchange, and how far it has come.
pub type ObserveExchange = dyn Fn(ExchangeNumber, &RecordedExchange) + Send + Sync;

impl fmt::Debug for ExchangeObserver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ExchangeObserver")
    }
}

impl FaultProxySettings {
    /// A proxy before this API.
    #[must_use]
    pub fn before(upstream: Url) -> Self {
        Self {
            upstream,
            upstream_roots: Vec::new(),
            keeps_host: false,
            upstream_timeout: Duration::from_secs(30),
            refused_for: Duration::from_millis(200),
            acts_late_by: Duration::from_millis(200),
            drips_for: Duration::from_millis(300),
            reads_lag_by: Duration::from_secs(3),
            observer: None,
        }
    }
}
