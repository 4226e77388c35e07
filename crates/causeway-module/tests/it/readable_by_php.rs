//! PHP 7.4 to 8.4 read what a build makes, whatever the definition holds.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::php::{php, script};
use crate::support::{Installed, SHIELDPRESS, SMALL};

/// Titles, labels and choices that would break careless quoting.
const NASTY: [&str; 8] = [
    "O'Brien \"& Söhne\" <b>",
    "ends */ here /* and // there",
    "<?php echo 1; ?> and <?= 2 ?>",
    "back\\slash\\",
    "$params ${HOME} {$x} \\n",
    "tab\there",
    "🛡️ Schild",
    "' . die() . '",
];

fn nasty() -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut source = SMALL.replace(
        "title = \"Small\"",
        &format!("title = {}", quoted(NASTY[0])),
    );
    for (number, text) in NASTY.iter().enumerate() {
        let text = quoted(text);
        source += &format!(
            "\n[options.option_{number}]\nlabel = {text}\ndescription = {text}\nchoices = {{ {text} = {text}, \"0\" = \"none\" }}\n"
        );
    }
    source
        + &format!(
            "\n[client_area]\nshow = [{{ label = {}, value = \"{{{{ thing_id }}}}\" }}]\n",
            quoted(NASTY[2])
        )
}

fn modules() -> Vec<Installed> {
    [SHIELDPRESS, SMALL, &nasty()]
        .map(|source| Installed::new(source, "https://gateway.example"))
        .into()
}

#[test]
fn every_value_reads_back_as_the_definition_has_it() {
    let module = Installed::new(&nasty(), "https://gateway.example");
    let folder = module.folder().display().to_string();
    let settings: Value = serde_json::from_str(&php(
        &[script("settings.php").as_str(), &folder, "Small"],
        "",
    ))
    .unwrap();
    assert_eq!(settings["TITLE"], NASTY[0]);
    assert_eq!(settings["SHOWN"][0]["label"], NASTY[2]);
    for (number, text) in NASTY.iter().enumerate() {
        let expected = json!({ "FriendlyName": text, "Type": "dropdown", "Options": { (*text): text, "0": "none" }, "Description": text });
        let mut field = settings["OPTIONS"][format!("option_{number}")].clone();
        for further in ["SimpleMode", "Default"] {
            field.as_object_mut().unwrap().remove(further);
        }
        assert_eq!(field, expected);
    }
}

#[test]
fn every_file_is_php_to_the_php_at_hand() {
    for module in modules() {
        for file in php_files(&module.folder()) {
            php(&["-l", &file.display().to_string()], "");
        }
    }
}

#[test]
fn every_file_is_php_7_4() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/php74");
    assert!(
        folder.join("node_modules").is_dir(),
        "the parser for PHP 7.4 is not installed; run: npm ci --prefix crates/causeway-module/tests/php74"
    );
    let modules = modules();
    let output = Command::new("node")
        .arg(folder.join("parse.js"))
        .args(modules.iter().map(|module| module.dir.path()))
        .output()
        .expect("this test needs node on the path");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_check_for_php_7_4_sees_what_7_4_does_not_know() {
    let newer = [
        "$a = match (1) { default => 2 };",
        "$a = $b?->c;",
        "f(name: 1);",
        "function f(int|string $a) {}",
        "try { f(); } catch (E) { }",
        "class A { function __construct(private $a) {} }",
        "$a = str_contains('a', 'b');",
        "function f(): mixed {}",
        "function f(mixed $a) {}",
        "enum A { case B; }",
        "function f(): static {}",
        "function f($a,) {}",
        "$a = $b::class;",
        "throw_it(fn() => throw new E());",
        "class A { readonly int $a; }",
    ];
    let parser = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/php74/parse.js");
    for source in newer {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("newer.php"), format!("<?php\n{source}\n")).unwrap();
        let output = Command::new("node")
            .arg(&parser)
            .arg(dir.path())
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(1),
            "{source}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn php_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(php_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "php") {
            files.push(path);
        }
    }
    files
}
