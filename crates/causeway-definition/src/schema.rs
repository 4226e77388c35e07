//! The JSON Schema of a definition, for editors: made from the parser's own table of keys.

use serde_json::{Map, Value, json};

use crate::grammar::{self, Key, Keys, Shape};

/// The JSON Schema (draft 2020-12) of a definition.
pub fn json_schema() -> Value {
    let mut schema = table(&grammar::FILE);
    if let Some(fields) = schema.as_object_mut() {
        fields.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        fields.insert("title".to_owned(), json!("Causeway definition"));
    }
    schema
}

fn table(keys: &Keys) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| (key.name.to_owned(), described(key)))
        .collect();
    let required: Vec<&str> = keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if keys.get("get").is_some() {
        let one_method: Vec<Value> = grammar::METHODS
            .iter()
            .map(|method| json!({ "required": [method.name] }))
            .collect();
        schema["oneOf"] = Value::Array(one_method);
    }
    schema
}

fn described(key: &Key) -> Value {
    let mut schema = shape(key.shape);
    schema["description"] = json!(key.about);
    schema
}

fn shape(shape_of_key: Shape) -> Value {
    let text = json!({ "type": "string" });
    let table_of = |value: Value| json!({ "type": "object", "additionalProperties": value });
    match shape_of_key {
        Shape::Text | Shape::Template | Shape::Expression => text,
        Shape::Word(words) => json!({ "type": "string", "enum": words }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count => json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX }),
        Shape::Duration => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" }),
        Shape::Statuses => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": 100, "maximum": 599 },
        }),
        Shape::Texts => json!({ "type": "array", "items": text }),
        Shape::TextTable | Shape::TemplateTable | Shape::ExpressionTable => table_of(text),
        Shape::Body => json!({ "type": ["object", "array", "string"] }),
        Shape::Form => json!({ "type": "object" }),
        Shape::TextOrFlag => json!({ "type": ["string", "boolean"] }),
        Shape::Table(keys) => table(keys),
        Shape::Named(keys) => {
            let mut named = table_of(table(keys));
            named["propertyNames"] = json!({ "pattern": "^[a-z][a-z0-9_]*$" });
            named
        }
        Shape::List(keys) => json!({ "type": "array", "items": table(keys) }),
        Shape::OneOrList(keys) => json!({
            "anyOf": [table(keys), { "type": "array", "items": table(keys), "minItems": 1 }],
        }),
        Shape::ExpressionOrTable(keys) => json!({ "anyOf": [text, table(keys)] }),
    }
}
