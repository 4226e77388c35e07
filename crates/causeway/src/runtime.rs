//! The asynchronous runtime of a command.

use miette::{Context as _, IntoDiagnostic as _};

/// Runs a command to its end.
pub fn block_on<T>(work: impl Future<Output = miette::Result<T>>) -> miette::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .into_diagnostic()
        .wrap_err("the runtime cannot start")?
        .block_on(work)
}
