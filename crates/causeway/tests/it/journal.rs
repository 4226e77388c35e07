//! A journal that cannot be used, and what is said about it. Nothing is lost or made by a refusal.

use std::fs;

use rusqlite::Connection;

use crate::support::{Folder, RunningGateway, SHIELDPRESS};

fn with_provider() -> Folder {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    folder.add_provider("sunny", "credential", &[]);
    folder
}

const SERVE: [&str; 4] = ["serve", "shieldpress.toml", "--listen", "127.0.0.1:0"];

#[test]
fn a_journal_that_is_not_there_is_not_made_by_looking() {
    let folder = Folder::new();
    let id = "0198f2a0-0000-7000-8000-000000000000";
    let looks: [&[&str]; 4] = [
        &["operations"],
        &["operation", id],
        &["provider", "list"],
        &["provider", "rotate", "x"],
    ];
    for arguments in looks {
        let error = folder.fails(arguments);
        assert!(error.contains("there is no journal at"), "{error}");
        assert!(error.contains("--journal"), "{error}");
    }
    assert!(!folder.path("data").exists());
}

#[test]
fn one_journal_serves_one_gateway() {
    let folder = with_provider();
    let running = RunningGateway::start(&folder, &["shieldpress.toml"]);
    let error = folder.fails(&SERVE);
    assert!(error.contains("another gateway (process "), "{error}");
    assert!(folder.does(&["provider", "list"]).contains("sunny"));
    assert_eq!(running.terminate().0, 0);
}

#[test]
fn a_damaged_journal_is_left_as_it_is() {
    let folder = with_provider();
    fs::write(
        folder.path("data/journal.sqlite"),
        "not a database, but something",
    )
    .unwrap();
    let error = folder.fails(&SERVE);
    assert!(error.contains("the journal is damaged"), "{error}");
    assert!(error.contains("journal.sqlite"), "{error}");
    assert_eq!(
        folder.read("data/journal.sqlite"),
        "not a database, but something"
    );
}

#[test]
fn a_newer_journal_is_refused() {
    let folder = with_provider();
    let database = Connection::open(folder.path("data/journal.sqlite")).unwrap();
    database
        .execute("INSERT INTO migrations VALUES (99, 'later', x'00', 0)", [])
        .unwrap();
    for arguments in [&SERVE[..], &["operations"]] {
        let error = folder.fails(arguments);
        assert!(error.contains("newer version"), "{error}");
    }
}

#[test]
fn a_locked_journal_says_who_to_wait_for() {
    let folder = with_provider();
    let database = Connection::open(folder.path("data/journal.sqlite")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = folder.fails(&["provider", "rotate", "sunny"]);
    assert!(error.contains("locked for more than 5 s"), "{error}");
}

/// For root, too: this place is read-only by itself.
#[test]
#[cfg(target_os = "linux")]
fn a_place_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    let place = [
        "--journal",
        "/sys/journal.sqlite",
        "--key-file",
        "causeway.key",
    ];
    let error = folder.fails(&[&SERVE[..], &place].concat());
    assert!(
        error.contains("cannot be written: /sys/journal.sqlite"),
        "{error}"
    );
}

#[test]
fn a_lost_key_is_not_replaced() {
    let folder = with_provider();
    fs::remove_file(folder.path("data/causeway.key")).unwrap();
    let error = folder.fails(&SERVE);
    assert!(error.contains("causeway.key cannot be read"), "{error}");
    assert!(!folder.path("data/causeway.key").exists());

    let other = with_provider();
    fs::copy(
        other.path("data/causeway.key"),
        folder.path("data/causeway.key"),
    )
    .unwrap();
    let error = folder.fails(&["operations"]);
    assert!(error.contains("cannot be opened with this key"), "{error}");
}

#[test]
fn a_backup_made_beside_a_gateway_is_restored_into_an_empty_place() {
    let folder = with_provider();
    let running = RunningGateway::start(&folder, &["shieldpress.toml"]);
    let said = folder.does(&["journal", "backup", "backup.sqlite"]);
    assert!(said.contains("causeway.key"), "{said}");
    assert!(
        folder
            .fails(&["journal", "backup", "backup.sqlite"])
            .contains("there already")
    );
    folder.does(&["provider", "remove", "sunny"]);
    let full = folder.fails(&["journal", "restore", "backup.sqlite"]);
    assert!(full.contains("--force"), "{full}");
    let in_use = folder.fails(&["journal", "restore", "backup.sqlite", "--force"]);
    assert!(in_use.contains("another gateway (process "), "{in_use}");
    assert_eq!(running.terminate().0, 0);
    assert!(!folder.does(&["provider", "list"]).contains("sunny"));

    let before = folder.read_bytes("data/journal.sqlite");
    fs::write(
        folder.path("broken.sqlite"),
        &folder.read_bytes("backup.sqlite")[..6000],
    )
    .unwrap();
    folder.fails(&["journal", "restore", "broken.sqlite", "--force"]);
    assert_eq!(folder.read_bytes("data/journal.sqlite"), before);
    folder.does(&["journal", "restore", "backup.sqlite", "--force"]);
    assert!(folder.does(&["provider", "list"]).contains("sunny"));
    let mut left: Vec<_> = fs::read_dir(folder.path("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        ["causeway.key", "journal.sqlite", "journal.sqlite.lock"]
    );
}

#[test]
fn a_journal_that_is_not_whole_is_told_by_row_and_exit_code() {
    let folder = with_provider();
    let said = folder.does(&["journal", "verify"]);
    assert!(
        said.contains("1 providers") && said.contains("is whole"),
        "{said}"
    );
    let database = Connection::open(folder.path("data/journal.sqlite")).unwrap();
    database
        .execute("UPDATE providers SET credential = x'010203'", [])
        .unwrap();
    let ran = folder.run(&["journal", "verify"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stdout.contains("providers 1: "), "{ran:#?}");
    assert!(ran.stdout.contains("1 fault"), "{ran:#?}");
}

#[test]
fn an_export_is_one_object_a_line() {
    let folder = with_provider();
    let exported = folder.does(&["journal", "export"]);
    let lines: Vec<serde_json::Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["type"], &lines[0]["name"]),
        (&"provider".into(), &"sunny".into())
    );
    assert!(!exported.contains("credential"));
}
