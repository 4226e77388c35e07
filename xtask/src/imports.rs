//! Imports point one way only, and some crates of others have one place where they may be used.

use crate::metadata::{Metadata, Package};

/// Each crate with those of ours that it may import: the diagram of ARCHITECTURE.md.
const MAY_IMPORT: [(&str, &[&str]); 10] = [
    ("causeway-definition", &[]),
    ("causeway-engine", &["causeway-definition"]),
    (
        "causeway-store",
        &["causeway-definition", "causeway-engine"],
    ),
    (
        "causeway-vendor",
        &["causeway-definition", "causeway-engine"],
    ),
    (
        "causeway-gateway",
        &[
            "causeway-definition",
            "causeway-engine",
            "causeway-store",
            "causeway-vendor",
        ],
    ),
    (
        "causeway-simulation",
        &["causeway-definition", "causeway-engine"],
    ),
    ("causeway-module", &["causeway-definition"]),
    ("causeway-testbed", &["causeway-definition"]),
    (
        "causeway",
        &[
            "causeway-definition",
            "causeway-engine",
            "causeway-store",
            "causeway-vendor",
            "causeway-gateway",
            "causeway-simulation",
            "causeway-module",
            "causeway-testbed",
        ],
    ),
    ("xtask", &[]),
];

/// A crate of others with those of ours that may use it, tests aside, and why.
const USED_ONLY_BY: [(&str, &[&str], &str); 6] = [
    (
        "rusqlite",
        &["causeway-store", "causeway-testbed"],
        "SQL has one home (and the test bed plays other programs)",
    ),
    ("tokio-postgres", &["causeway-store"], "SQL has one home"),
    (
        "reqwest",
        &["causeway-vendor"],
        "one crate opens outbound sockets",
    ),
    (
        "axum",
        &["causeway-gateway", "causeway-testbed"],
        "only servers serve",
    ),
    ("clap", &["causeway"], "libraries have no command line"),
    (
        "miette",
        &["causeway"],
        "libraries give diagnostics as data",
    ),
];

/// Crates of ours without I/O, and what that keeps out of them.
const WITHOUT_IO: [&str; 4] = [
    "causeway-definition",
    "causeway-engine",
    "causeway-simulation",
    "causeway-module",
];
const IO: [&str; 5] = ["tokio", "hyper", "rusqlite", "tokio-postgres", "reqwest"];

pub fn check(metadata: &Metadata) -> Vec<String> {
    metadata.members().flat_map(problems).collect()
}

fn problems(package: &Package) -> Vec<String> {
    let name = package.name.as_str();
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(own, _)| *own == name) else {
        return vec![format!(
            "{name}: this crate has no place in the order of imports; give it one in xtask/src/imports.rs \
             and in ARCHITECTURE.md"
        )];
    };
    let mut problems = Vec::new();
    for dependency in package
        .dependencies
        .iter()
        .filter(|dependency| !is_for_tests(dependency))
    {
        let imported = dependency.name.as_str();
        if MAY_IMPORT.iter().any(|(own, _)| *own == imported) && !allowed.contains(&imported) {
            problems.push(format!(
                "{name}: must not import {imported}; imports point one way, as ARCHITECTURE.md draws it"
            ));
        }
        if WITHOUT_IO.contains(&name) && IO.contains(&imported) {
            problems.push(format!(
                "{name}: must not use {imported}; this crate does no I/O"
            ));
        }
        for (_, users, why) in USED_ONLY_BY
            .iter()
            .filter(|(restricted, ..)| *restricted == imported)
        {
            if !users.contains(&name) {
                problems.push(format!(
                    "{name}: must not use {imported} outside tests: {why}"
                ));
            }
        }
    }
    problems
}

fn is_for_tests(dependency: &crate::metadata::Dependency) -> bool {
    dependency.kind.as_deref() == Some("dev")
}
