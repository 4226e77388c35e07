//! The asynchronous runtime of a command, and what stops it.

use miette::{Context as _, IntoDiagnostic as _};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs a command to its end.
pub fn block_on<T>(work: impl Future<Output = miette::Result<T>>) -> miette::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .into_diagnostic()
        .wrap_err("the runtime cannot start")?
        .block_on(work)
}

/// Ctrl-C, or a polite kill.
pub struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// From now on, neither ends the program by itself.
    pub fn listen() -> miette::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).into_diagnostic()?,
            terminate: signal(SignalKind::terminate()).into_diagnostic()?,
        })
    }

    /// Returns when one of them came.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
