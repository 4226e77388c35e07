//! A draft as TOML, as somebody would write it by hand.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::scripted_vendor::Place;

use super::collections::Item;
use super::draft::{Draft, DraftAuth, DraftBody, DraftCollection, DraftRoute, Parameter};

/// The text of the file, under a few lines of comment.
pub(super) fn written(draft: &Draft, comment: &str) -> String {
    let mut text = String::new();
    for line in comment.lines() {
        let _ = writeln!(text, "# {line}");
    }
    text.push('\n');
    let mut top = Table::default();
    top.put("title", &Value::from(draft.title.as_str()));
    top.put_list("hosts", &draft.hosts);
    if !draft.prefix.is_empty() {
        top.put("prefix", &Value::from(draft.prefix.as_str()));
    }
    top.put_some("idempotency", draft.idempotency.as_deref());
    top.end(&mut text);
    if let Some(auth) = &draft.auth {
        text.push_str("\n[auth]\n");
        auth_table(auth).end(&mut text);
    }
    if let Some(body) = &draft.error {
        text.push_str("\n[error]\n");
        let mut table = Table::default();
        table.put("body", body);
        table.end(&mut text);
    }
    for route in &draft.routes {
        text.push_str("\n[[routes]]\n");
        route_table(route, "body").end(&mut text);
    }
    for collection in &draft.collections {
        let _ = writeln!(text, "\n[collections.{}]", key(&collection.name));
        collection_table(collection).end(&mut text);
        for action in &collection.actions {
            let _ = writeln!(text, "\n[[collections.{}.actions]]", key(&collection.name));
            route_table(action, "answer").end(&mut text);
        }
    }
    text
}

fn auth_table(auth: &DraftAuth) -> Table {
    let mut table = Table::default();
    match auth {
        DraftAuth::Header { name, value } => {
            table.put("header", &Value::from(name.as_str()));
            table.put("value", &Value::from(value.as_str()));
        }
        DraftAuth::Query { name } => table.put("query", &Value::from(name.as_str())),
        DraftAuth::Basic => table.put("basic", &Value::Bool(true)),
        DraftAuth::Needs(parameters) => table.put("needs", &by_place(parameters)),
    }
    table
}

fn route_table(route: &DraftRoute, body_key: &str) -> Table {
    let mut table = Table::default();
    table.put(
        &route.method.to_ascii_lowercase(),
        &Value::from(route.path.as_str()),
    );
    table.put_some("host", route.host.as_deref());
    if !route.when.is_empty() {
        table.put("when", &by_place(&route.when));
    }
    if route.is_open {
        table.put("open", &Value::Bool(true));
    }
    if let Some((deed, collection)) = &route.deed {
        table.put(deed, &Value::from(collection.as_str()));
    }
    if !route.set.is_empty() {
        table.put("set", &Value::Object(route.set.clone()));
    }
    if let Some(status) = route.status {
        table.put("status", &Value::from(status));
    }
    match &route.body {
        DraftBody::Own => {}
        DraftBody::Json(body) => table.put(body_key, body),
        DraftBody::Text { content_type, text } => {
            table.put("text", &Value::from(text.as_str()));
            table.put("content_type", &Value::from(content_type.as_str()));
        }
    }
    table
}

fn collection_table(collection: &DraftCollection) -> Table {
    let mut table = Table::default();
    table.put("path", &Value::from(collection.path.as_str()));
    table.put_some("id", collection.id.as_deref());
    if collection.id_field != "id" {
        table.put("id_field", &Value::from(collection.id_field.as_str()));
    }
    if !collection.fields.is_empty() {
        table.put("fields", &Value::Object(collection.fields.clone()));
    }
    table.put_list("required", &collection.required);
    table.put_list("unique", &collection.unique);
    table.put_list("hidden", &collection.hidden);
    table.put_some("wrap", collection.wrap.as_deref());
    if collection.wrap_list != collection.wrap {
        table.put_some("wrap_list", collection.wrap_list.as_deref());
    }
    table.put_list("filters", &collection.filters);
    if let Some(gone) = collection.gone {
        table.put("gone", &Value::from(gone));
    }
    table
}

fn by_place(parameters: &[Parameter]) -> Value {
    let mut places = Map::new();
    for Parameter { place, name, value } in parameters {
        let values = places
            .entry(Place::name(*place))
            .or_insert_with(|| Value::Object(Item::new()));
        if let Value::Object(values) = values {
            values.insert(name.clone(), value.clone());
        }
    }
    Value::Object(places)
}

/// Lines of `key = value`.
#[derive(Default)]
struct Table(String);

impl Table {
    fn put(&mut self, name: &str, value: &Value) {
        let _ = writeln!(self.0, "{} = {}", key(name), inline(value));
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, &Value::from(value));
        }
    }

    fn put_list(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            self.put(name, &values.iter().map(String::as_str).collect());
        }
    }

    fn end(self, text: &mut String) {
        text.push_str(&self.0);
    }
}

fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare {
        name.to_owned()
    } else {
        string(name)
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, field)| format!("{} = {}", key(name), inline(field)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        // The analysis has written a template in its place.
        Value::Null => string("{{ none }}"),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// JSON's escapes are TOML's; DEL alone is JSON's to leave as it is.
fn string(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
