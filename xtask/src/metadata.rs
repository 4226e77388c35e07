//! What `cargo metadata` says of the workspace, as far as the checks look at it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// Where Causeway runs; what only other systems need is no concern.
const PLATFORMS: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

#[derive(Debug, Deserialize)]
pub struct Metadata {
    pub packages: Vec<Package>,
    pub workspace_members: Vec<String>,
    pub workspace_root: PathBuf,
    /// Names and versions (`name vVERSION`) of what is really built; `cargo metadata` lists optional
    /// packages, too, that nobody asked for.
    #[serde(skip)]
    built: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
pub struct Package {
    pub id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    pub source: Option<String>,
    pub manifest_path: PathBuf,
    pub dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// `None`: a dependency of the crate itself; else `dev` or `build`.
    pub kind: Option<String>,
}

impl Metadata {
    /// The crates of this workspace.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The crates of others that ours are built from.
    pub fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| {
            let is_built = self
                .built
                .contains(&format!("{} v{}", package.name, package.version));
            is_built && !self.workspace_members.contains(&package.id)
        })
    }
}

pub fn read() -> Result<Metadata> {
    let output = cargo(&["metadata", "--format-version", "1", "--locked"])?;
    let mut metadata: Metadata =
        serde_json::from_slice(&output).context("cargo metadata gave something unexpected")?;
    for platform in PLATFORMS {
        let tree = [
            "tree",
            "--workspace",
            "--locked",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--target",
        ];
        let output = cargo(&[tree.as_slice(), &[platform]].concat())?;
        let lines = String::from_utf8_lossy(&output);
        let built = lines.lines().filter_map(|line| {
            let mut words = line.split(' ');
            Some(format!("{} {}", words.next()?, words.next()?))
        });
        metadata.built.extend(built);
    }
    Ok(metadata)
}

fn cargo(arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .output()
        .context("cargo cannot be run")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "cargo {} failed: {complaint}",
        arguments.join(" ")
    );
    Ok(output.stdout)
}
