//! The documents and the grammar say the same.

use causeway_definition::{Definition, json_schema};
use serde_json::Value;

use super::author::parse;

const REFERENCE: &str = include_str!("../../../../docs/definition.md");
const README: &str = include_str!("../../../../README.md");

fn definitions(document: &str) -> Vec<&str> {
    document
        .split("```toml definition\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

#[test]
fn every_definition_of_the_documents_reads_without_a_warning() {
    for (document, count) in [(REFERENCE, 2), (README, 1)] {
        let definitions = definitions(document);
        assert_eq!(definitions.len(), count);
        for definition in definitions {
            parse(definition);
        }
    }
}

#[test]
fn every_example_reads_without_a_warning() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut examples = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            parse(&std::fs::read_to_string(&path).unwrap());
            examples += 1;
        }
    }
    assert!(examples > 0);
}

/// A definition in which every table of the grammar stands somewhere.
const COMPLETE: &str = include_str!("complete.toml");

/// Each key of the schema, as a path of names; `*` is a name that the author chooses.
fn keys(schema: &Value, path: &[String], into: &mut Vec<Vec<String>>) {
    let below = |name: &str| [path, &[name.to_owned()]].concat();
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        into.push(below(name));
        keys(schema, &below(name), into);
    }
    keys_of_parts(schema, path, into);
}

fn keys_of_parts(schema: &Value, path: &[String], into: &mut Vec<Vec<String>>) {
    if schema["additionalProperties"]["properties"].is_object() {
        let below = [path, &["*".to_owned()]].concat();
        keys(&schema["additionalProperties"], &below, into);
    }
    if schema["items"]["properties"].is_object() {
        keys(&schema["items"], path, into);
    }
    for part in schema["anyOf"].as_array().into_iter().flatten() {
        if part["properties"].is_object() {
            keys(part, path, into);
        }
    }
}

/// Puts a date, which no key takes, behind a key; false where there is no such table.
fn spoil(value: &mut toml::Value, path: &[String]) -> bool {
    let Some((name, rest)) = path.split_first() else {
        return false;
    };
    match value {
        toml::Value::Table(table) if name == "*" => {
            table.iter_mut().any(|(_, value)| spoil(value, rest))
        }
        toml::Value::Table(table) if rest.is_empty() => {
            let date = toml::Value::Datetime("2026-11-23".parse().unwrap());
            table.insert(name.clone(), date);
            true
        }
        toml::Value::Table(table) => table.get_mut(name).is_some_and(|value| spoil(value, rest)),
        toml::Value::Array(items) => items.iter_mut().any(|item| spoil(item, path)),
        _ => false,
    }
}

#[test]
fn every_key_of_the_schema_is_read_by_the_parser() {
    parse(COMPLETE);
    let mut all = Vec::new();
    keys(&json_schema(), &[], &mut all);
    all.sort();
    all.dedup();
    assert!(all.len() > 100, "{}", all.len());
    // Every operation takes the same calls: the complete definition spells out one.
    let elsewhere = |path: &Vec<String>| {
        path[0] == "operations"
            && path.len() > 2
            && !["create", "single_sign_on"].contains(&path[1].as_str())
    };
    // A second method is another mistake.
    let is_method = |path: &Vec<String>| {
        let methods = ["get", "post", "put", "patch", "delete"];
        path.last()
            .is_some_and(|name| methods.contains(&name.as_str()))
    };
    for path in all
        .iter()
        .filter(|path| !elsewhere(path) && !is_method(path))
    {
        let mut document: toml::Value = toml::from_str(COMPLETE).unwrap();
        assert!(
            spoil(&mut document, path),
            "complete.toml has no {}",
            path.join(".")
        );
        let source = toml::to_string(&document).unwrap();
        let diagnostics = Definition::parse(&source).unwrap_err();
        assert!(
            diagnostics.iter().any(
                |diagnostic| ["causeway::wrong_type", "causeway::two_bodies"]
                    .contains(&diagnostic.code)
            ),
            "{} is not read: {diagnostics:?}",
            path.join(".")
        );
    }
}
