//! `INSTALL.md`: the provider's five minutes.

use askama::Template;
use causeway_definition::{Definition, OperationKind, OptionField, OptionKind};

use crate::gateway_address::GatewayAddress;
use crate::settings::saved_label;

#[derive(Template)]
#[template(path = "install.md.jinja", escape = "none")]
struct Instructions<'a> {
    name: &'a str,
    title: String,
    gateway: &'a str,
    gateway_host: &'a str,
    options: Vec<OptionLine>,
    properties: String,
    offered: String,
    shown: String,
    refresh: bool,
    support: Option<&'a str>,
}

struct OptionLine {
    label: String,
    explanation: String,
}

pub(crate) fn instructions(
    definition: &Definition,
    gateway: &GatewayAddress,
) -> askama::Result<String> {
    let properties: Vec<String> = definition
        .properties
        .values()
        .map(|property| prose(&saved_label(definition, property)))
        .collect();
    Instructions {
        name: &definition.service.name,
        title: prose(&definition.service.title),
        gateway: gateway.as_str(),
        gateway_host: gateway.host(),
        options: definition.options.values().map(option_line).collect(),
        properties: properties.join(", "),
        offered: offered(definition).join(", "),
        shown: shown(definition),
        refresh: definition.offers(OperationKind::Refresh),
        support: definition.service.support.as_deref(),
    }
    .render()
}

fn option_line(option: &OptionField) -> OptionLine {
    let kind = match &option.kind {
        OptionKind::Text { .. } => default_text(option),
        OptionKind::Password { .. } => "a text that is not shown".to_owned(),
        OptionKind::YesNo => "tick it or leave it".to_owned(),
        OptionKind::TextArea { .. } => "several lines of text".to_owned(),
        OptionKind::Dropdown { choices } | OptionKind::Radio { choices } => {
            let labels: Vec<String> = choices.values().map(|label| prose(label)).collect();
            format!("one of {}", labels.join(", "))
        }
    };
    let explanation = match &option.description {
        Some(description) => format!("{kind}. {}", prose(description)),
        None => kind,
    };
    OptionLine {
        label: prose(&option.label),
        explanation,
    }
}

fn default_text(option: &OptionField) -> String {
    match option.default.as_ref().and_then(|default| default.as_str()) {
        Some(default) => format!("a text, for instance {}", prose(default)),
        None => "a text".to_owned(),
    }
}

fn offered(definition: &Definition) -> Vec<&'static str> {
    let words = |kind| match kind {
        OperationKind::Create => "create",
        OperationKind::Suspend => "suspend",
        OperationKind::Unsuspend => "unsuspend",
        OperationKind::Terminate => "terminate",
        OperationKind::Renew => "renew",
        OperationKind::ChangePackage => "change package (upgrades and downgrades)",
        OperationKind::ChangePassword => "change password",
        OperationKind::TestConnection => "test connection",
        OperationKind::SingleSignOn => "log the customer in",
        OperationKind::Refresh => "refresh from vendor",
    };
    OperationKind::ALL
        .into_iter()
        .filter(|kind| definition.offers(*kind))
        .map(words)
        .collect()
}

fn shown(definition: &Definition) -> String {
    let mut parts: Vec<String> = definition
        .client_area
        .show
        .iter()
        .map(|line| prose(&line.label))
        .collect();
    if definition.client_area.dashboard.is_some() {
        parts.push("a button to the dashboard".to_owned());
    }
    if definition.offers(OperationKind::SingleSignOn) {
        parts.push("a button that logs in".to_owned());
    }
    if parts.is_empty() {
        "nothing of its own".to_owned()
    } else {
        parts.join(", ")
    }
}

/// A text inside a Markdown line: one line, and every letter stands for itself.
fn prose(text: &str) -> String {
    let mut line = String::new();
    for letter in text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        if "\\`*_[]<>|#&".contains(letter) {
            line.push('\\');
        }
        line.push(letter);
    }
    line
}
