//! The definition that a vendor's engineer starts from.

use thiserror::Error;

use crate::parse::module_name_from;

const START: &str = include_str!("scaffold.toml");

/// A name that WHMCS could not load a module under.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{name:?} cannot be the name of a WHMCS module: lower-case letters and digits, starting with a letter, at most 32{}",
    suggestion.as_ref().map(|name| format!("; for example {name:?}")).unwrap_or_default()
)]
pub struct BadName {
    /// The name as given.
    pub name: String,
    /// A name near to it that would do.
    pub suggestion: Option<String>,
}

/// The text of a commented definition to start from; `name` is the module's name.
///
/// # Errors
/// [`BadName`], with a name that would do.
pub fn scaffold(name: &str) -> Result<String, BadName> {
    let suggestion = module_name_from(name);
    if suggestion.as_deref() != Some(name) {
        return Err(BadName {
            name: name.to_owned(),
            suggestion,
        });
    }
    let (first, rest) = name.split_at(1);
    let title = first.to_ascii_uppercase() + rest;
    Ok(START.replace("__NAME__", name).replace("__TITLE__", &title))
}
