//! `causeway operations`.
use clap::Args;
use std::process::ExitCode;
/// placeholder
#[derive(Debug, Args)]
pub struct Arguments {}
pub fn run(_: &Arguments) -> miette::Result<ExitCode> {
    Err(miette::miette!("not built yet"))
}
