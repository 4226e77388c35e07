//! Campaigns of random histories, and the test of the test: a bridge that is broken on purpose fails.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod histories;
mod sabotage;

use causeway_definition::Definition;

const DEFINITIONS: [(&str, &str); 5] = [
    (
        "shieldpress",
        include_str!("../../../../examples/shieldpress.toml"),
    ),
    (
        "without keys",
        include_str!("../../definitions/without_keys.toml"),
    ),
    (
        "by reference",
        include_str!("../../definitions/by_reference.toml"),
    ),
    ("key only", include_str!("../../definitions/key_only.toml")),
    (
        "without find and key",
        include_str!("../../definitions/without_find_and_key.toml"),
    ),
];

fn definition(name: &str) -> Definition {
    let (_, source) = DEFINITIONS.iter().find(|(own, _)| *own == name).unwrap();
    let (definition, _) = Definition::parse(source)
        .map_err(|problems| format!("{problems:?}"))
        .unwrap();
    definition
}
