//! The pages' templates, in the program itself. Everything that is put into one is escaped.

use std::sync::LazyLock;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::fault_proxy::Fault;

#[derive(RustEmbed)]
#[folder = "templates/sandbox/pages/"]
struct Templates;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_global("faults", of(choices_of_faults()));
    environment.set_loader(|name| {
        let Some(file) = Templates::get(name) else {
            return Ok(None);
        };
        let text = String::from_utf8(file.data.into_owned())
            .map_err(|error| Error::new(ErrorKind::BadEscape, error.to_string()))?;
        Ok(Some(text))
    });
    environment
});

/// A choice of a form.
#[derive(Serialize)]
struct Choice {
    value: &'static str,
    label: &'static str,
}

/// Those that a way without TLS can have.
fn choices_of_faults() -> Vec<Choice> {
    Fault::ALL
        .into_iter()
        .filter(|fault| !fault.needs_tls())
        .map(|fault| Choice {
            value: fault.name(),
            label: fault.description(),
        })
        .collect()
}

/// A value for a template, by its fields.
pub fn of<T: Serialize>(value: T) -> Value {
    Value::from(Serde(value))
}

/// Fills a template in.
pub fn render(name: &str, values: &Value) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(values)
}
