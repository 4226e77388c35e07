//! Why a sandbox does not start.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;

use crate::emulator::EmulatorError;
use crate::fault_proxy::FaultProxyError;
use crate::interceptor::InterceptorError;
use crate::matrix::MatrixError;
use crate::sample_vendor::SampleVendorError;
use crate::scripted_vendor::ScriptedVendorError;

/// Why a sandbox does not start.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The address is one that others reach.
    #[error(
        "{0} is not an address of this machine alone: the sandbox runs modules for whoever reaches it, so it \
         listens on a loopback address only, such as 127.0.0.1:8430"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("the sandbox cannot listen: {0}")]
    Address(#[source] io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Randomness,
    /// WHMCS's stand-in failed.
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// The sample vendor failed.
    #[error(transparent)]
    SampleVendor(#[from] SampleVendorError),
    /// The fault proxy failed.
    #[error(transparent)]
    FaultProxy(#[from] FaultProxyError),
    /// The vendor's address cannot be used.
    #[error("{address} is no address of a vendor: {reason}")]
    VendorAddress {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: url::ParseError,
    },
    /// The interceptor failed.
    #[error(transparent)]
    Interceptor(#[from] InterceptorError),
    /// The scripted vendor failed.
    #[error(transparent)]
    ScriptedVendor(#[from] ScriptedVendorError),
    /// The gateway, or a command of the program, failed.
    #[error(transparent)]
    Bridge(#[from] MatrixError),
}
