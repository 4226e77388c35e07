//! The module's options of the product, chosen as a provider who takes what is proposed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::settings::ModuleTestSettings;
use crate::emulator::answers::{FormField, ProductForm};

/// What a provider enters where the module proposes nothing: fits a number and a name.
const ANYTHING: &str = "1";

/// The options of the product, `configoption1` to its value.
#[derive(Debug, Clone, Default)]
pub struct ProductOptions {
    /// With which it is bought.
    pub first: BTreeMap<String, String>,
    /// To which staff change it before they press Change Package.
    pub upgrade: BTreeMap<String, String>,
}

impl ProductOptions {
    /// What the form proposes, and over it what the settings say.
    pub fn of(form: &ProductForm, settings: &ModuleTestSettings) -> Self {
        let mut first: BTreeMap<String, String> = form
            .fields
            .iter()
            .map(|field| (field.key.clone(), proposed(field)))
            .collect();
        first.extend(by_key(&settings.options));
        let mut upgrade = first.clone();
        if let Some((key, other)) = form.fields.iter().find_map(|field| another(field, &first)) {
            upgrade.insert(key, other);
        }
        upgrade.extend(by_key(&settings.upgrade_options));
        Self { first, upgrade }
    }
}

fn by_key(options: &BTreeMap<u8, String>) -> impl Iterator<Item = (String, String)> {
    let keyed = |(number, value): (&u8, &String)| (format!("configoption{number}"), value.clone());
    options.iter().map(keyed)
}

fn proposed(field: &FormField) -> String {
    let definition = &field.definition;
    let default = text(&definition["Default"]);
    let kind = text(&definition["Type"]).to_ascii_lowercase();
    let first_choice = field.choices.keys().next();
    match (kind.as_str(), first_choice) {
        (_, Some(first)) if !field.choices.contains_key(&default) => first.clone(),
        ("yesno", _) => match default.as_str() {
            "on" | "yes" | "1" => "on".to_owned(),
            _ => String::new(),
        },
        _ if default.is_empty() => ANYTHING.to_owned(),
        _ => default,
    }
}

/// Another choice of this field than that of the first product.
fn another(field: &FormField, first: &BTreeMap<String, String>) -> Option<(String, String)> {
    let taken = first.get(&field.key);
    let other = field.choices.keys().find(|choice| Some(*choice) != taken)?;
    Some((field.key.clone(), other.clone()))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}
