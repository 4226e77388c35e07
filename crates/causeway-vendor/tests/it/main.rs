//! What `HttpVendor` does on real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod address;
mod connection;
mod message;
mod not_sent;
mod once;
mod server;
mod support;
mod unknown;
