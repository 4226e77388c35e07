//! What a correct definition says: defaults, safety, and the tools that write one.

use std::time::Duration;

use causeway_definition::model::Adopt;
use causeway_definition::{
    Definition, Operation, OperationKind, OptionKind, Severity, json_schema, scaffold,
};
use serde_json::json;

const EXAMPLE: &str = include_str!("../../../../examples/shieldpress.toml");

pub fn parse(source: &str) -> Definition {
    let (definition, warnings) = Definition::parse(source).unwrap_or_else(|diagnostics| {
        panic!("{}", super::mistakes::said(source, &diagnostics));
    });
    let said = super::mistakes::said(source, &warnings);
    assert!(warnings.is_empty(), "{said}");
    definition
}

pub fn example() -> Definition {
    parse(EXAMPLE)
}

fn calls(definition: &Definition, kind: OperationKind) -> &[causeway_definition::Call] {
    match &definition.operations[&kind] {
        Operation::Calls(calls) => calls,
        Operation::Ensure(_) => panic!("{kind} ensures"),
    }
}

#[test]
fn the_example_reads_without_a_warning() {
    let definition = example();
    assert_eq!(
        definition.service.api.as_str(),
        "https://api.shieldpress.example/v1"
    );
    assert_eq!(definition.service.timeout, Duration::from_secs(15));
    assert_eq!(definition.service.settle, Duration::from_secs(2));
    assert_eq!(definition.service.patience, Duration::from_secs(600));
    assert_eq!(
        definition.property_names(),
        ["user_id", "service_id", "license_key"]
    );
    let labels: Vec<_> = definition
        .properties
        .values()
        .map(|property| &property.label)
        .collect();
    assert_eq!(labels, ["User ID", "Service ID", "License Key"]);
    assert!(matches!(definition.resources["user"].adopt, Adopt::Always));
    assert!(matches!(
        definition.resources["subscription"].adopt,
        Adopt::Never
    ));
    let read = definition.resources["subscription"].read.as_ref().unwrap();
    assert_eq!(read.gone_when, [404, 410]);
    assert!(
        definition.resources["user"]
            .find
            .as_ref()
            .unwrap()
            .absent_when
            .is_empty()
    );
}

#[test]
fn what_can_be_sent_again_follows_from_the_operation_and_the_method() {
    let definition = example();
    assert!(calls(&definition, OperationKind::Suspend)[0].repeatable);
    assert!(
        calls(&definition, OperationKind::Renew)[0].repeatable,
        "a PUT"
    );
    assert!(!definition.resources["user"].create.repeatable);
    let source = EXAMPLE.replace(
        "renew           = { put",
        "renew = { repeatable = true, post",
    );
    assert!(
        calls(&parse(&source), OperationKind::Renew)[0].repeatable,
        "the author's word"
    );
    let source = EXAMPLE.replace(
        "suspend         = { post",
        "suspend = { repeatable = false, post",
    );
    assert!(
        !calls(&parse(&source), OperationKind::Suspend)[0].repeatable,
        "the author's word"
    );
}

#[test]
fn a_terminated_service_keeps_only_what_is_shared() {
    let source = EXAMPLE.replace(
        ", done_when = [404, 410], forget = [\"service_id\", \"license_key\"]",
        "",
    );
    let definition = parse(&source);
    let terminate = &calls(&definition, OperationKind::Terminate)[0];
    assert_eq!(terminate.forget, ["service_id", "license_key"]);
    assert_eq!(terminate.done_when, [404, 410]);
}

#[test]
fn safety_says_what_happens_when_an_answer_is_lost() {
    let source = EXAMPLE.replace("renew           = { put", "renew = { post");
    let (definition, warnings) = Definition::parse(&source).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].severity, Severity::Warning);
    let table: Vec<String> = definition
        .safety()
        .into_iter()
        .map(|step| {
            format!(
                "{} {}: {}",
                if step.goes_on { "+" } else { "!" },
                step.step,
                step.what
            )
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn options_know_their_kinds() {
    let options = r#"
[options.size_gb]
type    = "text"
size    = 5
default = "10"
[options.token]
type = "password"
[options.backup]
type    = "yesno"
default = true
[options.region]
type    = "radio"
choices = { eu = "Europe", us = "United States" }
[options.note]
type    = "textarea"
rows    = 3
columns = 60
"#;
    let source = EXAMPLE
        .replace("[properties]", &format!("{options}\n[properties]"))
        .replace("type_id = 1", "type_id = 1, all = \"{{ options }}\"");
    let definition = parse(&source);
    let options = &definition.options;
    assert_eq!(options["size_gb"].kind, OptionKind::Text { size: Some(5) });
    assert_eq!(options["size_gb"].label, "Size Gb");
    assert!(options["token"].secret);
    assert_eq!(options["backup"].default, Some(json!(true)));
    assert!(
        matches!(&options["region"].kind, OptionKind::Radio { choices } if choices["us"] == "United States")
    );
    assert_eq!(
        options["note"].kind,
        OptionKind::TextArea {
            rows: Some(3),
            columns: Some(60)
        }
    );
}

#[test]
fn the_scaffold_is_a_definition_without_a_warning() {
    let source = scaffold("skyguard").unwrap();
    let definition = parse(&source);
    assert_eq!(definition.service.name, "skyguard");
    assert_eq!(definition.service.title, "Skyguard");
    assert!(definition.safety().iter().all(|step| step.goes_on));
    let error = scaffold("Sky-Guard 2").unwrap_err();
    assert_eq!(error.suggestion.as_deref(), Some("skyguard2"));
    assert!(scaffold("").is_err());
    assert!(scaffold("42").is_err());
    assert!(scaffold("../x").is_err());
}

#[test]
fn the_schema_describes_every_key() {
    fn walk(schema: &serde_json::Value, path: &str, keys: &mut Vec<String>) {
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            assert!(schema["description"].is_string(), "{path}");
            walk(schema, &path, keys);
            walk(&schema["additionalProperties"], &format!("{path}.*"), keys);
            walk(&schema["items"], &format!("{path}[]"), keys);
            walk(&schema["anyOf"][0], &path, keys);
            walk(&schema["anyOf"][1], &path, keys);
            keys.push(path);
        }
    }
    let schema = json_schema();
    let mut keys = Vec::new();
    walk(&schema, "", &mut keys);
    assert!(keys.contains(&".resources.*.ready.within".to_owned()));
    assert!(keys.contains(&".operations.suspend.done_when".to_owned()));
    assert!(keys.contains(&".client_area.show[].copy".to_owned()));
    assert_eq!(schema["additionalProperties"], json!(false));
}
