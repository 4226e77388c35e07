//! `causeway new`.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use miette::miette;

use crate::terminal::print;

/// Write a commented definition to start from
#[derive(Debug, Args)]
pub struct Arguments {
    /// The WHMCS module's name: lower-case letters and digits, starting with a letter
    name: String,

    /// Where to write it [default: NAME.toml]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let text =
        causeway_definition::scaffold(&arguments.name).map_err(|error| miette!("{error}"))?;
    let file = arguments
        .output
        .clone()
        .unwrap_or_else(|| format!("{}.toml", arguments.name).into());
    let shown = file.display();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .and_then(|mut open| open.write_all(text.as_bytes()))
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => miette!(
                help = "nothing was changed; choose another name with -o FILE",
                "{shown} is there already"
            ),
            _ => miette!(
                help = "choose another place with -o FILE",
                "{shown} cannot be written: {error}"
            ),
        })?;
    print(&format!(
        "{shown} is written.\n\nNext: describe your product and API in it, and look at it with\n  causeway check {shown}\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}
