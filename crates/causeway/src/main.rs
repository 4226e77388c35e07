//! The command line: one file for each command, in `commands/`.

mod bench;
mod cli;
mod commands;
mod credential;
mod definitions;
mod demo;
mod diagnostics;
mod example_service;
mod journal;
mod logs;
mod runtime;
mod terminal;
mod text;
mod vendor_script;

use std::process::ExitCode;

use clap::Parser as _;

/// About a tenth of the work for a create went into the C library's allocator (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    terminal::set_error_style();
    match cli::Cli::parse().command.run() {
        Ok(code) => code,
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::FAILURE
        }
    }
}
