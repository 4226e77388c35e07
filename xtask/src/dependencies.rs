//! What deny.toml says of licences, sources and duplicates.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::licence::is_allowed;
use crate::metadata::Metadata;

/// The part of deny.toml that is read here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    skip: Vec<Skipped>,
}

#[derive(Deserialize)]
struct Skipped {
    /// `name@version`.
    #[serde(rename = "crate")]
    name_and_version: String,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    allow_registry: Vec<String>,
}

pub fn check(metadata: &Metadata, rules: &Path) -> Result<Vec<String>> {
    let text =
        fs::read_to_string(rules).with_context(|| format!("{} cannot be read", rules.display()))?;
    let rules: Rules = toml::from_str(&text).context("deny.toml cannot be understood")?;
    let mut problems = Vec::new();
    for package in metadata.foreign() {
        let name = format!("{}@{}", package.name, package.version);
        let source = package
            .source
            .as_deref()
            .unwrap_or("a folder of this machine");
        let registry = source
            .trim_start_matches("registry+")
            .trim_start_matches("sparse+");
        if !rules
            .sources
            .allow_registry
            .iter()
            .any(|allowed| allowed == registry)
        {
            problems.push(format!(
                "{name}: comes from {source}, and only crates.io is allowed"
            ));
        }
        match package.license.as_deref() {
            None => problems.push(format!("{name}: states no licence")),
            Some(licence) if !is_allowed(licence, &rules.licenses.allow)? => {
                problems.push(format!(
                    "{name}: its licence {licence} is not among those of deny.toml"
                ));
            }
            Some(_) => {}
        }
    }
    problems.extend(duplicates(metadata, &rules.bans.skip));
    Ok(problems)
}

fn duplicates(metadata: &Metadata, skipped: &[Skipped]) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in metadata.foreign() {
        let name_and_version = format!("{}@{}", package.name, package.version);
        if !skipped
            .iter()
            .any(|skipped| skipped.name_and_version == name_and_version)
        {
            versions
                .entry(&package.name)
                .or_default()
                .push(&package.version);
        }
    }
    versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| {
            let versions = versions.join(" and ");
            format!(
                "{name}: is here as {versions}; `cargo tree --invert {name}@VERSION` says who needs which. \
                 Bring them together, or name an exception in deny.toml"
            )
        })
        .collect()
}
