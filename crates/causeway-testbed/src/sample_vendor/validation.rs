//! Laravel's validation rules, as far as this API uses them, with Laravel's messages.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::call::Failure;
use super::input::Input;

const LONGEST_STRING: usize = 255;
const SHORTEST_PASSWORD: usize = 8;

/// The messages of every field that was refused, in the order of the rules.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Errors(IndexMap<&'static str, Vec<String>>);

impl Errors {
    fn add(&mut self, field: &'static str, message: String) {
        self.0.entry(field).or_default().push(message);
    }

    /// The first message, and how many more there are.
    pub(super) fn summary(&self) -> String {
        let mut messages = self.0.values().flatten();
        let first = messages.next().map_or("", String::as_str);
        match messages.count() {
            0 => first.to_owned(),
            1 => format!("{first} (and 1 more error)"),
            more => format!("{first} (and {more} more errors)"),
        }
    }
}

/// Reads an input field by field; each rule gives the typed value, or notes why there is none.
pub(super) struct Validator<'a> {
    input: &'a Input,
    errors: Errors,
}

impl<'a> Validator<'a> {
    pub(super) fn new(input: &'a Input) -> Self {
        Self {
            input,
            errors: Errors::default(),
        }
    }

    /// The answer when a rule gave no value.
    pub(super) fn failure(self) -> Failure {
        Failure::Invalid(self.errors)
    }

    /// Notes a message for a field.
    pub(super) fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.add(field, message.into());
    }

    /// Laravel: `required|string|max:255`.
    pub(super) fn required_string(&mut self, field: &'static str) -> Option<String> {
        let value = self.required(field)?;
        self.string(field, value)
    }

    /// Laravel: `nullable|string|max:255`. The inner `None` is a field that was left out.
    pub(super) fn nullable_string(&mut self, field: &'static str) -> Option<Option<String>> {
        match self.input.get(field) {
            None => Some(None),
            Some(value) => self.string(field, value).map(Some),
        }
    }

    /// Laravel: `required|string|email|max:255`, in lower case.
    pub(super) fn email(&mut self, field: &'static str) -> Option<String> {
        let email = self.required_string(field)?;
        if !is_email(&email) {
            self.refuse(
                field,
                format!("The {} field must be a valid email address.", words(field)),
            );
            return None;
        }
        Some(email.to_lowercase())
    }

    /// Laravel: `required|string|min:8|confirmed` on `password`.
    pub(super) fn confirmed_password(&mut self) -> Option<String> {
        let field = "password";
        let value = self.required(field)?;
        let password = self.string(field, value);
        let long_enough = password
            .as_ref()
            .is_some_and(|password| password.chars().count() >= SHORTEST_PASSWORD);
        if password.is_some() && !long_enough {
            self.refuse(
                field,
                format!("The password field must be at least {SHORTEST_PASSWORD} characters."),
            );
        }
        let confirmed = self.input.get("password_confirmation") == Some(value);
        if !confirmed {
            self.refuse(field, "The password field confirmation does not match.");
        }
        password.filter(|_| long_enough && confirmed)
    }

    /// Laravel: `required|integer`, which takes a number's text as well.
    pub(super) fn integer(&mut self, field: &'static str) -> Option<i64> {
        let value = self.required(field)?;
        let integer = as_integer(value);
        if integer.is_none() {
            self.refuse(
                field,
                format!("The {} field must be an integer.", words(field)),
            );
        }
        integer
    }

    /// Laravel: `required|date_format:Y-m-d`.
    pub(super) fn date(&mut self, field: &'static str) -> Option<Date> {
        let value = self.required(field)?;
        let date = value.as_str().and_then(|text| {
            let date: Date = text.parse().ok()?;
            (date.to_string() == text).then_some(date)
        });
        if date.is_none() {
            self.refuse(
                field,
                format!("The {} field must match the format Y-m-d.", words(field)),
            );
        }
        date
    }

    fn required(&mut self, field: &'static str) -> Option<&'a Value> {
        let value = self.input.get(field).filter(|value| !is_blank(value));
        if value.is_none() {
            self.refuse(field, format!("The {} field is required.", words(field)));
        }
        value
    }

    fn string(&mut self, field: &'static str, value: &Value) -> Option<String> {
        let Value::String(text) = value else {
            self.refuse(
                field,
                format!("The {} field must be a string.", words(field)),
            );
            return None;
        };
        if text.chars().count() > LONGEST_STRING {
            self.refuse(
                field,
                format!(
                    "The {} field must not be greater than {LONGEST_STRING} characters.",
                    words(field)
                ),
            );
            return None;
        }
        Some(text.clone())
    }
}

/// PHP's idea of an integer: a whole number, or the text of one without leading zeros.
pub(super) fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            let is_whole_and_exact = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
            is_whole_and_exact.then_some(float as i64)
        }),
        Value::String(text) => {
            let digits = text.trim_start_matches(['+', '-']);
            let has_leading_zero = digits.len() > 1 && digits.starts_with('0');
            (!has_leading_zero).then(|| text.parse().ok()).flatten()
        }
        _ => None,
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let dotted = |part: &str| {
        !part.is_empty()
            && part.split('.').all(|label| !label.is_empty())
            && !part.contains(|character: char| {
                character.is_whitespace()
                    || character.is_control()
                    || "@<>()[]\\,;:\"".contains(character)
            })
    };
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| dotted(local) && dotted(domain))
}

fn words(field: &str) -> String {
    field.replace('_', " ")
}
