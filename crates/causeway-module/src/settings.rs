//! `lib/Settings.php`: the product's own part of the module.

use askama::Template;
use causeway_definition::model::Property;
use causeway_definition::{Definition, OperationKind, OptionField, OptionKind};
use serde_json::Value;

use crate::gateway_address::GatewayAddress;
use crate::php::Php;

#[derive(Template)]
#[template(path = "settings.php.jinja", escape = "none")]
struct SettingsFile<'a> {
    namespace: &'a str,
    name: String,
    title: String,
    version: String,
    gateway: String,
    options: String,
    properties: String,
    secrets: String,
    shown: String,
    sign_on: bool,
    test_connection: bool,
}

pub(crate) fn settings_file(
    definition: &Definition,
    namespace: &str,
    gateway: &GatewayAddress,
    version: &str,
) -> askama::Result<String> {
    let constant = |value: Php| value.source(1);
    SettingsFile {
        namespace,
        name: constant(Php::text(&definition.service.name)),
        title: constant(Php::text(&definition.service.title)),
        version: constant(Php::text(version)),
        gateway: constant(Php::text(gateway.as_str())),
        options: constant(options(definition)),
        properties: constant(properties(definition)),
        secrets: constant(secrets(definition)),
        shown: constant(shown(definition)),
        sign_on: definition.offers(OperationKind::SingleSignOn),
        test_connection: definition.offers(OperationKind::TestConnection),
    }
    .render()
}

fn options(definition: &Definition) -> Php {
    Php::Map(
        definition
            .options
            .iter()
            .map(|(name, option)| (name.clone(), Php::Map(field(option))))
            .collect(),
    )
}

/// One field of the product form, in WHMCS's words.
fn field(option: &OptionField) -> Vec<(String, Php)> {
    let number = |value: Option<u32>, usual: u32| Php::text(value.unwrap_or(usual).to_string());
    let of_kind = match &option.kind {
        OptionKind::Text { size } => vec![("Type", Php::text("text")), ("Size", number(*size, 25))],
        OptionKind::Password { size } => {
            vec![("Type", Php::text("password")), ("Size", number(*size, 25))]
        }
        OptionKind::YesNo => vec![("Type", Php::text("yesno"))],
        OptionKind::Dropdown { choices } => vec![
            ("Type", Php::text("dropdown")),
            ("Options", choice_list(choices)),
        ],
        OptionKind::Radio { choices } => vec![
            ("Type", Php::text("radio")),
            ("Options", choice_list(choices)),
        ],
        OptionKind::TextArea { rows, columns } => {
            vec![
                ("Type", Php::text("textarea")),
                ("Rows", number(*rows, 3)),
                ("Cols", number(*columns, 60)),
            ]
        }
    };
    let mut field = vec![("FriendlyName", Php::text(&option.label))];
    field.extend(of_kind);
    if let Some(default) = option.default.as_ref().and_then(default_text) {
        field.push(("Default", Php::text(default)));
    }
    if let Some(description) = &option.description {
        field.push(("Description", Php::text(description)));
    }
    if option.simple_mode {
        field.push(("SimpleMode", Php::Bool(true)));
    }
    field
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn choice_list<'a>(choices: impl IntoIterator<Item = (&'a String, &'a String)>) -> Php {
    Php::Map(
        choices
            .into_iter()
            .map(|(value, label)| (value.clone(), Php::text(label)))
            .collect(),
    )
}

/// A ticked box is `on` in WHMCS, one that is not ticked has no value.
fn default_text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some("on".to_owned()),
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn properties(definition: &Definition) -> Php {
    let label = |property: &Property| Php::text(saved_label(definition, property));
    let entries = definition.properties.iter();
    Php::Map(
        entries
            .map(|(name, property)| (name.clone(), label(property)))
            .collect(),
    )
}

/// The custom field that WHMCS keeps the property in. "License Key" is set apart by the service's title: WHMCS puts a
/// property of that name into a core column and does not document into which, and it must not be the domain.
/// A `|` would end the field's name.
pub(crate) fn saved_label(definition: &Definition, property: &Property) -> String {
    let label = property.label.trim();
    let label = if label.eq_ignore_ascii_case("license key") {
        format!("{} {label}", definition.service.title)
    } else {
        label.to_owned()
    };
    label.replace('|', "/")
}

/// Secret names and labels: configurable options go by an option's label, custom fields by a property's.
fn secrets(definition: &Definition) -> Php {
    let options = definition.options.iter();
    let options = options
        .filter(|(_, option)| option.secret || matches!(option.kind, OptionKind::Password { .. }))
        .map(|(name, option)| [name.clone(), option.label.clone()]);
    let properties = definition.properties.iter();
    let properties = properties
        .filter(|(_, property)| property.secret)
        .map(|(name, property)| [name.clone(), saved_label(definition, property)]);
    Php::List(options.chain(properties).flatten().map(Php::Text).collect())
}

/// Lines of the customer's page that consist of one property, and so can be shown without the gateway.
fn shown(definition: &Definition) -> Php {
    let lines = definition.client_area.show.iter().filter_map(|line| {
        let property = line
            .value
            .single_name()
            .filter(|name| definition.properties.contains_key(*name))?;
        Some(Php::Map(vec![
            ("label".to_owned(), Php::text(&line.label)),
            ("property".to_owned(), Php::text(property)),
            ("copy".to_owned(), Php::Bool(line.copy)),
        ]))
    });
    Php::List(lines.collect())
}
