//! Why a fault proxy cannot start.

use std::io;

use crate::sockets::authority::AuthorityError;

/// Why a fault proxy cannot start.
#[derive(Debug, thiserror::Error)]
pub enum FaultProxyError {
    /// The upstream is no API's address.
    #[error(
        "the fault proxy cannot pass requests on to {address}; an API's address begins with http:// or \
         https:// and has neither ? nor #"
    )]
    Upstream {
        /// The address.
        address: String,
    },
    /// An upstream's root certificate cannot be read.
    #[error("upstream root certificate {number} cannot be read: {reason}; it has to be a PEM file")]
    UpstreamRoot {
        /// Which one of the settings, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The system refused a thread or a socket.
    #[error("the fault proxy could not listen on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
    /// Its certificates could not be made.
    #[error("the fault proxy could not make its certificates: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("the fault proxy could not set up TLS: {0}")]
    Tls(#[from] rustls::Error),
}

impl From<AuthorityError> for FaultProxyError {
    fn from(error: AuthorityError) -> Self {
        match error {
            AuthorityError::Certificate(error) => Self::Certificate(error),
            AuthorityError::Tls(error) => Self::Tls(error),
        }
    }
}
