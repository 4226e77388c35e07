//! What is remembered of a resource.

use causeway_definition::{EvaluationError, Expression, Names, Resource};
use indexmap::IndexMap;
use serde_json::Value;

use crate::machine::{Machine, identity};
use crate::message;
use crate::store::Origin;

impl Machine<'_> {
    /// The names that an expression over a vendor's item sees; made once for all that is asked of it.
    pub(super) fn names_of(&self, item: &Value) -> Names {
        Names::of_item(item, &self.names())
    }

    /// Whether an item is the one that is known: an answer whose identifier is another one, or none,
    /// is not about it, whatever its address said.
    pub(super) fn is_the_known_one(&self, resource: &Resource, item: &Names) -> bool {
        let known = self.held(resource).map(|held| identity("", held));
        let shown = identity_of(resource, item);
        shown.is_ok_and(|shown| known == Some(identity("", &shown)))
    }

    /// Remembers what the definition keeps of an item; the first value that is missing is returned,
    /// and what was known of it stays.
    pub(super) fn keep(&mut self, resource: &Resource, item: &Names) -> Option<EvaluationError> {
        let mut missing = None;
        for (name, expression) in &resource.keep {
            match kept_value(expression, item) {
                Ok(value) => {
                    if self.run.service.properties.get(name) != Some(&value) {
                        self.run.service.properties.insert(name.clone(), value);
                        self.service_changed();
                    }
                }
                Err(error) => {
                    missing.get_or_insert(error);
                }
            }
        }
        missing
    }

    /// Notes, for the next commit, that the item with this identifier belongs to this service alone.
    pub(super) fn claim_item(&mut self, resource: &Resource, value: &Value, origin: Origin) {
        if !resource.is_shared() {
            self.claim(identity(&self.step_name(), value), origin);
        }
    }

    /// Notes the secret properties of an item, before the answer that brought it is written down.
    pub(crate) fn note_secrets(&mut self, keep: &IndexMap<String, Expression>, item: &Value) {
        let is_secret = |name: &str| {
            let property = self.definition.properties.get(name);
            property.is_some_and(|property| property.secret)
        };
        let secret: Vec<&Expression> = keep
            .iter()
            .filter(|(name, _)| is_secret(name))
            .map(|(_, expression)| expression)
            .collect();
        if secret.is_empty() {
            return;
        }
        let names = self.names_of(item);
        for value in secret
            .into_iter()
            .filter_map(|expression| expression.evaluate(&names).ok())
        {
            if !value.is_null() {
                self.run.secrets.add_value(&value);
            }
        }
    }

    pub(super) fn item_words(&self, resource: &Resource, item: &Value) -> String {
        let name = resource.identity().unwrap_or("id");
        match identity_of(resource, &self.names_of(item)) {
            Ok(value) => words(name, &value),
            Err(_) => format!("one without {name}"),
        }
    }

    pub(super) fn last_reason(&self) -> String {
        if self.run.tries.reason.is_empty() {
            "an earlier request was sent, and its answer was never recorded".to_owned()
        } else {
            self.run.tries.reason.clone()
        }
    }
}

/// What identifies an item: the first value that is kept of it.
pub(super) fn identity_of(resource: &Resource, item: &Names) -> Result<Value, EvaluationError> {
    match resource.keep.first() {
        Some((_, expression)) => kept_value(expression, item),
        None => Err(missing_value("keep")),
    }
}

/// Whether an item lacks something that is to be kept of it.
pub(super) fn is_incomplete(resource: &Resource, item: &Names) -> bool {
    let mut kept = resource.keep.values();
    kept.any(|expression| kept_value(expression, item).is_err())
}

/// A value to be remembered: a text, a number or a truth value. A list or a table in its place is
/// another shape than the definition tells of.
fn kept_value(expression: &Expression, names: &Names) -> Result<Value, EvaluationError> {
    match expression.evaluate(names)? {
        Value::Null => Err(missing_value(expression.source())),
        Value::Array(_) | Value::Object(_) => Err(EvaluationError::Undefined {
            expression: expression.source().to_owned(),
            reason: "the answer has a list or a table there".to_owned(),
        }),
        value => Ok(value),
    }
}

fn missing_value(expression: &str) -> EvaluationError {
    EvaluationError::Undefined {
        expression: expression.to_owned(),
        reason: "the answer has none".to_owned(),
    }
}

/// An identifier in a message.
pub(super) fn words(name: &str, value: &Value) -> String {
    let value = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    format!("{name} {}", message::readable(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_a_short_piece_of_one_line() {
        let said = words("id", &Value::from("7\r\n2026 INFO all is well\u{1b}[2J"));
        assert_eq!(said, "id 7  2026 INFO all is well [2J");
        assert!(words("id", &Value::from("x".repeat(9_000))).len() < 200);
        assert_eq!(words("id", &Value::from(7)), "id 7");
    }
}
