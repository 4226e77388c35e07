//! The HTTP server that runs the engine for billing modules.
//!
//! A handler only takes the call, waits and answers; the [`executor`] owns the operation, whether or
//! not a caller still waits. [`Gateway`] is the server around it.

pub mod executor;
mod gateway;
mod http;
mod metrics;
mod protocol;
mod refusal;
mod server;
mod token;

pub use gateway::{Gateway, GatewayError, GatewaySettings};
pub use http::openapi;
pub use server::{ListenError, TlsError, TlsFiles};
pub use token::{NoRandomness, Token};
