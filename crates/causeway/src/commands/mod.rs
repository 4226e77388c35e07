//! One file for each command.

pub mod bench;
pub mod build;
pub mod check;
pub mod demo;
pub mod journal;
pub mod key;
pub mod new;
pub mod operation;
pub mod operations;
pub mod provider;
pub mod record;
pub mod resolve;
pub mod sandbox;
pub mod schema;
pub mod serve;
pub mod test;
