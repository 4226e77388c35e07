//! The command line, as its users type it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod author;
mod bench;
mod check;
mod demo;
mod journal;
mod key;
mod operations;
mod postgres;
mod provider;
mod record;
mod serve;
mod support;
mod test;
mod test_module;
