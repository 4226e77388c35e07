//! Reads templates, bodies, statuses and headers, and notes what is wrong with them, with its place.

use std::ops::Range;

use causeway_definition::request::BodyTemplate;
use causeway_definition::{Diagnostic, EvaluationError, Template};
use http::{HeaderName, StatusCode};
use indexmap::IndexMap;
use serde_json::Number;
use toml::{Spanned, Value};

use super::super::grammar;
use super::super::path::PathPattern;
use super::super::script::{Condition, Conditions, Place};

/// The names that templates may use, by where they stand.
pub(super) mod names {
    pub const REQUEST: [&[&str]; 1] = [ALWAYS];
    /// What the vendor adds to a new item.
    pub const NEW_ITEM: [&[&str]; 2] = [ALWAYS, &["number", "id"]];
    pub const NEW_ID: [&[&str]; 2] = [ALWAYS, &["number"]];
    pub const ITEM: [&[&str]; 2] = [ALWAYS, &["item"]];
    pub const LIST: [&[&str]; 2] = [ALWAYS, &["items"]];
    pub const REFUSAL: [&[&str]; 2] = [ALWAYS, &["message", "status", "errors"]];

    const ALWAYS: &[&str] = &[
        "credential",
        "username",
        "access_hash",
        "json",
        "form",
        "query",
        "input",
        "path",
        "headers",
        "host",
        "now",
        "uuid",
        "random_hex",
    ];
}

/// The names of one place.
pub(super) type Names<'n> = &'n [&'n [&'n str]];

pub(super) struct Reader<'a> {
    pub source: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            diagnostics: Vec::new(),
        }
    }

    pub fn finish(mut self) -> Result<(), Vec<Diagnostic>> {
        if self.diagnostics.is_empty() {
            return Ok(());
        }
        self.diagnostics
            .sort_by_key(|diagnostic| diagnostic.span.start);
        Err(self.diagnostics)
    }

    pub fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.note(span, message, "docs/vendor-script.md has every key");
    }

    pub fn note(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.diagnostics.push(
            Diagnostic::error("causeway::vendor_script", span, message)
                .label("here")
                .help(help),
        );
    }

    pub fn template(&mut self, text: &Spanned<String>, names: Names<'_>) -> Option<Template> {
        self.template_in(text.get_ref(), text.span(), names)
    }

    fn template_in(
        &mut self,
        text: &str,
        span: Range<usize>,
        names: Names<'_>,
    ) -> Option<Template> {
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(error) => {
                let (at, message) = described(&error);
                self.note(
                    self.within(text, &at, &span),
                    message,
                    "the language is that of Jinja expressions: `json.email | lower`, `a if b else c`",
                );
                return None;
            }
        };
        let is_known = |name: &str| names.iter().any(|known| known.contains(&name));
        for name in template.names(false) {
            if !is_known(&name) {
                let known: Vec<_> = names
                    .concat()
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect();
                self.note(
                    self.within(text, &name, &span),
                    format!("there is no `{name}` here"),
                    format!("known here: {}", known.join(", ")),
                );
            }
        }
        Some(template)
    }

    /// The place of a piece of a text, or the whole of it where it cannot be told.
    fn within(&self, text: &str, piece: &str, span: &Range<usize>) -> Range<usize> {
        let source = &self.source[span.clone()];
        let start = source
            .find(text)
            .zip(text.find(piece))
            .map(|(text, piece)| span.start + text + piece);
        match start {
            Some(start) if !piece.is_empty() => start..start + piece.len(),
            _ => span.clone(),
        }
    }

    /// A tree with templates as leaves.
    pub fn body(&mut self, value: &Spanned<Value>, names: Names<'_>) -> Option<BodyTemplate> {
        self.body_of(value.get_ref(), &value.span(), names)
    }

    fn body_of(
        &mut self,
        value: &Value,
        span: &Range<usize>,
        names: Names<'_>,
    ) -> Option<BodyTemplate> {
        Some(match value {
            Value::String(text) => {
                BodyTemplate::Template(self.template_in(text, span.clone(), names)?)
            }
            Value::Integer(number) => BodyTemplate::Literal((*number).into()),
            Value::Boolean(flag) => BodyTemplate::Literal((*flag).into()),
            Value::Float(number) => match Number::from_f64(*number) {
                Some(number) => BodyTemplate::Literal(serde_json::Value::Number(number)),
                None => return self.no_json(span.clone(), "this number"),
            },
            Value::Datetime(_) => return self.no_json(span.clone(), "a date"),
            Value::Array(items) => BodyTemplate::List(
                items
                    .iter()
                    .map(|item| self.body_of(item, span, names))
                    .collect::<Option<_>>()?,
            ),
            Value::Table(entries) => BodyTemplate::Table(
                entries
                    .iter()
                    .map(|(name, item)| Some((name.clone(), self.body_of(item, span, names)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    fn no_json(&mut self, span: Range<usize>, what: &str) -> Option<BodyTemplate> {
        self.note(
            span,
            format!("JSON has no place for {what}"),
            "write it as a text",
        );
        None
    }

    pub fn fields(
        &mut self,
        fields: IndexMap<String, Spanned<Value>>,
        names: Names<'_>,
    ) -> IndexMap<String, BodyTemplate> {
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, self.body(&value, names)?)))
            .collect()
    }

    pub fn conditions(&mut self, when: Option<grammar::When>) -> Conditions {
        let when = when.unwrap_or_default();
        let mut conditions = Vec::new();
        for (place, values) in [
            (Place::Query, when.query),
            (Place::Form, when.form),
            (Place::Json, when.json),
            (Place::Headers, when.headers),
        ] {
            for (name, value) in self.fields(values, &names::REQUEST) {
                conditions.push(Condition { place, name, value });
            }
        }
        Conditions(conditions)
    }

    pub fn status(&mut self, status: Option<Spanned<u16>>) -> Option<StatusCode> {
        let status = status?;
        // 100 to 199 are no answers.
        let read = StatusCode::from_u16(*status.get_ref())
            .ok()
            .filter(|read| (200..600).contains(&read.as_u16()));
        if read.is_none() {
            self.error(
                status.span(),
                format!(
                    "{} is no HTTP status of an answer (200 to 599)",
                    status.get_ref()
                ),
            );
        }
        read
    }

    pub fn header_name(&mut self, name: &Spanned<String>) -> Option<HeaderName> {
        let read = name.get_ref().parse().ok();
        if read.is_none() {
            self.error(
                name.span(),
                format!("`{}` is no name of a header", name.get_ref()),
            );
        }
        read
    }

    pub fn headers(
        &mut self,
        headers: Option<IndexMap<Spanned<String>, Spanned<String>>>,
        names: Names<'_>,
    ) -> Vec<(HeaderName, Template)> {
        headers
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(name, value)| {
                Some((self.header_name(&name)?, self.template(&value, names)?))
            })
            .collect()
    }

    pub fn path(&mut self, path: &Spanned<String>) -> Option<PathPattern> {
        match PathPattern::parse(path.get_ref()) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.error(path.span(), error.to_string());
                None
            }
        }
    }
}

/// The piece of the template that an error is about, and what to say of it.
fn described(error: &EvaluationError) -> (String, String) {
    match error {
        EvaluationError::Unreadable {
            expression, reason, ..
        } => (
            expression.clone(),
            format!("this expression cannot be read: {reason}"),
        ),
        EvaluationError::Unclosed { .. } => ("{{".to_owned(), "`{{` without `}}`".to_owned()),
        EvaluationError::Statement { .. } => (
            "{%".to_owned(),
            "`{%` statements are not part of a script".to_owned(),
        ),
        other => (String::new(), other.to_string()),
    }
}
