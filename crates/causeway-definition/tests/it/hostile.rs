//! Files that nobody meant to be a definition.

use causeway_definition::{Definition, Expression, LONGEST_SOURCE, Names};
use proptest::prelude::*;

use crate::corpus::definition::check_text as read;

const EXAMPLE: &str = include_str!("../../../../examples/shieldpress.toml");

#[test]
fn ten_megabytes_are_one_diagnostic() {
    let source = "a = 1\n".repeat(10 * LONGEST_SOURCE / 6);
    let diagnostics = Definition::parse(&source).unwrap_err();
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "causeway::too_long");
    assert_eq!(
        Definition::parse_bytes(source.as_bytes()).unwrap_err(),
        diagnostics
    );
}

#[test]
fn the_first_byte_that_is_not_utf8_has_a_place() {
    let source = b"[service]\ntitle = \"Gr\xc3\xbc\xdfe\"\n";
    let diagnostics = Definition::parse_bytes(source).unwrap_err();
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "causeway::not_utf8");
    let lossy = String::from_utf8_lossy(source);
    let start = diagnostics[0].start(&lossy);
    assert_eq!((start.line, start.column), (2, 13));
    assert_eq!(&lossy[diagnostics[0].span.clone()], "\u{fffd}");
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    for (open, close) in [("[", "]"), ("{ a = ", "}")] {
        let source = format!("x = {}1{}", open.repeat(50_000), close.repeat(50_000));
        assert!(Definition::parse(&source).is_err());
    }
    let dotted = format!("{}x = 1", "a.".repeat(50_000));
    assert!(Definition::parse(&dotted).is_err());
}

#[test]
fn deep_expressions_are_an_error_not_a_crash() {
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{'a':", "1", "}"),
        ("-", "1", ""),
        ("not ", "1", ""),
        ("", "a", ".b"),
        ("", "a", "[0]"),
        ("", "a", "|e"),
        ("", "a", " is e"),
        ("", "1", "+1"),
        ("", "1", "~1"),
        ("", "1", "**1"),
        ("", "1", " if a else 1"),
        ("", "1", " and 1"),
        ("", "1", "<1"),
    ] {
        for depth in [100, 500, 1000, 1900, 100_000] {
            let expression = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
            if let Ok(expression) = Expression::parse(&expression) {
                let _ = expression.evaluate(&Names::new());
                let _ = expression.names(true);
            }
            let source = EXAMPLE.replace("{{ options.plan }}", &format!("{{{{ {expression} }}}}"));
            assert!(depth < 100_000 || Definition::parse(&source).is_err());
        }
    }
}

#[test]
fn an_empty_file_says_what_a_definition_needs() {
    let codes: Vec<_> = Definition::parse("")
        .unwrap_err()
        .into_iter()
        .filter(|diagnostic| diagnostic.is_error())
        .map(|diagnostic| diagnostic.message)
        .collect();
    assert_eq!(
        codes,
        [
            "the definition needs `service`",
            "the definition needs `resources`",
            "the definition needs `operations`",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Definition::parse_bytes(&bytes);
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_change_of_the_example_makes_the_parser_panic(
        at in 0..EXAMPLE.len(),
        length in 0_usize..40,
        put in "[ -~äß🎉\n]{0,12}|\\{\\{ [a-z._|()\\[\\]'\"0-9 -]{0,20} \\}\\}|\"|\\}|=",
    ) {
        let start = EXAMPLE.floor_char_boundary(at);
        let end = EXAMPLE.floor_char_boundary(at + length);
        read(&format!("{}{put}{}", &EXAMPLE[..start], &EXAMPLE[end..]));
    }

    #[test]
    fn no_value_of_another_type_makes_the_parser_panic(
        line in 0_usize..60,
        value in prop::sample::select(vec![
            "1", "-1", "1.5", "nan", "true", "\"\"", "\"{{\"", "\"{{}}\"", "\"{{ a.b[0] | c }}\"", "[]", "[1]",
            "{}", "{ a = 1 }", "[{}]", "1979-05-27", "'''\n'''", "[[[]]]", "{ get = \"/\", post = 1 }",
        ]),
    ) {
        let changed: Vec<String> = EXAMPLE
            .lines()
            .enumerate()
            .map(|(number, text)| match text.split_once(" = ") {
                Some((key, _)) if number == line => format!("{key} = {value}"),
                _ => text.to_owned(),
            })
            .collect();
        read(&changed.join("\n"));
    }
}
