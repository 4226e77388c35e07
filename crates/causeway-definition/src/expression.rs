//! The one language for values and conditions: minijinja's expressions, strict.
//!
//! A [`Template`] is a text with expressions between `{{` and `}}`. A template that is one
//! expression and nothing else keeps the type of its value, so that a vendor's number stays a number.
//! There are no statements (`{% %}`): `{{ a if b else c }}` says the same in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use base64::Engine;
use minijinja::value::{Enumerator, Object, ValueKind};
use minijinja::{Environment, UndefinedBehavior};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use thiserror::Error;

pub use crate::template::{Span, Template, split};
use crate::tokens::multiplication;

/// What an expression may cost before it is stopped: far more than any honest one needs.
const FUEL: u64 = 50_000;

/// How long an expression may be, in bytes: one that goes deep has to be long.
const LONGEST_EXPRESSION: usize = 2000;

/// How large a value may be, in bytes of text and pieces of lists and tables.
const LARGEST_VALUE: usize = 1024 * 1024;

/// Everything but the characters that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("urlencode", |value: minijinja::Value| {
        minijinja::Value::from_safe_string(percent_encode(&value.to_string()))
    });
    environment.add_filter("punycode", |domain: String| {
        url::Host::parse(&domain)
            .map(|host| host.to_string())
            .unwrap_or(domain)
    });
    environment.add_filter("times", times);
    environment.add_filter("b64encode", |value: minijinja::Value| {
        base64::engine::general_purpose::STANDARD.encode(value.to_string())
    });
    environment
});

/// A product of numbers, and of nothing else.
fn times(
    value: &minijinja::Value,
    factor: &minijinja::Value,
) -> Result<minijinja::Value, minijinja::Error> {
    let failed = |reason| minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, reason);
    if !value.is_number() || !factor.is_number() {
        return Err(failed("only numbers can be multiplied"));
    }
    if value.is_integer() && factor.is_integer() {
        let whole = |number: &minijinja::Value| i64::try_from(number.clone());
        return whole(value)?
            .checked_mul(whole(factor)?)
            .map(minijinja::Value::from)
            .ok_or_else(|| failed("the product is too large"));
    }
    let broken = |number: &minijinja::Value| f64::try_from(number.clone());
    Ok((broken(value)? * broken(factor)?).into())
}

/// Whether the language has a filter of that name.
pub(crate) fn has_filter(name: &str) -> bool {
    is_known(name, "filter")
}

/// Whether the language has a test of that name.
pub(crate) fn has_test(name: &str) -> bool {
    is_known(name, "test")
}

fn is_known(name: &str, what: &str) -> bool {
    let names = Names::from_iter([("name".to_owned(), Value::from(name))]);
    Expression::parse(&format!("name is {what}"))
        .and_then(|question| question.holds(&names))
        .unwrap_or(false)
}

/// The names that an expression may use, converted once for however many expressions. Cheap to clone.
#[derive(Clone)]
pub struct Names(minijinja::Value);

/// The values are passwords and the like.
impl std::fmt::Debug for Names {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.try_iter().into_iter().flatten();
        formatter.debug_list().entries(names).finish()
    }
}

impl Names {
    /// No names at all.
    pub fn new() -> Self {
        Self::from(serde_json::Map::new())
    }

    /// These names and more; of two with one name, the new one counts.
    #[must_use]
    pub fn with(&self, more: &serde_json::Map<String, Value>) -> Self {
        Self(minijinja::Value::from_object(Scope {
            own: more
                .iter()
                .map(|(name, value)| (name.clone(), converted(value)))
                .collect(),
            beyond: self.0.clone(),
        }))
    }

    /// These names, and a function of a number behind another one, as in `random_hex(16)`.
    #[must_use]
    pub fn with_function(
        &self,
        name: &'static str,
        function: impl Fn(u32) -> String + Send + Sync + 'static,
    ) -> Self {
        let function = minijinja::Value::from_function(function);
        Self(minijinja::Value::from_object(Scope {
            own: BTreeMap::from([(name.to_owned(), function)]),
            beyond: self.0.clone(),
        }))
    }

    /// The value at a name, or at a field of one, when it is there.
    fn at(&self, path: &[String]) -> Option<minijinja::Value> {
        let mut value = self.0.clone();
        for part in path {
            value = value.get_attr(part).ok()?;
            if value.is_undefined() {
                return None;
            }
        }
        Some(value)
    }

    /// The names that an expression over a vendor's item sees: its fields bare (or the whole as
    /// `item` when it is no object), ours behind `ours`.
    pub fn of_item(item: &Value, ours: &Self) -> Self {
        let ours = ("ours", ours.0.clone());
        Self(match item {
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), converted(value)));
                minijinja::Value::from_pairs(fields.chain([ours]))
            }
            other => minijinja::Value::from_pairs([("item", converted(other)), ours]),
        })
    }
}

/// Names before others, without a copy of those.
#[derive(Debug)]
struct Scope {
    own: BTreeMap<String, minijinja::Value>,
    beyond: minijinja::Value,
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, name: &minijinja::Value) -> Option<minijinja::Value> {
        match self.own.get(name.as_str()?) {
            Some(value) => Some(value.clone()),
            None => self
                .beyond
                .get_item(name)
                .ok()
                .filter(|value| !value.is_undefined()),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let beyond = self.beyond.try_iter().into_iter().flatten();
        let names: BTreeSet<String> = self
            .own
            .keys()
            .cloned()
            .chain(beyond.map(|name| name.to_string()))
            .collect();
        Enumerator::Values(names.into_iter().map(minijinja::Value::from).collect())
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

impl From<serde_json::Map<String, Value>> for Names {
    fn from(names: serde_json::Map<String, Value>) -> Self {
        Self(converted(&names))
    }
}

impl Names {
    /// The fields of a value, as names.
    pub fn of(fields: &impl serde::Serialize) -> Self {
        Self(converted(fields))
    }
}

impl FromIterator<(String, Value)> for Names {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(names: I) -> Self {
        Self::from(names.into_iter().collect::<serde_json::Map<_, _>>())
    }
}

fn converted(value: impl serde::Serialize) -> minijinja::Value {
    minijinja::Value::from(minijinja::value::Serde(value))
}

/// Why an expression gave no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvaluationError {
    /// The expression cannot be read at all.
    #[error("`{expression}` cannot be read: {reason}")]
    Unreadable {
        /// The expression as written.
        expression: String,
        /// The parser's words.
        reason: String,
        /// Bytes of the expression that the error is about, where known.
        range: Option<std::ops::Range<usize>>,
    },
    /// A name or field that it uses is not there.
    #[error("`{expression}` has no value: {reason}")]
    Undefined {
        /// The expression as written.
        expression: String,
        /// What was missing.
        reason: String,
    },
    /// It was evaluated and failed.
    #[error("`{expression}` failed: {reason}")]
    Failed {
        /// The expression as written.
        expression: String,
        /// What went wrong.
        reason: String,
    },
    /// A value cannot stand in an address: empty, or `.` or `..`.
    #[error("`{expression}` is {value:?} here, which cannot be a part of an address")]
    NotForAddress {
        /// The expression as written.
        expression: String,
        /// The value that it had.
        value: String,
    },
    /// An expression between `{{` and `}}` does not end.
    #[error("`{{{{` without `}}}}` in {text:?}")]
    Unclosed {
        /// The text as written.
        text: String,
        /// Where the `{{` stands, in bytes.
        at: usize,
    },
    /// Statements are not part of the language.
    #[error("`{{%` statements are not part of a definition; write `{{{{ a if b else c }}}}`")]
    Statement {
        /// Where it stands, in bytes.
        at: usize,
    },
}

/// One compiled expression.
pub struct Expression {
    source: String,
    compiled: minijinja::Expression<'static, 'static>,
    /// The parts of one that is a name or a field and nothing more (`client.email`), as most are:
    /// they are looked up, and not run.
    path: Option<Vec<String>>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Expression")
            .field(&self.source)
            .finish()
    }
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// [`EvaluationError::Unreadable`] with the place where the reading stopped.
    pub fn parse(source: &str) -> Result<Self, EvaluationError> {
        if source.len() > LONGEST_EXPRESSION {
            return Err(EvaluationError::Unreadable {
                expression: source.chars().take(40).chain(['…']).collect(),
                reason: format!("it is longer than {LONGEST_EXPRESSION} bytes"),
                range: None,
            });
        }
        // A list times a million is a list of a million items that none of the fuel is spent on, and an
        // API that answers a list where a number was meant would keep the gateway busy for ever.
        if let Some(star) = multiplication(source) {
            return Err(EvaluationError::Unreadable {
                expression: source.to_owned(),
                reason: "there is no `*`; write `price | times(100)` for a product of numbers"
                    .to_owned(),
                range: Some(star),
            });
        }
        let compiled = ENVIRONMENT
            .compile_expression_owned(source.to_owned())
            .map_err(|error| EvaluationError::Unreadable {
                expression: source.to_owned(),
                reason: error
                    .detail()
                    .map_or_else(|| error.kind().to_string(), str::to_owned),
                range: error.range(),
            })?;
        Ok(Self {
            source: source.to_owned(),
            compiled,
            path: path_of(source),
        })
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that it uses: `client` for `client.email` when `nested` is false, else `client.email`.
    pub fn names(&self, nested: bool) -> BTreeSet<String> {
        self.compiled
            .undeclared_variables(nested)
            .into_iter()
            .collect()
    }

    /// The value, with its type.
    ///
    /// # Errors
    /// [`EvaluationError::Undefined`] when something that it uses is not there.
    pub fn evaluate(&self, names: &Names) -> Result<Value, EvaluationError> {
        let value = self.evaluate_raw(names)?;
        to_json(&value, &mut { LARGEST_VALUE }).map_err(|reason| EvaluationError::Failed {
            expression: self.source.clone(),
            reason,
        })
    }

    /// Whether the expression holds, by the language's own idea of truth.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn holds(&self, names: &Names) -> Result<bool, EvaluationError> {
        self.evaluate_raw(names).map(|value| value.is_true())
    }

    pub(crate) fn evaluate_raw(&self, names: &Names) -> Result<minijinja::Value, EvaluationError> {
        if let Some(value) = self.path.as_ref().and_then(|path| names.at(path)) {
            return Ok(value);
        }
        // What is not there, too: only the language knows how to say so.
        let value = self
            .compiled
            .eval(names.0.clone())
            .map_err(|error| self.explain(&error))?;
        // Strict mode refuses to *use* an undefined value, but hands one out as a result.
        if value.kind() == ValueKind::Undefined {
            return Err(EvaluationError::Undefined {
                expression: self.source.clone(),
                reason: "it is not there".to_owned(),
            });
        }
        Ok(value)
    }

    /// The text of a value of this expression; nothing (`null`) is the empty text.
    pub(crate) fn text_of(&self, value: &minijinja::Value) -> Result<String, EvaluationError> {
        let mut text = BoundedText::default();
        if value.kind() != ValueKind::None {
            write!(text, "{value}").map_err(|_| EvaluationError::Failed {
                expression: self.source.clone(),
                reason: "its value is too large".to_owned(),
            })?;
        }
        Ok(text.0)
    }

    fn explain(&self, error: &minijinja::Error) -> EvaluationError {
        let expression = self.source.clone();
        let reason = error
            .detail()
            .map_or_else(|| error.kind().to_string(), str::to_owned);
        if error.kind() == minijinja::ErrorKind::UndefinedError {
            EvaluationError::Undefined { expression, reason }
        } else {
            EvaluationError::Failed { expression, reason }
        }
    }
}

fn path_of(source: &str) -> Option<Vec<String>> {
    const LITERALS: [&str; 6] = ["true", "True", "false", "False", "none", "None"];
    let is_name = |part: &str| {
        !part.starts_with(|c: char| c.is_ascii_digit())
            && !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let is_path = !LITERALS.contains(&source) && source.split('.').all(is_name);
    is_path.then(|| source.split('.').map(str::to_owned).collect())
}

/// The value as JSON, as long as it is not larger than what is left of the size; fuel does not
/// stop `[1] * 2000000`.
fn to_json(value: &minijinja::Value, left: &mut usize) -> Result<Value, String> {
    let size = 1 + value.as_str().map_or(0, str::len);
    *left = left
        .checked_sub(size)
        .ok_or_else(|| "its value is too large".to_owned())?;
    let items = || value.try_iter().map_err(|error| error.to_string());
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => items()?.map(|item| to_json(&item, left)).collect(),
        ValueKind::Map => items()?
            .map(|key| {
                let item = value.get_item(&key).map_err(|error| error.to_string())?;
                Ok((key.to_string(), to_json(&item, left)?))
            })
            .collect(),
        _ => serde_json::to_value(value).map_err(|error| error.to_string()),
    }
}

/// A text that refuses to grow beyond what a value may weigh.
#[derive(Default)]
struct BoundedText(String);

impl std::fmt::Write for BoundedText {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        if self.0.len() + piece.len() > LARGEST_VALUE {
            return Err(std::fmt::Error);
        }
        self.0.push_str(piece);
        Ok(())
    }
}

/// Encodes everything but what RFC 3986 calls unreserved.
pub(crate) fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
