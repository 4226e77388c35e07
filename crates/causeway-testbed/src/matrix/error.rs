//! Why a matrix could not be played at all; a case that ends wrong is a result, not an error.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::case::Scenario;
use crate::emulator::EmulatorError;
use crate::fault_proxy::FaultProxyError;
use crate::postgres::PostgresError;
use crate::sample_vendor::SampleVendorError;

/// Why a matrix could not be played.
#[derive(Debug, Error)]
pub enum MatrixError {
    /// WHMCS's stand-in failed.
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// The sample vendor failed.
    #[error(transparent)]
    SampleVendor(#[from] SampleVendorError),
    /// The fault proxy failed.
    #[error(transparent)]
    FaultProxy(#[from] FaultProxyError),
    /// The database server failed.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// A file could not be used.
    #[error("{file} cannot be used: {source}", file = file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No port was free.
    #[error("no port of 127.0.0.1 is free: {0}")]
    Port(#[source] io::Error),
    /// A command of the program failed.
    #[error("`causeway {command}` failed: {said}")]
    Command {
        /// Its arguments.
        command: String,
        /// What it said.
        said: String,
    },
    /// A gateway ended before it listened.
    #[error("the gateway did not start; its log ends with\n{log}")]
    Gateway {
        /// The end of its log.
        log: String,
    },
    /// The gateway gave no answer to a question about a service.
    #[error("the gateway could not be asked about {reference}: {reason}")]
    Truth {
        /// The service.
        reference: String,
        /// Why.
        reason: String,
    },
    /// A given vendor could not be asked what it has.
    #[error("the vendor could not be asked what it has: {reason}")]
    Vendor {
        /// Why, with the vendor's words.
        reason: String,
    },
    /// A scenario went wrong although nothing was disturbed.
    #[error(
        "`{scenario}` does not work even undisturbed, so nothing can be learnt from disturbing it: {reason}",
        scenario = .scenario.name()
    )]
    Undisturbed {
        /// The scenario.
        scenario: Scenario,
        /// What went wrong.
        reason: String,
    },
}
