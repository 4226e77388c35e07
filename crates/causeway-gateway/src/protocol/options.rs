//! From the texts of a product form to the values that templates see.

use causeway_definition::{Definition, OperationKind, OptionField, OptionKind};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use thiserror::Error;

use super::text::Text;

/// An option whose value cannot be used. Never shows the value of a secret one.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum UnfitOption {
    /// It is none of the choices.
    #[error(
        "the option `{name}` ({label}) is \"{value}\", which is none of its choices: {choices}; choose one in the product's settings"
    )]
    NoSuchChoice {
        name: String,
        label: String,
        value: String,
        choices: String,
    },
    /// It is empty, and there is no default.
    #[error(
        "the option `{name}` ({label}) has no value; choose one of {choices} in the product's settings"
    )]
    NotChosen {
        name: String,
        label: String,
        choices: String,
    },
    /// It is neither on nor off.
    #[error(
        "the option `{name}` ({label}) is \"{value}\", and it can only be \"on\" or empty; set it in the product's settings"
    )]
    NeitherOnNorOff {
        name: String,
        label: String,
        value: String,
    },
}

/// The definition's options with the values of this call. What the customer chose counts before what
/// the product says, and that before the default. Options that the definition does not know are left
/// out: the module may have been made from an older one.
///
/// # Errors
/// When a value is none of the option's choices and the operation buys something. A service whose
/// plan is sold no longer can still be suspended and terminated.
pub(super) fn values(
    definition: &Definition,
    kind: OperationKind,
    given: &IndexMap<String, Text>,
    chosen: &IndexMap<String, Text>,
) -> Result<Map<String, Value>, UnfitOption> {
    for name in given
        .keys()
        .filter(|name| !definition.options.contains_key(*name))
    {
        tracing::debug!(
            option = name,
            "the definition does not know this option; the module may be older"
        );
    }
    let buys = matches!(kind, OperationKind::Create | OperationKind::ChangePackage);
    definition
        .options
        .iter()
        .map(|(name, field)| {
            let text = chosen_for(name, field, chosen)
                .or_else(|| given.get(name).map(|text| text.0.as_str()));
            let value = match value(name, field, text) {
                Err(_) if !buys => Value::String(text.unwrap_or_default().to_owned()),
                value => value?,
            };
            Ok((name.clone(), value))
        })
        .collect()
}

/// The customer's choice for the option: a configurable option with its name or its label. WHMCS
/// takes `plan|Plan` as a name for programs and one for people; either counts.
fn chosen_for<'a>(
    name: &str,
    field: &OptionField,
    chosen: &'a IndexMap<String, Text>,
) -> Option<&'a str> {
    let called = |wanted: &str| {
        chosen
            .iter()
            .find(|(given, _)| parts(given).any(|part| same(part, wanted)))
    };
    let (_, text) = called(name).or_else(|| called(&field.label))?;
    let unticked = matches!(field.kind, OptionKind::YesNo);
    (unticked || !text.0.trim().is_empty()).then_some(text.0.as_str())
}

fn value(name: &str, field: &OptionField, text: Option<&str>) -> Result<Value, UnfitOption> {
    let default = || field.default.clone();
    match &field.kind {
        OptionKind::YesNo => match text {
            None => Ok(default().unwrap_or(Value::Bool(false))),
            Some(text) => {
                yes_or_no(text)
                    .map(Value::Bool)
                    .ok_or_else(|| UnfitOption::NeitherOnNorOff {
                        name: name.to_owned(),
                        label: field.label.clone(),
                        value: shown(field, text),
                    })
            }
        },
        OptionKind::Dropdown { choices } | OptionKind::Radio { choices } => {
            match text.filter(|text| !text.trim().is_empty()) {
                None => default().ok_or_else(|| UnfitOption::NotChosen {
                    name: name.to_owned(),
                    label: field.label.clone(),
                    choices: listed(choices),
                }),
                Some(text) => choice(choices, text)
                    .map(|choice| Value::String(choice.to_owned()))
                    .ok_or_else(|| UnfitOption::NoSuchChoice {
                        name: name.to_owned(),
                        label: field.label.clone(),
                        value: shown(field, text),
                        choices: listed(choices),
                    }),
            }
        }
        OptionKind::Text { .. } | OptionKind::Password { .. } | OptionKind::TextArea { .. } => {
            Ok(match text.filter(|text| !text.is_empty()) {
                Some(text) => Value::String(text.to_owned()),
                None => default().unwrap_or_else(|| Value::String(String::new())),
            })
        }
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "on" | "1" | "true" | "yes" => Some(true),
        "" | "off" | "0" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// The choice that the text names: by its value, else by its label.
fn choice<'a>(choices: &'a IndexMap<String, String>, text: &str) -> Option<&'a str> {
    let by_value = choices
        .keys()
        .find(|value| parts(text).any(|part| part == *value));
    let by_label = || {
        choices
            .iter()
            .find(|(_, label)| parts(text).any(|part| same(part, label)))
            .map(|(value, _)| value)
    };
    by_value.or_else(by_label).map(String::as_str)
}

/// The whole text, and its parts on both sides of a `|`.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let (first, second) = text.split_once('|').unzip();
    std::iter::once(text)
        .chain(first)
        .chain(second)
        .map(str::trim)
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.trim().to_lowercase()
}

fn shown(field: &OptionField, text: &str) -> String {
    const LONGEST: usize = 80;
    if field.secret {
        return "***".to_owned();
    }
    text.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}

fn listed(choices: &IndexMap<String, String>) -> String {
    choices
        .keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use serde_json::json;

    use super::*;

    fn definition() -> Definition {
        let source = include_str!("../../../../examples/shieldpress.toml").replace(
            "[options.plan]",
            "[options.backups]\nlabel = \"Daily backups\"\ntype = \"yesno\"\n[options.site]\nlabel = \"Site\"\n[options.region]\nlabel = \"Region\"\nchoices = { \"1\" = \"Europe\", \"2\" = \"Asia\" }\n[options.plan]",
        );
        Definition::parse(&source).unwrap().0
    }

    fn texts(pairs: &[(&str, &str)]) -> IndexMap<String, Text> {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Text((*text).to_owned())))
            .collect()
    }

    fn bought(given: &[(&str, &str)], chosen: &[(&str, &str)]) -> Result<Value, UnfitOption> {
        let given = texts(given);
        values(&definition(), OperationKind::Create, &given, &texts(chosen)).map(Value::Object)
    }

    #[test]
    fn reads_the_form_by_the_kinds_of_its_fields() {
        let values = bought(
            &[
                ("backups", "on"),
                ("site", "007"),
                ("region", "2"),
                ("plan", "pro"),
            ],
            &[],
        );
        let expected = json!({"backups": true, "site": "007", "region": "2", "plan": "pro"});
        assert_eq!(values.unwrap(), expected);
    }

    #[test]
    fn what_is_missing_or_empty_has_its_default() {
        let values = bought(&[("region", "1"), ("plan", "")], &[]);
        let expected = json!({"backups": false, "site": "", "region": "1", "plan": "basic"});
        assert_eq!(values.unwrap(), expected);
    }

    #[test]
    fn the_customers_choice_counts_by_name_or_label_and_by_value_or_label() {
        for chosen in [
            ("plan", "business"),
            ("Plan", "Business"),
            ("PLAN", "business|Business"),
            ("tier|plan", "BUSINESS"),
            ("plan|Your plan", "business"),
        ] {
            let values = bought(&[("region", "1"), ("plan", "pro")], &[chosen]);
            assert_eq!(values.unwrap()["plan"], "business", "{chosen:?}");
        }
        let values = bought(
            &[("region", "1"), ("backups", "on")],
            &[("Region", "Asia"), ("daily BACKUPS", ""), ("plan", "")],
        );
        let expected = json!({"backups": false, "site": "", "region": "2", "plan": "basic"});
        assert_eq!(values.unwrap(), expected);
    }

    #[test]
    fn what_is_none_of_the_choices_names_them() {
        let error = bought(&[("region", "1"), ("plan", "gold")], &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`plan`") && error.contains("\"gold\""),
            "{error}"
        );
        assert!(error.contains("basic, pro, business"), "{error}");
        let error = bought(&[], &[]).unwrap_err().to_string();
        assert!(
            error.contains("`region`") && error.contains("1, 2"),
            "{error}"
        );
        let error = bought(&[("region", "1"), ("backups", "maybe")], &[]).unwrap_err();
        assert!(error.to_string().contains("maybe"), "{error}");
    }

    #[test]
    fn a_plan_that_is_sold_no_longer_can_be_terminated() {
        let given = texts(&[("plan", "gold")]);
        let values = values(&definition(), OperationKind::Terminate, &given, &texts(&[])).unwrap();
        assert_eq!(values["plan"], "gold");
    }

    #[test]
    fn options_of_an_older_module_are_left_out() {
        let values = bought(&[("region", "1"), ("colour", "red")], &[]).unwrap();
        assert!(values.get("colour").is_none());
    }
}
