//! Why an interceptor cannot start.

use std::io;

use crate::sockets::authority::AuthorityError;

/// Why an interceptor cannot start.
#[derive(Debug, thiserror::Error)]
pub enum InterceptorError {
    /// The upstream is no address to lead to.
    #[error(
        "the interceptor cannot lead to {address}; it needs a plain http address, such as http://127.0.0.1:8080"
    )]
    Upstream {
        /// The address.
        address: String,
    },
    /// The system refused a thread, a socket or a file.
    #[error("the interceptor could not start: {0}")]
    System(#[from] io::Error),
    /// Its authority could not be made.
    #[error("the interceptor could not make its authority: {reason}")]
    Authority {
        /// What was wrong.
        reason: String,
    },
}

impl From<AuthorityError> for InterceptorError {
    fn from(error: AuthorityError) -> Self {
        Self::Authority {
            reason: error.to_string(),
        }
    }
}
