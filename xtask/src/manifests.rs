//! Every crate has the workspace's lints and metadata.

use std::fs;

use anyhow::{Context as _, Result};

use crate::metadata::{Metadata, Package};

const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

pub fn check(metadata: &Metadata) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in metadata.members() {
        problems.extend(problems_of(package)?);
    }
    Ok(problems)
}

fn problems_of(package: &Package) -> Result<Vec<String>> {
    let path = &package.manifest_path;
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let manifest: toml::Table = text
        .parse()
        .with_context(|| format!("{} is no TOML", path.display()))?;
    let inherits = |table: Option<&toml::Value>| {
        table
            .and_then(|value| value.get("workspace"))
            .and_then(toml::Value::as_bool)
            == Some(true)
    };
    let name = &package.name;
    let mut problems = Vec::new();
    if !inherits(manifest.get("lints")) {
        problems.push(format!(
            "{name}: its Cargo.toml lacks `[lints]` with `workspace = true`"
        ));
    }
    for key in INHERITED {
        if !inherits(manifest.get("package").and_then(|package| package.get(key))) {
            problems.push(format!(
                "{name}: its Cargo.toml lacks `{key}.workspace = true`"
            ));
        }
    }
    Ok(problems)
}
