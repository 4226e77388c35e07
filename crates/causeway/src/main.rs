//! The command line: one file for each command, in `commands/`.

mod bench;
mod cli;
mod commands;
mod credential;
mod definitions;
mod demo;
mod diagnostics;
mod journal;
mod logs;
mod runtime;
mod terminal;
mod text;

use std::process::ExitCode;

use clap::Parser as _;

/// A third less work for each create than with the C library's allocator (see docs/performance.md).
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
