//! What a test, the demo or a benchmark can choose about the sample vendor.

use std::path::PathBuf;
use std::time::Duration;

/// How the sample vendor behaves. The default: no idempotency keys, services active at once, no
/// latency, lists up to date, in memory, on a free port, requests recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleVendorSettings {
    /// Is the header `Idempotency-Key` honoured?
    pub idempotency_keys: bool,
    /// What happens to a service between its creation and its first use.
    pub provisioning: Provisioning,
    /// How long each authenticated call waits before its work.
    pub latency: Duration,
    /// How long a new user or service is missing from lists. A read by its id shows it at once.
    pub list_lag: Duration,
    /// The database file; `None` keeps everything in memory.
    pub database: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Are the calls kept for [`SampleVendor::requests`](super::SampleVendor::requests)?
    pub record_requests: bool,
}

impl Default for SampleVendorSettings {
    fn default() -> Self {
        Self {
            idempotency_keys: false,
            provisioning: Provisioning::Immediate,
            latency: Duration::ZERO,
            list_lag: Duration::ZERO,
            database: None,
            port: 0,
            record_requests: true,
        }
    }
}

/// How a new service comes to life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provisioning {
    /// Active, with its licence key, in the answer to its creation.
    #[default]
    Immediate,
    /// Pending in this many reads of it (alone or in a list), active in the next.
    PendingForReads(u32),
    /// Pending for this long, then active.
    PendingFor(Duration),
    /// Pending in this many reads of it, failed in the next.
    FailsAfterReads(u32),
}
