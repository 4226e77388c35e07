//! What can be said of an expression by its words: filters and tests that do not exist, and where
//! a name stands.

use std::ops::Range;

use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::expression::{has_filter, has_test};
use crate::tokens::tokens;

/// The filters worth suggesting.
const FILTERS: &[&str] = &[
    "abs",
    "b64encode",
    "bool",
    "capitalize",
    "default",
    "first",
    "float",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "punycode",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "times",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
    "urlencode",
];

/// The tests worth suggesting.
const TESTS: &[&str] = &[
    "defined",
    "endingwith",
    "even",
    "false",
    "float",
    "in",
    "integer",
    "iterable",
    "lower",
    "mapping",
    "none",
    "number",
    "odd",
    "sequence",
    "startingwith",
    "string",
    "true",
    "undefined",
    "upper",
];

/// A filter or a test that does not exist.
pub(super) struct UnknownWord<'e> {
    word: &'e str,
    is_filter: bool,
    /// Where, in bytes of the expression.
    pub range: Range<usize>,
}

impl UnknownWord<'_> {
    pub fn diagnostic(&self, span: Range<usize>) -> Diagnostic {
        let (code, what, known) = if self.is_filter {
            ("causeway::unknown_filter", "filter", FILTERS)
        } else {
            ("causeway::unknown_test", "test", TESTS)
        };
        let near = suggest::nearest(self.word, known.iter().copied());
        Diagnostic::error(code, span, format!("there is no {what} `{}`", self.word))
            .label(format!("unknown {what}"))
            .help(near.map_or_else(
                || format!("the usual ones: {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            ))
    }
}

/// The filters and tests of an expression that do not exist.
pub(super) fn unknown_words(expression: &str) -> Vec<UnknownWord<'_>> {
    let tokens = tokens(expression);
    let mut unknown = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = |back: usize| {
            let at = index.checked_sub(back)?;
            tokens.get(at).map(|token| &expression[token.clone()])
        };
        let word = &expression[token.clone()];
        if !word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            continue;
        }
        let is_filter = before(1) == Some("|");
        let is_test = match before(1) {
            Some("is") => word != "not" && before(2) != Some("."),
            Some("not") => before(2) == Some("is") && before(3) != Some("."),
            _ => false,
        };
        if is_filter && !has_filter(word) || is_test && !has_test(word) {
            unknown.push(UnknownWord {
                word,
                is_filter,
                range: token.clone(),
            });
        }
    }
    unknown
}

/// Where a name such as `client.email` first stands in an expression.
pub(super) fn find_name(expression: &str, name: &str) -> Option<Range<usize>> {
    let tokens = tokens(expression);
    let wanted: Vec<&str> = name.split_inclusive('.').flat_map(parts).collect();
    tokens
        .windows(wanted.len())
        .enumerate()
        .find(|(index, window)| {
            let follows_dot = index
                .checked_sub(1)
                .is_some_and(|before| &expression[tokens[before].clone()] == ".");
            !follows_dot
                && window
                    .iter()
                    .zip(&wanted)
                    .all(|(token, part)| &expression[token.clone()] == *part)
        })
        .and_then(|(_, window)| Some(window.first()?.start..window.last()?.end))
}

fn parts(piece: &str) -> impl Iterator<Item = &str> {
    let (word, dot) = piece
        .strip_suffix('.')
        .map_or((piece, None), |word| (word, Some(".")));
    std::iter::once(word).chain(dot)
}
