//! `causeway new`, `schema` and `build`: a vendor's engineer begins.

use serde_json::Value;

use crate::support::{Folder, SHIELDPRESS};

#[test]
fn a_new_definition_passes_the_check_and_builds() {
    let folder = Folder::new();
    folder.does(&["new", "acme"]);
    folder.does(&["check", "--deny-warnings", "acme.toml"]);
    folder.does(&[
        "build",
        "acme.toml",
        "--gateway",
        "https://gateway.example",
        "-o",
        "out",
    ]);
    assert!(
        folder
            .read("out/modules/servers/acme/acme.php")
            .contains("acme_CreateAccount")
    );
}

#[test]
fn nothing_is_overwritten_and_bad_names_are_mended() {
    let folder = Folder::new();
    folder.write("acme.toml", "mine");
    assert!(
        folder
            .fails(&["new", "acme"])
            .contains("acme.toml is there already")
    );
    assert_eq!(folder.read("acme.toml"), "mine");
    folder.does(&["new", "acme", "-o", "other.toml"]);
    assert!(folder.fails(&["new", "Acme-Host"]).contains("\"acmehost\""));
}

#[test]
fn the_schema_is_json() {
    let schema: Value = serde_json::from_str(&Folder::new().does(&["schema"])).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(schema["properties"]["service"].is_object());
}

#[test]
fn a_module_is_a_folder_an_archive_and_a_manual() {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    let build = [
        "build",
        "shieldpress.toml",
        "--gateway",
        "https://gateway.example",
        "-o",
        "out",
    ];
    let text = folder.does(&build);
    assert!(text.contains("out/shieldpress.zip"), "{text}");
    assert!(folder.read("out/INSTALL.md").contains("gateway.example"));
    assert!(
        folder
            .path("out/modules/servers/shieldpress/templates/clientarea.tpl")
            .is_file()
    );
    let archive = std::fs::read(folder.path("out/shieldpress.zip")).unwrap();
    folder.does(&build);
    assert_eq!(
        std::fs::read(folder.path("out/shieldpress.zip")).unwrap(),
        archive
    );
}

#[test]
fn a_module_is_not_made_from_mistakes() {
    let folder = Folder::new();
    folder.write("bad.toml", SHIELDPRESS.replace("adopt ", "adoptt "));
    folder.write("shieldpress.toml", SHIELDPRESS);
    folder.write(
        "logo.toml",
        SHIELDPRESS.replace("[auth]", "logo = \"no.png\"\n[auth]"),
    );
    for (file, gateway, said) in [
        (
            "bad.toml",
            "https://gateway.example",
            "bad.toml has 1 error",
        ),
        (
            "absent.toml",
            "https://gateway.example",
            "absent.toml cannot be read",
        ),
        ("shieldpress.toml", "http://gateway.example", "unencrypted"),
        (
            "logo.toml",
            "https://gateway.example",
            "no.png cannot be read",
        ),
    ] {
        let error = folder.fails(&["build", file, "--gateway", gateway, "-o", "out"]);
        assert!(error.contains(said), "{file}: {error}");
    }
    let ran = folder.run(&[
        "build",
        "shieldpress.toml",
        "--gateway",
        "gateway.example",
        "-o",
        "out",
    ]);
    assert!(
        ran.code == 2 && ran.stderr.contains("https://causeway.example"),
        "{ran:#?}"
    );
    assert!(!folder.path("out").exists());
}
