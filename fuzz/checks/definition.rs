//! The reader of definitions, on any text: it never panics, and whatever it says has a place.

use causeway_definition::{Definition, Diagnostic};

pub fn check(bytes: &[u8]) {
    let _ = Definition::parse_bytes(bytes);
    check_text(&String::from_utf8_lossy(bytes));
}

/// Whatever is said about a source must have a place in it.
pub fn check_text(source: &str) {
    let diagnostics = match Definition::parse(source) {
        Ok((_, warnings)) => {
            assert!(!warnings.iter().any(Diagnostic::is_error));
            warnings
        }
        Err(diagnostics) => {
            assert!(diagnostics.iter().any(Diagnostic::is_error));
            diagnostics
        }
    };
    for diagnostic in diagnostics {
        let others = diagnostic.others.iter().map(|label| &label.span);
        for span in others.chain([&diagnostic.span]) {
            assert!(source.get(span.clone()).is_some(), "{diagnostic:?}");
        }
        let json = diagnostic.to_json(source, None);
        assert!(json["line"].as_u64() <= json["end_line"].as_u64(), "{json}");
    }
}
