//! What tells of a client cannot be read from the disk, from messages, or from `Debug`.

use std::fs;

use causeway_definition::OperationKind;
use causeway_engine::{Commit, Ending, Outcome, Standing, Store as _};
use causeway_store::{KeyFile, Role};
use serde_json::json;

use crate::support::{
    Folder, SUCCEEDED, active, add_provider, begin, call, ended, exchange, key, progress,
};

const SECRETS: [&str; 6] = [
    "hunter2-of-the-client",
    "ada@client.example",
    "shop.example",
    "credential of alpha",
    "SP-1234-5678",
    "said-by-the-vendor",
];

#[tokio::test]
async fn no_secret_is_readable_on_the_disk() {
    let folder = Folder::new();
    let store = folder.open();
    let key = key(add_provider(&store, "alpha").await, "service-1");
    let (operation, _) = begin(&store, call(key.clone(), OperationKind::Create)).await;
    let mut said = exchange(1, Outcome::Done);
    said.detail.answer = Some("said-by-the-vendor".to_owned());
    let commit = Commit {
        service: Some(active(key, json!({ "license_key": "SP-1234-5678" }))),
        exchanges: vec![said],
        ..progress(operation.id, 1)
    };
    store.commit(commit).await.unwrap();

    let readable = readable(&folder);
    assert!(
        readable.contains("journal.db-wal"),
        "the write-ahead log has to be looked at too"
    );
    assert!(
        readable.contains("service-1"),
        "the search has to find what is there"
    );
    for secret in SECRETS {
        assert!(!readable.contains(secret), "{secret} is readable");
    }
    assert!(!format!("{store:?}").contains("credential"));
}

#[tokio::test]
async fn the_reason_of_a_failure_is_sealed_because_vendors_quote_their_clients() {
    let folder = Folder::new();
    let store = folder.open();
    let key = key(add_provider(&store, "alpha").await, "service-1");
    let (operation, _) = begin(&store, call(key, OperationKind::Create)).await;
    let message = "ada@client.example is taken".to_owned();
    let failed = Ending::Failed {
        message: message.clone(),
    };
    store.commit(ended(operation.id, failed)).await.unwrap();

    let found = store.operation(operation.id).await.unwrap().unwrap();
    assert_eq!(found.standing, Standing::Ended(Ending::Failed { message }));
    assert!(!readable(&folder).contains("ada@client.example"));
}

#[tokio::test]
async fn nothing_of_the_input_is_left_when_the_operation_has_ended() {
    let folder = Folder::new();
    let store = folder.open();
    let key = key(add_provider(&store, "alpha").await, "service-1");
    let (operation, _) = begin(&store, call(key, OperationKind::Create)).await;
    store.commit(ended(operation.id, SUCCEEDED)).await.unwrap();
    store.close();

    let inputs: i64 = rusqlite::Connection::open(folder.journal())
        .unwrap()
        .query_row("SELECT count(*) FROM inputs", [], |row| row.get(0))
        .unwrap();
    assert_eq!(inputs, 0);
}

#[tokio::test]
async fn a_sealed_value_does_not_open_in_another_row() {
    let folder = Folder::new();
    let store = folder.open();
    let alpha = add_provider(&store, "alpha").await;
    add_provider(&store, "beta").await;
    store.close();
    rusqlite::Connection::open(folder.journal())
        .unwrap()
        .execute(
            "UPDATE providers SET credential = (SELECT credential FROM providers WHERE name = 'beta')
             WHERE name = 'alpha'",
            [],
        )
        .unwrap();

    let store = folder.try_open(Role::Tool).unwrap();
    let error = store
        .provider_by_token(crate::support::hash_of(alpha))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("changed or moved"), "{error}");
    assert!(!error.to_string().contains("credential of"), "{error}");
}

#[tokio::test]
async fn another_key_added_above_the_first_one_opens_what_was_sealed_before() {
    let folder = Folder::new();
    let store = folder.open();
    let alpha = add_provider(&store, "alpha").await;
    store.close();
    let old_hash = KeyFile::open(&folder.key_file())
        .unwrap()
        .keyed_hash("call", b"data");
    let old = fs::read_to_string(folder.key_file()).unwrap();
    let new_path = folder.path().join("new.key");
    KeyFile::open_or_create(&new_path).unwrap();
    let new = fs::read_to_string(&new_path).unwrap();
    fs::write(folder.key_file(), new.clone() + &old).unwrap();

    let store = folder.open();
    assert!(
        store
            .provider_by_token(crate::support::hash_of(alpha))
            .await
            .unwrap()
            .is_some()
    );
    let keys = KeyFile::open(&folder.key_file()).unwrap();
    assert_eq!(keys.keyed_hash("call", b"data"), old_hash);
}

/// The names and the bytes of every file in the folder but the key file.
fn readable(folder: &Folder) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path != folder.key_file() {
            text.push_str(&path.to_string_lossy());
            text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
        }
    }
    text
}
