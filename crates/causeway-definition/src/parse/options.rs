//! `[options]` and `[properties]`: what staff choose, and how kept values are shown to them.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Value;

use super::reader::{Entry, Node, Reader, Table};
use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::grammar;
use crate::model::{OptionField, OptionKind, Property};

/// WHMCS numbers the fields of its product form from 1 to 24.
const MOST_OPTIONS: usize = 24;

pub(super) fn options<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
) -> IndexMap<String, OptionField> {
    let mut options = IndexMap::new();
    let entries = reader.named(node, "[options]");
    if let Some(first_too_many) = entries.get(MOST_OPTIONS) {
        reader.note(
            Diagnostic::error(
                "causeway::too_many_options",
                first_too_many.name_span.clone(),
                format!("{} options, and WHMCS knows 24", entries.len()),
            )
            .label("the 25th")
            .help("WHMCS numbers them configoption1 to configoption24; put what never changes into the request itself"),
        );
    }
    for entry in entries {
        if is_name(reader, &entry, "an option")
            && let Some(option) = option(reader, &entry)
        {
            options.insert(entry.name.to_owned(), option);
        }
    }
    options
}

/// Whether the name can stand in expressions; notes it where it cannot.
pub(super) fn is_name(reader: &mut Reader<'_>, entry: &Entry<'_>, what: &str) -> bool {
    let good = entry.name.starts_with(|c: char| c.is_ascii_lowercase())
        && entry
            .name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !good {
        reader.note(
            Diagnostic::error(
                "causeway::bad_name",
                entry.name_span.clone(),
                format!("`{}` cannot be the name of {what}", entry.name),
            )
            .label("lower-case letters, digits and _, starting with a letter")
            .help("expressions use this name; people read the label"),
        );
    }
    good
}

fn option<'a>(reader: &mut Reader<'a>, entry: &Entry<'a>) -> Option<OptionField> {
    let title = format!("[options.{}]", entry.name);
    let table = reader.table(entry.node, title, entry.name_span.clone(), &grammar::OPTION)?;
    let choices = table.text_table(reader, "choices");
    let written = table.text(reader, "type");
    let type_name = match &written {
        Some(text) if grammar::OPTION_TYPES.contains(&text.value) => text.value,
        Some(text) => {
            let near = suggest::nearest(text.value, grammar::OPTION_TYPES.iter().copied());
            reader.note(
                Diagnostic::error(
                    "causeway::unknown_type",
                    text.span.clone(),
                    format!("there is no type {:?}", text.value),
                )
                .label("unknown type")
                .help(near.map_or_else(
                    || format!("known are {}", grammar::OPTION_TYPES.join(", ")),
                    |near| format!("did you mean \"{near}\"?"),
                )),
            );
            return None;
        }
        None if choices.is_some() => "dropdown",
        None => "text",
    };
    let size = table.count(reader, "size");
    let rows = table.count(reader, "rows");
    let columns = table.count(reader, "columns");
    let fitting: &[&str] = match type_name {
        "dropdown" | "radio" => &["choices"],
        "textarea" => &["rows", "columns"],
        "yesno" => &[],
        _ => &["size"],
    };
    for key in ["choices", "size", "rows", "columns"] {
        if let Some(span) = table.key_span(key)
            && !fitting.contains(&key)
        {
            reader.note(
                Diagnostic::error(
                    "causeway::key_does_not_fit",
                    span,
                    format!("`{key}` has no meaning for a {type_name} option"),
                )
                .label("does not fit the type"),
            );
        }
    }
    let choices: IndexMap<String, String> = choices
        .unwrap_or_default()
        .into_iter()
        .map(|(value, label)| (value.to_owned(), label.value.to_owned()))
        .collect();
    let is_list = table
        .get("choices")
        .is_some_and(|node| !node.get_ref().is_table());
    if matches!(type_name, "dropdown" | "radio") && choices.is_empty() && !is_list {
        reader.note(
            Diagnostic::error(
                "causeway::no_choices",
                table.key_span("choices").unwrap_or(entry.name_span.clone()),
                format!("{} offers nothing to choose", table.title),
            )
            .label("no choices")
            .help("choices = { basic = \"Basic\", pro = \"Professional\" }"),
        );
    }
    let kind = match type_name {
        "password" => OptionKind::Password { size },
        "yesno" => OptionKind::YesNo,
        "dropdown" => OptionKind::Dropdown { choices },
        "radio" => OptionKind::Radio { choices },
        "textarea" => OptionKind::TextArea { rows, columns },
        _ => OptionKind::Text { size },
    };
    let is_password = matches!(kind, OptionKind::Password { .. });
    Some(OptionField {
        label: table
            .string(reader, "label")
            .unwrap_or_else(|| label_from(entry.name)),
        description: table.string(reader, "description"),
        default: default_value(reader, &table, &kind),
        secret: table.flag(reader, "secret").unwrap_or(false) || is_password,
        simple_mode: table.flag(reader, "simple_mode").unwrap_or(true),
        kind,
    })
}

fn default_value<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    kind: &OptionKind,
) -> Option<Value> {
    let node = table.get("default")?;
    if *kind == OptionKind::YesNo {
        return table.flag(reader, "default").map(Value::Bool);
    }
    let text = table.text(reader, "default")?;
    if let OptionKind::Dropdown { choices } | OptionKind::Radio { choices } = kind
        && !choices.contains_key(text.value)
        && !choices.is_empty()
    {
        let known: Vec<_> = choices.keys().map(|value| format!("\"{value}\"")).collect();
        let near = suggest::nearest(text.value, choices.keys().map(String::as_str))
            .map(|near| format!("did you mean \"{near}\"?"));
        reader.note(
            Diagnostic::error(
                "causeway::default_not_a_choice",
                node.span(),
                format!("{:?} is not one of the choices", text.value),
            )
            .label("not a choice")
            .help(near.unwrap_or_else(|| format!("the choices are {}", known.join(", ")))),
        );
        return None;
    }
    Some(Value::from(text.value))
}

/// The properties, each with its label: one entry for every kept name, in the order of the file.
pub(super) fn properties<'a>(
    reader: &mut Reader<'a>,
    node: Option<Node<'a>>,
    kept: &IndexMap<String, Range<usize>>,
) -> IndexMap<String, Property> {
    let mut properties: IndexMap<String, Property> = kept
        .keys()
        .map(|name| {
            let property = Property {
                label: label_from(name),
                secret: false,
            };
            (name.clone(), property)
        })
        .collect();
    let mut places = kept.clone();
    for entry in node
        .map(|node| reader.named(node, "[properties]"))
        .unwrap_or_default()
    {
        let title = format!("[properties] {}", entry.name);
        let table = reader.table(
            entry.node,
            title,
            entry.name_span.clone(),
            &grammar::PROPERTY,
        );
        let Some(property) = properties.get_mut(entry.name) else {
            reader.note(never_kept(&entry, kept));
            continue;
        };
        let Some(table) = table else { continue };
        if let Some(label) = table.text(reader, "label") {
            property.label = label.value.to_owned();
            places.insert(entry.name.to_owned(), label.span);
        }
        property.secret = table.flag(reader, "secret").unwrap_or(false);
    }
    refuse_equal_labels(reader, &properties, &places);
    properties
}

fn never_kept(entry: &Entry<'_>, kept: &IndexMap<String, Range<usize>>) -> Diagnostic {
    let near = suggest::nearest(entry.name, kept.keys().map(String::as_str));
    Diagnostic::error(
        "causeway::property_never_kept",
        entry.name_span.clone(),
        format!("nothing keeps `{}`", entry.name),
    )
    .label("never kept")
    .help(near.map_or_else(
        || "a property is what `keep` of a resource or of a call names".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}

/// WHMCS finds a kept value by its label, whatever its case.
fn refuse_equal_labels(
    reader: &mut Reader<'_>,
    properties: &IndexMap<String, Property>,
    places: &IndexMap<String, Range<usize>>,
) {
    let mut seen: IndexMap<String, &str> = IndexMap::new();
    for (name, property) in properties {
        let label = property.label.trim().to_lowercase();
        if let Some(first) = seen.get(&label) {
            reader.note(
                Diagnostic::error(
                    "causeway::label_used_twice",
                    places[name].clone(),
                    format!(
                        "`{first}` and `{name}` have the same label, {:?}",
                        property.label
                    ),
                )
                .label("the same label")
                .also(places[*first].clone(), "first here")
                .help("WHMCS finds kept values by their label; give each its own in [properties]"),
            );
        } else {
            seen.insert(label, name);
        }
    }
}

/// A label from a name: `license_key` is "License Key", `service_id` is "Service ID".
fn label_from(name: &str) -> String {
    const ACRONYMS: &[&str] = &["id", "url", "ip", "api", "ssl", "dns"];
    let words: Vec<String> = name
        .split('_')
        .filter(|word| !word.is_empty())
        .map(|word| {
            if ACRONYMS.contains(&word) {
                return word.to_ascii_uppercase();
            }
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect();
    words.join(" ")
}
