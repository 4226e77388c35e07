//! Templates with any expression and any values: no panic, an end, and an address that keeps its shape.
//!
//! The first line is the template; the rest is a value, which it sees as text (`text`), as JSON
//! (`value`; null when it is none) and at home (`client.email`).

use causeway_definition::expression::{Span, split};
use causeway_definition::{Expression, Names, Template};
use serde_json::{Value, json};

pub fn check(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    let (source, given) = source.split_once('\n').unwrap_or((&source, ""));
    let value: Value = serde_json::from_str(given).unwrap_or(Value::Null);
    let names = names(given, &value);
    if let Ok(expression) = Expression::parse(source) {
        let _ = expression.evaluate(&names);
        let _ = expression.holds(&Names::of_item(&value, &names));
        let _ = expression.names(true);
    }
    let Ok(template) = Template::parse(source) else {
        return;
    };
    let _ = template.value(&names);
    let _ = template.names(true);
    let text = template.text(&names);
    if let Ok(address) = template.address(&names) {
        assert!(text.is_ok(), "{address}");
        check_shape(source, &address);
    }
}

fn names(text: &str, value: &Value) -> Names {
    Names::from_iter([
        ("text".to_owned(), Value::from(text)),
        ("value".to_owned(), value.clone()),
        (
            "client".to_owned(),
            json!({ "email": text, "custom_fields": value }),
        ),
    ])
}

/// The address has the segments and parameters that the template's own text gives it, and no others.
fn check_shape(source: &str, address: &str) {
    let spans = split(source).expect("a template that was read can be split");
    let written: String = spans
        .iter()
        .map(|span| match span {
            Span::Text(range) => &source[range.clone()],
            Span::Expression(_) => "x",
        })
        .collect();
    for structural in [
        '/', '\\', '?', '#', '&', '=', ';', ':', '@', ' ', '\r', '\n', '\t', '\0',
    ] {
        let count = |text: &str| text.matches(structural).count();
        assert_eq!(
            count(address),
            count(&written),
            "{structural:?} in {address:?} of {source:?}"
        );
    }
    assert_eq!(
        climbs(address),
        climbs(&written),
        "{address:?} of {source:?}"
    );
}

/// How many segments of the path mean "here" or "up", also where they are written `%2e`.
fn climbs(address: &str) -> usize {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.to_ascii_lowercase()
        .replace("%2e", ".")
        .split('/')
        .filter(|segment| matches!(*segment, "." | ".."))
        .count()
}
