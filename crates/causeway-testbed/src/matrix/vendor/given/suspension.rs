//! How a vendor's API says that a service is suspended. No definition says it, so it is learnt from a
//! suspend that nothing disturbed: a field that held one word before it, and holds another one after.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::matrix::vendor::{ExpectedAtVendor, as_text};

/// A field, and what it holds while a service is suspended.
#[derive(Debug, Clone, PartialEq)]
struct Sign {
    resource: String,
    /// The names of the fields that lead to it.
    field: Vec<String>,
    suspended: Value,
}

/// What is known of it.
#[derive(Debug, Default)]
pub struct Suspension {
    signs: Mutex<Vec<Sign>>,
}

impl Suspension {
    /// Learns from what one resource's item shows while its service is suspended, and while it is not.
    pub fn learn(&self, resource: &str, suspended: &Value, active: &Value) {
        let mut fields = Vec::new();
        differing(&mut Vec::new(), suspended, active, &mut fields);
        let mut signs = self.lock();
        for (field, suspended) in fields {
            let sign = Sign {
                resource: resource.to_owned(),
                field,
                suspended,
            };
            if !signs.contains(&sign) {
                signs.push(sign);
            }
        }
    }

    /// What is wrong with an item of a service that lives; `None` when nothing of it says so.
    pub fn complaints(
        &self,
        resource: &str,
        item: &Value,
        expected: &ExpectedAtVendor,
    ) -> Option<Vec<String>> {
        let signs = self.lock();
        let of_resource = signs.iter().filter(|sign| sign.resource == resource);
        let mut known = false;
        let mut complaints = Vec::new();
        for sign in of_resource {
            let Some(value) = at(item, &sign.field) else {
                continue;
            };
            known = true;
            if (*value == sign.suspended) != expected.suspended {
                let is = if expected.suspended { "" } else { "not " };
                complaints.push(format!(
                    "the vendor's {resource} says {} = `{}`, and it should {is}be suspended",
                    sign.field.join("."),
                    as_text(value)
                ));
            }
        }
        known.then_some(complaints)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Sign>> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn differing(
    path: &mut Vec<String>,
    suspended: &Value,
    active: &Value,
    fields: &mut Vec<(Vec<String>, Value)>,
) {
    match (suspended, active) {
        (Value::Object(of_suspended), Value::Object(of_active)) => {
            for (name, suspended) in of_suspended {
                if let Some(active) = of_active.get(name) {
                    path.push(name.clone());
                    differing(path, suspended, active, fields);
                    path.pop();
                }
            }
        }
        _ if suspended != active && is_word(suspended) && is_word(active) => {
            fields.push((path.clone(), suspended.clone()));
        }
        _ => {}
    }
}

/// A time or a counter differs each time, and says nothing of a state.
fn is_word(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::String(text) => {
            !text.is_empty() && !text.contains(|letter: char| letter.is_ascii_digit())
        }
        _ => false,
    }
}

fn at<'v>(item: &'v Value, field: &[String]) -> Option<&'v Value> {
    field.iter().try_fold(item, |value, name| value.get(name))
}
