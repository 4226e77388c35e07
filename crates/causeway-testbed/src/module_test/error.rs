//! Why a module could not be tested.

use crate::emulator::EmulatorError;
use crate::fault_proxy::{FaultProxyError, MisplacedFault};
use crate::interceptor::InterceptorError;
use crate::scripted_vendor::ScriptedVendorError;

/// A part of the test bed that failed, or a module that is none. What a module does wrong is a finding.
#[derive(Debug, thiserror::Error)]
pub enum ModuleTestError {
    /// The emulated WHMCS did not start, or the folder is no module.
    #[error(transparent)]
    Emulator(#[from] EmulatorError),
    /// The fault proxy did not start.
    #[error(transparent)]
    FaultProxy(#[from] FaultProxyError),
    /// The intercepting proxy did not start.
    #[error(transparent)]
    Interceptor(#[from] InterceptorError),
    /// The scripted vendor did not start.
    #[error(transparent)]
    ScriptedVendor(#[from] ScriptedVendorError),
    /// A bug of the test bed.
    #[error("a fault was planned where it cannot strike: {0}")]
    Misplaced(#[from] MisplacedFault),
    /// The script was parsed before; it cannot be parsed again.
    #[error("the vendor script cannot be used: {0}")]
    Script(String),
    /// An address that leads nowhere.
    #[error("{0} is no address of a vendor: it has no host")]
    NoHost(String),
    /// The service is never active, so there is nothing to test with.
    #[error(
        "the module cannot create a service, although nothing was made to go wrong.\n\
         CreateAccount answered: {message}\n{exchanges}"
    )]
    NoService {
        /// What staff read.
        message: String,
        /// What went between module and vendor, a line each.
        exchanges: String,
    },
}
