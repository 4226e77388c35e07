//! `causeway provider`.

use serde_json::Value;

use crate::support::{Folder, token_in};

#[test]
fn a_provider_lives_from_add_to_remove() {
    let folder = Folder::new();
    let token = folder.add_provider("sunny", "cr3dential-of-sunny\n", &[]);
    folder.add_provider("rainy", "other", &["--api", "https://sandbox.example/v1"]);
    let list: Value = serde_json::from_str(&folder.does(&["provider", "list", "--json"])).unwrap();
    assert_eq!(list[0]["name"], "rainy");
    assert_eq!(list[0]["api"], "https://sandbox.example/v1");
    assert_eq!(list[1]["api"], Value::Null);

    let rotated = token_in(&folder.does(&["provider", "rotate", "sunny"]));
    assert_ne!(rotated, token);
    folder.does(&["provider", "change", "rainy", "--no-api"]);
    let list = folder.does(&["provider", "list"]);
    assert!(!list.contains("sandbox.example"), "{list}");
    assert!(
        !list.contains("cw_") && !list.contains("cr3dential"),
        "{list}"
    );

    folder.does(&["provider", "remove", "sunny"]);
    assert!(!folder.does(&["provider", "list"]).contains("sunny"));
    for action in ["rotate", "remove", "change"] {
        let arguments = ["provider", action, "sunny"];
        let ran = folder.run_with_input(&arguments, "new");
        assert!(
            ran.code == 1 && ran.stderr.contains("no provider named `sunny`"),
            "{ran:#?}"
        );
    }
}

#[test]
fn a_credential_comes_from_a_file_the_environment_or_the_input() {
    let folder = Folder::new();
    folder.write("credential", "from-a-file\n");
    folder.does(&["provider", "add", "one", "--credential-file", "credential"]);
    let added = folder
        .command(&["provider", "add", "two"])
        .env("CAUSEWAY_CREDENTIAL", "x")
        .output();
    assert!(added.unwrap().status.success());
    folder.add_provider("three", "from-the-input", &["--credential-file", "-"]);
    assert_eq!(folder.does(&["provider", "list"]).lines().count(), 4);
}

#[test]
fn two_providers_with_one_credential_are_warned_of() {
    let folder = Folder::new();
    let add = |name: &str, credential: &str| {
        folder.run_with_input(&["provider", "add", name], credential)
    };
    assert_eq!(add("sunny", "cr3dential").stderr, "");
    assert_eq!(add("windy", "of-its-own").stderr, "");
    let shared = add("rainy", "cr3dential");
    assert_eq!(shared.code, 0);
    assert!(
        shared
            .stderr
            .contains("sunny has the same vendor credential")
            && !shared.stderr.contains("cr3dential"),
        "{shared:#?}"
    );
    let change = ["provider", "change", "windy"];
    let changed = folder.run_with_input(&change, "cr3dential");
    assert!(changed.stderr.contains("rainy, sunny have"), "{changed:#?}");
    let changed = folder.run_with_input(&change, "another");
    assert_eq!(changed.stderr, "");
}

#[test]
fn what_makes_no_provider_is_refused() {
    let folder = Folder::new();
    folder.add_provider("sunny", "credential", &[]);
    for (input, said) in [
        ("", "the credential is empty"),
        ("two\nlines", "line breaks"),
    ] {
        let ran = folder.run_with_input(&["provider", "add", "rainy"], input);
        assert!(ran.code == 1 && ran.stderr.contains(said), "{ran:#?}");
    }
    let empty = folder.fails(&["provider", "add", "rainy"]);
    assert!(empty.contains("CAUSEWAY_CREDENTIAL"), "{empty}");
    let ran = folder.run_with_input(&["provider", "add", "sunny"], "credential");
    assert!(
        ran.code == 1 && ran.stderr.contains("causeway provider rotate"),
        "{ran:#?}"
    );
    let absent = ["provider", "add", "rainy", "--credential-file", "absent"];
    assert!(folder.fails(&absent).contains("absent cannot be read"));
    for api in [
        "http://api.example",
        "ftp://api.example",
        "https://u:p@api.example",
        "nothing",
    ] {
        let ran = folder.run_with_input(&["provider", "add", "rainy", "--api", api], "credential");
        assert!(
            ran.code == 2 && ran.stderr.contains("--api"),
            "{api}: {ran:#?}"
        );
    }
    assert_eq!(folder.run(&["provider", "add", "a b"]).code, 2);
}

#[test]
#[cfg(unix)]
fn journal_and_key_are_for_their_owner_and_tell_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let token = folder.add_provider("sunny", "cr3dential-of-sunny", &[]);
    let mode = |name: &str| folder.path(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    assert_eq!(mode("data/causeway.key"), 0o600);
    assert_eq!(mode("data/journal.sqlite"), 0o600);
    for entry in std::fs::read_dir(folder.path("data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("cr3dential-of-sunny") && !text.contains(&token));
    }
}
