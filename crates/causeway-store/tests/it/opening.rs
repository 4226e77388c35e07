//! What opens, and what is refused with which words.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{Store as _, StoreError};
use causeway_store::{KeyFile, Role, SqliteStore};
use rusqlite::Connection;

use crate::support::{Folder, add_provider, begin, call, key};

#[tokio::test]
async fn a_journal_is_for_its_owner_and_opens_again() {
    let folder = Folder::new();
    let store = folder.open();
    let id = add_provider(&store, "alpha").await;
    let files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap())
        .collect();
    assert!(files.len() >= 4, "journal, log, lock and key: {files:?}");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file:?} {mode:o}");
    }
    store.close();
    assert_eq!(folder.open().providers().await.unwrap()[0].id, id);
}

#[tokio::test]
async fn a_second_gateway_is_refused_and_a_tool_is_not() {
    let folder = Folder::new();
    let gateway = folder.open();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    let process = format!("process {}", std::process::id());
    assert!(error.to_string().contains(&process), "{error}");

    let tool = folder.try_open(Role::Tool).unwrap();
    let id = add_provider(&tool, "alpha").await;
    assert_eq!(gateway.providers().await.unwrap()[0].id, id);
    gateway.close();
    folder.open();
}

#[test]
fn a_tool_makes_a_journal_but_not_under_a_gateway_of_another_version() {
    let folder = Folder::new();
    folder.try_open(Role::Tool).unwrap();
    let gateway = folder.open();
    // An older gateway would not have made this migration.
    let connection = Connection::open(folder.journal()).unwrap();
    connection.execute("DELETE FROM migrations", []).unwrap();
    let error = folder.try_open(Role::Tool).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    gateway.close();
}

#[test]
fn a_locked_file_is_unavailable() {
    let folder = Folder::new();
    folder.open().close();
    let other = Connection::open(folder.journal()).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        .unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("another process"), "{error}");
}

#[tokio::test]
async fn a_write_under_anothers_lock_is_unavailable_and_works_afterwards() {
    let folder = Folder::new();
    let store = folder.open();
    let other = Connection::open(folder.journal()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    other.execute_batch("ROLLBACK").unwrap();
    store.check().await.unwrap();
}

/// For root too: these places are read-only by themselves.
#[test]
#[cfg(target_os = "linux")]
fn a_place_that_cannot_be_written_is_read_only() {
    let folder = Folder::new();
    for (path, role) in [
        (Path::new("/sys/journal.db"), Role::Tool),
        (Path::new("/sys/journal.db"), Role::Gateway),
        (folder.path(), Role::Tool),
    ] {
        let keys = KeyFile::open_or_create(&folder.key_file()).unwrap();
        let error = SqliteStore::open(path, keys, role).unwrap_err();
        assert!(
            matches!(error, StoreError::ReadOnly(_)),
            "{path:?}: {error}"
        );
    }
}

#[test]
fn a_missing_folder_is_named() {
    let folder = Folder::new();
    let keys = KeyFile::open_or_create(&folder.key_file()).unwrap();
    let path = folder.path().join("missing/journal.db");
    let error = SqliteStore::open(&path, keys, Role::Gateway).unwrap_err();
    assert!(error.to_string().contains("missing/journal.db"), "{error}");
    assert!(error.to_string().contains("does not exist"), "{error}");
}

#[test]
fn a_journal_of_a_newer_version_is_refused_with_both_versions() {
    let folder = Folder::new();
    folder.open().close();
    let connection = Connection::open(folder.journal()).unwrap();
    connection
        .execute("INSERT INTO migrations VALUES (99, 'later', x'00', 0)", [])
        .unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::NewerVersion(_)), "{error}");
    assert!(error.to_string().contains("schema version 99"), "{error}");
    assert!(error.to_string().contains("up to version 3"), "{error}");
}

#[test]
fn a_journal_of_another_build_is_refused() {
    let folder = Folder::new();
    folder.open().close();
    let connection = Connection::open(folder.journal()).unwrap();
    connection
        .execute("UPDATE migrations SET checksum = x'00'", [])
        .unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(error.to_string().contains("another migration 1"), "{error}");
}

#[test]
fn the_database_of_another_program_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let other = Connection::open(folder.journal()).unwrap();
    other.execute_batch("CREATE TABLE theirs (a)").unwrap();
    drop(other);
    let before = fs::read(folder.journal()).unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(error.to_string().contains("another program"), "{error}");
    assert_eq!(fs::read(folder.journal()).unwrap(), before);
}

#[test]
fn a_file_without_its_header_is_damaged() {
    let folder = Folder::new();
    folder.open().close();
    overwrite(&folder.journal(), 0, 100);
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
}

#[tokio::test]
async fn a_file_with_broken_pages_is_damaged_when_they_are_read() {
    let folder = Folder::new();
    let store = folder.open();
    let provider = add_provider(&store, "alpha").await;
    for number in 0..100 {
        let key = key(provider, &format!("service-{number}"));
        begin(&store, call(key, OperationKind::Create)).await;
    }
    store.close();
    let (page_size, root) = operations_page(&folder.journal());
    overwrite(&folder.journal(), (root - 1) * page_size, page_size);

    let store = folder.open();
    let filter = OperationFilter {
        limit: 10,
        ..OperationFilter::default()
    };
    let error = store.operations(filter).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(error.to_string().contains("backup"), "{error}");
}

#[test]
fn another_key_file_is_refused_at_once() {
    let folder = Folder::new();
    folder.open().close();
    fs::remove_file(folder.key_file()).unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
}

#[test]
fn another_key_of_the_same_name_is_refused_at_once() {
    let folder = Folder::new();
    folder.open().close();
    let text = fs::read_to_string(folder.key_file()).unwrap();
    let id = text.split(':').nth(1).unwrap();
    let other = format!("causeway-key-1:{id}:{}=\n", "A".repeat(43));
    fs::write(folder.key_file(), other).unwrap();
    let error = folder.try_open(Role::Gateway).unwrap_err();
    assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
}

fn operations_page(path: &Path) -> (u64, u64) {
    let connection = Connection::open(path).unwrap();
    let number = |sql| -> u64 {
        let number: u32 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        number.into()
    };
    let root = number("SELECT rootpage FROM sqlite_schema WHERE name = 'operations'");
    (number("PRAGMA page_size"), root)
}

fn overwrite(path: &Path, start: u64, length: u64) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(start)).unwrap();
    file.write_all(&vec![0xA5; usize::try_from(length).unwrap()])
        .unwrap();
}
