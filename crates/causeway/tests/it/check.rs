//! `causeway check`.

use serde_json::Value;

use crate::support::{Folder, SHIELDPRESS};

/// The example with five mistakes, and the lines that they are on.
fn five_mistakes() -> (String, [usize; 5]) {
    let mistakes = [
        (
            "name        = \"shieldpress\" ",
            "name        = \"Shield-Press\"",
        ),
        ("default     = \"basic\"", "defalt      = \"basic\""),
        ("adopt  = \"always\"", "adopt  = \"allways\""),
        (
            "plan = \"{{ options.plan }}\", type_id = 1",
            "plan = \"{{ options.plam }}\", type_id = 1",
        ),
        ("forget = [\"service_id\"", "forget = [\"servce_id\""),
    ];
    let mut text = SHIELDPRESS.to_owned();
    for (right, wrong) in mistakes {
        assert!(text.contains(right), "{right}");
        text = text.replacen(right, wrong, 1);
    }
    let line_of = |wrong: &str| text.lines().position(|line| line.contains(wrong)).unwrap() + 1;
    let lines = mistakes.map(|(_, wrong)| line_of(wrong));
    (text, lines)
}

#[test]
fn five_mistakes_are_five_reports_each_at_its_line() {
    let folder = Folder::new();
    let (text, _) = five_mistakes();
    folder.write("five.toml", text);
    let ran = folder.run(&["check", "five.toml"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn editors_get_one_json_array() {
    let folder = Folder::new();
    let (text, lines) = five_mistakes();
    folder.write("five.toml", text);
    folder.write("good.toml", SHIELDPRESS);
    let ran = folder.run(&["check", "--json", "five.toml", "good.toml", "absent.toml"]);
    assert_eq!(ran.code, 1);
    let diagnostics: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let (last, of_five) = diagnostics.split_last().unwrap();
    let found: Vec<_> = of_five
        .iter()
        .map(|each| each["line"].as_u64().unwrap() as usize)
        .collect();
    assert_eq!(found, lines);
    for each in of_five {
        assert_eq!(each["file"], "five.toml");
        assert_eq!(each["severity"], "error");
        assert!(
            each["column"].as_u64().unwrap() > 0 && each["message"].is_string(),
            "{each}"
        );
    }
    assert_eq!(last["file"], "absent.toml");
    assert_eq!(last["code"], "causeway::unreadable");
}

#[test]
fn a_good_definition_gets_a_summary_and_what_can_be_repeated() {
    let folder = Folder::new();
    folder.write("good.toml", SHIELDPRESS);
    let text = folder.does(&["check", "good.toml"]);
    assert!(
        text.starts_with("✓ good.toml: ShieldPress Security, 2 resources, 9 operations"),
        "{text}"
    );
    assert!(
        text.contains("create subscription  looks before it sends again (find)"),
        "{text}"
    );
}

#[test]
fn a_warning_is_an_error_only_when_asked() {
    let folder = Folder::new();
    let find = SHIELDPRESS
        .lines()
        .find(|line| line.starts_with("find   = { get = \"/services\""))
        .unwrap();
    let text = SHIELDPRESS
        .replace(find, "")
        .replace(", idempotency_header = \"Idempotency-Key\"", "");
    folder.write("doubled.toml", text);
    let text = folder.does(&["check", "doubled.toml"]);
    assert!(text.contains("! create subscription"), "{text}");
    assert!(text.contains("1 warning"), "{text}");
    assert_eq!(
        folder
            .run(&["check", "--deny-warnings", "doubled.toml"])
            .code,
        1
    );
}

#[test]
fn hostile_files_get_short_reports() {
    let folder = Folder::new();
    folder.write("huge.toml", vec![b'a'; 10 * 1024 * 1024]);
    folder.write("one-line.toml", vec![b'a'; 900_000]);
    folder.write("latin1.toml", b"[service]\nname = \"caf\xe9\"\n");
    folder.write("empty.toml", "");
    for (file, said) in [
        ("huge.toml", "10485760 bytes"),
        ("one-line.toml", "one-line.toml:1:"),
        ("latin1.toml", "latin1.toml:2:12"),
        ("empty.toml", "the definition needs `service`"),
        (".", "cannot be read"),
    ] {
        let ran = folder.run(&["check", file]);
        assert_eq!(ran.code, 1, "{file}: {ran:#?}");
        assert!(ran.stdout.contains(said), "{file}: {}", ran.stdout);
        assert!(
            ran.stdout.len() < 8000,
            "{file}: {} bytes",
            ran.stdout.len()
        );
        assert_eq!(ran.stderr, "", "{file}");
    }
}
