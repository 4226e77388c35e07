//! Checks of this repository that the compiler cannot make.
//!
//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md that manifests and file sizes can show.
//! `cargo xtask dependencies`: what deny.toml says of licences, sources and duplicates, without
//! cargo-deny, which takes longer to build than everything here; where it is installed,
//! `cargo deny check` says the same and knows the advisories, too.

mod dependencies;
mod imports;
mod licence;
mod manifests;
mod metadata;
mod sources;

use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            for problem in &problems {
                eprintln!("{problem}");
            }
            eprintln!("\n{} to mend", problems.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The problems found, each in one line.
fn run() -> Result<Vec<String>> {
    let metadata = metadata::read()?;
    let root = &metadata.workspace_root;
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => {
            let mut problems = imports::check(&metadata);
            problems.extend(manifests::check(&metadata)?);
            problems.extend(sources::check(root)?);
            Ok(problems)
        }
        Some("dependencies") => dependencies::check(&metadata, &root.join("deny.toml")),
        _ => bail!("usage: cargo xtask tidy | dependencies"),
    }
}
