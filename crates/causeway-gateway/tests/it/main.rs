//! The gateway as its callers meet it: over a socket, with a real journal and a real vendor client.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod authentication;
mod corpus;
mod health;
mod limits;
mod listening;
mod logs;
mod openapi;
mod operations;
mod other_nodes;
mod other_providers;
mod requests;
mod round_trip;
mod secrets;
mod stopping;
mod support;
mod taken_over;
mod tenants;
