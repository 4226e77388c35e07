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
