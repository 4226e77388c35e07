//! A text with expressions between `{{` and `}}`.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use crate::expression::{EvaluationError, Expression, Names, percent_encode};

/// A text with expressions in it.
#[derive(Debug)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Expression(Expression),
}

impl Template {
    /// Reads a text with expressions between `{{` and `}}`.
    ///
    /// # Errors
    /// An unclosed or unreadable expression, or a statement.
    pub fn parse(source: &str) -> Result<Self, EvaluationError> {
        let mut pieces = Vec::new();
        for span in split(source)? {
            pieces.push(match span {
                Span::Text(range) => Piece::Text(source[range].to_owned()),
                Span::Expression(range) => {
                    Piece::Expression(Expression::parse(source[range].trim())?)
                }
            });
        }
        Ok(Self {
            source: source.to_owned(),
            pieces,
        })
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The expressions in it, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(expression) => Some(expression),
            Piece::Text(_) => None,
        })
    }

    /// The names that it uses, as [`Expression::names`] gives them.
    pub fn names(&self, nested: bool) -> BTreeSet<String> {
        self.expressions()
            .flat_map(|expression| expression.names(nested))
            .collect()
    }

    /// The one name that the template consists of, as in `"{{ license_key }}"`.
    pub fn single_name(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Expression(expression)]
                if expression
                    .source()
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_') =>
            {
                Some(expression.source())
            }
            _ => None,
        }
    }

    /// The value: of a lone expression with its type, of anything else a text.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn value(&self, names: &Names) -> Result<Value, EvaluationError> {
        match self.pieces.as_slice() {
            [Piece::Expression(expression)] => expression.evaluate(names),
            _ => self.text(names).map(Value::String),
        }
    }

    /// The value as a text; nothing (`null`) is the empty text.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn text(&self, names: &Names) -> Result<String, EvaluationError> {
        let mut text = String::with_capacity(self.source.len());
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Expression(expression) => {
                    let value = expression.evaluate_raw(names)?;
                    text.push_str(&expression.text_of(&value)?);
                }
            }
        }
        Ok(text)
    }

    /// The value as a part of an address: every value is percent-encoded, unless `urlencode` did it,
    /// so that no value can add a path segment or a parameter.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and [`EvaluationError::NotForAddress`] where an empty value or
    /// dots would lead to another address than the one that was meant.
    pub fn address(&self, names: &Names) -> Result<String, EvaluationError> {
        let mut address = String::with_capacity(self.source.len());
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => address.push_str(literal),
                Piece::Expression(expression) => {
                    let value = expression.evaluate_raw(names)?;
                    let text = expression.text_of(&value)?;
                    let in_path = !address.contains('?');
                    if text.trim().is_empty() || in_path && matches!(text.as_str(), "." | "..") {
                        return Err(EvaluationError::NotForAddress {
                            expression: expression.source().to_owned(),
                            value: text,
                        });
                    }
                    if value.is_safe() && is_percent_encoded(&text) {
                        address.push_str(&text);
                    } else {
                        address.push_str(&percent_encode(&text));
                    }
                }
            }
        }
        Ok(address)
    }
}

/// Whether nothing in a text could end the part of an address that it stands in. Other filters than
/// `urlencode` (`escape`, `tojson`) call their results safe, too, and mean other places.
fn is_percent_encoded(text: &str) -> bool {
    let stands_for_itself = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
    // Half of a `%2e` would wait for its other half in the value beside it.
    let is_whole = |code: &str| {
        let digits = code.as_bytes().first_chunk::<2>();
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    // Nobody encodes a full stop, but to climb: `%2e%2e` is `..` to whoever reads an address.
    text.bytes().all(stands_for_itself)
        && text.split('%').skip(1).all(is_whole)
        && !text.to_ascii_lowercase().contains("%2e")
}

/// A stretch of a template, in bytes.
pub enum Span {
    /// Stands for itself.
    Text(Range<usize>),
    /// What stands between `{{` and `}}`.
    Expression(Range<usize>),
}

/// Splits a template into its texts and expressions; `}}` inside a quoted text does not close.
///
/// # Errors
/// An unclosed `{{`, or a `{%`.
pub fn split(source: &str) -> Result<Vec<Span>, EvaluationError> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let open = rest.find("{{");
        if let Some(statement) = rest.find("{%")
            && open.is_none_or(|open| statement < open)
        {
            return Err(EvaluationError::Statement { at: at + statement });
        }
        let Some(open) = open else {
            spans.push(Span::Text(at..source.len()));
            break;
        };
        if open > 0 {
            spans.push(Span::Text(at..at + open));
        }
        let start = at + open + 2;
        let length =
            end_of_expression(&source[start..]).ok_or_else(|| EvaluationError::Unclosed {
                text: source.to_owned(),
                at: at + open,
            })?;
        spans.push(Span::Expression(start..start + length));
        at = start + length + 2;
    }
    Ok(spans)
}

fn end_of_expression(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut quote = None;
    let mut braces = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'\'' | b'"')) => quote = Some(byte),
            (None, b'{') => braces += 1,
            (None, b'}') if braces > 0 => braces -= 1,
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            (None, _) => {}
        }
        at += 1;
    }
    None
}
