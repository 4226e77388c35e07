//! `causeway demo`.

use std::process::ExitCode;

use clap::Args;

/// Show a whole purchase, from order to cancellation, on this machine
#[derive(Debug, Args)]
pub struct Arguments {
    /// Leave everything up until Ctrl-C, and say where it is
    #[arg(long)]
    keep: bool,
}

pub fn run(_: &Arguments) -> miette::Result<ExitCode> {
    Err(miette::miette!("the demo is not built yet"))
}
