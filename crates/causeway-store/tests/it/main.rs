//! The journal through its public door, on real files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod conformance;
mod durability;
mod grouping;
mod keys;
mod left_turns;
mod opening;
mod postgres;
mod rotation;
mod secrecy;
mod sqlite;
mod support;
mod upkeep;
