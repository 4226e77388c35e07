//! Reads templates and expressions, and remembers the names that they use.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::{Number, Value};
use toml::de::DeValue;

use super::language;
use super::mention::{Mention, Place};
use super::names;
use super::reader::{Node, Reader, Table, Text, whole_number};
use crate::diagnostic::Diagnostic;
use crate::expression::{EvaluationError, Expression, Span, Template, split};
use crate::request::BodyTemplate;

impl<'a> Reader<'a> {
    /// A text with expressions in it, whose names are known at `place`.
    pub fn template(&mut self, text: &Text<'a>, place: &Place) -> Option<Template> {
        let spans = match split(text.value) {
            Ok(spans) => spans,
            Err(error) => {
                self.unreadable(text, 0..text.value.len(), &error);
                return None;
            }
        };
        if names::is_name_of_ours(text.value) {
            self.note(
                Diagnostic::warning(
                    "causeway::no_braces",
                    text.span.clone(),
                    "these letters are sent as they stand",
                )
                .label("a name without `{{ }}`")
                .help(format!("for its value, write \"{{{{ {} }}}}\"", text.value)),
            );
        }
        let mut readable = true;
        for span in spans {
            if let Span::Expression(range) = span {
                readable &= self
                    .expression_in(text, range, |name, span| Mention::ours(name, span, place))
                    .is_some();
            }
        }
        if !readable {
            return None;
        }
        Template::parse(text.value).ok()
    }

    /// An expression over the vendor's item: its fields stand bare, ours behind `ours`.
    pub fn expression(&mut self, text: &Text<'a>, place: &Place) -> Option<Expression> {
        if text.value.contains("{{") {
            self.note(
                Diagnostic::error(
                    "causeway::braces_in_expression",
                    text.span.clone(),
                    "this is an expression already, and needs no `{{ }}`",
                )
                .label("an expression stands here by itself")
                .help(
                    "write the field of the vendor's answer, as in \"id\" or \"status == 'active'\"; \
                     names of ours stand behind `ours`, as in `ours.domain`",
                ),
            );
            return None;
        }
        self.expression_in(text, 0..text.value.len(), |name, span| {
            Mention::behind_ours(name, span, place)
        })
    }

    fn expression_in(
        &mut self,
        text: &Text<'a>,
        range: Range<usize>,
        mention: impl Fn(&str, Range<usize>) -> Option<Mention>,
    ) -> Option<Expression> {
        let whole = &text.value[range.clone()];
        let source = whole.trim();
        let start = range.start + (whole.len() - whole.trim_start().len());
        let expression = match Expression::parse(source) {
            Ok(expression) => expression,
            Err(error) => {
                self.unreadable(text, start..start + source.len(), &error);
                return None;
            }
        };
        for problem in language::unknown_words(source) {
            let span = self.within(text, start + problem.range.start..start + problem.range.end);
            self.note(problem.diagnostic(span));
        }
        for name in expression.names(true) {
            let at = language::find_name(source, &name).unwrap_or(0..source.len());
            let span = self.within(text, start + at.start..start + at.end);
            self.mentions.extend(mention(&name, span));
        }
        Some(expression)
    }

    fn unreadable(&mut self, text: &Text<'a>, expression: Range<usize>, error: &EvaluationError) {
        let (range, message, help) = match error {
            EvaluationError::Unreadable { reason, range, .. } => {
                let range = range.clone().map_or(expression.clone(), |range| {
                    let end = expression.end;
                    (expression.start + range.start).min(end)
                        ..(expression.start + range.end).min(end)
                });
                let message = format!("this expression cannot be read: {reason}");
                (
                    range,
                    message,
                    "the language is that of Jinja expressions: `client.email | lower`, `a if b else c`",
                )
            }
            EvaluationError::Unclosed { at, .. } => (
                *at..at + 2,
                "`{{` without `}}`".to_owned(),
                "close the expression with `}}`",
            ),
            EvaluationError::Statement { at } => (
                *at..at + 2,
                "`{%` statements are not part of a definition".to_owned(),
                "write `{{ a if b else c }}`",
            ),
            other => (expression, other.to_string(), ""),
        };
        let range = if range.is_empty() {
            range.start.saturating_sub(1)..range.end
        } else {
            range
        };
        let span = self.within(text, range);
        self.note(
            Diagnostic::error("causeway::unreadable_expression", span, message)
                .label("here")
                .help(help),
        );
    }
}

impl<'a> Table<'a> {
    pub fn template(&self, reader: &mut Reader<'a>, key: &str, place: &Place) -> Option<Template> {
        let text = self.text(reader, key)?;
        reader.template(&text, place)
    }

    pub fn expression(
        &self,
        reader: &mut Reader<'a>,
        key: &str,
        place: &Place,
    ) -> Option<Expression> {
        let text = self.text(reader, key)?;
        reader.expression(&text, place)
    }

    pub fn template_table(
        &self,
        reader: &mut Reader<'a>,
        key: &str,
        place: &Place,
    ) -> IndexMap<String, Template> {
        let mut templates = IndexMap::new();
        for (name, text) in self.text_table(reader, key).unwrap_or_default() {
            if let Some(template) = reader.template(&text, place) {
                templates.insert(name.to_owned(), template);
            }
        }
        templates
    }
}

impl<'a> Reader<'a> {
    /// A body: the tree that the file shows, with templates as leaves.
    pub fn body(&mut self, node: Node<'a>, place: &Place) -> Option<BodyTemplate> {
        Some(match node.get_ref() {
            DeValue::String(value) => {
                let text = Text {
                    value,
                    span: node.span(),
                };
                BodyTemplate::Template(self.template(&text, place)?)
            }
            DeValue::Boolean(value) => BodyTemplate::Literal(Value::Bool(*value)),
            DeValue::Integer(_) => match whole_number(node.get_ref()) {
                Some(number) => BodyTemplate::Literal(number.into()),
                None => return self.no_json(node, "a whole number of 64 bits, or a text"),
            },
            DeValue::Float(float) => match float.as_str().parse().ok().and_then(Number::from_f64) {
                Some(number) => BodyTemplate::Literal(Value::Number(number)),
                None => return self.no_json(node, "a number that JSON knows"),
            },
            DeValue::Datetime(_) => return self.no_json(node, "a text (JSON has no dates)"),
            DeValue::Array(items) => BodyTemplate::List(
                items
                    .iter()
                    .filter_map(|item| self.body(item, place))
                    .collect(),
            ),
            DeValue::Table(entries) => BodyTemplate::Table(
                entries
                    .iter()
                    .filter_map(|(name, item)| {
                        Some((name.get_ref().to_string(), self.body(item, place)?))
                    })
                    .collect(),
            ),
        })
    }

    fn no_json(&mut self, node: Node<'a>, expected: &str) -> Option<BodyTemplate> {
        self.wrong_type(node, "a value of the body", expected);
        None
    }
}
