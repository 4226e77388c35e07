//! `causeway schema`.

use std::process::ExitCode;

use clap::Args;

use crate::terminal::print;

/// Print the JSON Schema of definitions, for editors
#[derive(Debug, Args)]
pub struct Arguments {}

pub fn run(_: &Arguments) -> miette::Result<ExitCode> {
    print(&format!("{:#}\n", causeway_definition::json_schema()))?;
    Ok(ExitCode::SUCCESS)
}
