//! What opens, and what is refused with which words.

use causeway_engine::{Store as _, StoreError};
use causeway_store::{PostgresAddress, PostgresStore, Role};
use futures::future::join_all;

use super::{Database, SERVER};
use crate::support::{Folder, add_provider};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn gateways_that_start_together_make_one_journal() {
    let database = Database::new();
    let opening = (0..8).map(|_| database.try_open(Role::Gateway));
    for opened in join_all(opening).await {
        opened.unwrap().check().await.unwrap();
    }
    assert_eq!(
        database.sql("SELECT version, name FROM migrations ORDER BY version"),
        "1|journal\n2|settling turns"
    );
    assert_eq!(
        database.sql("SELECT count(*) FROM meta WHERE name = 'key_check'"),
        "1"
    );
}

#[tokio::test]
async fn a_journal_opens_again_and_leaves_the_rest_of_its_database_alone() {
    let database = Database::new();
    database.sql("CREATE TABLE public.services (theirs text)");
    let store = database.gateway().await;
    let id = add_provider(&store, "alpha").await;
    store.close();
    let store = database.try_open(Role::Tool).await.unwrap();
    assert_eq!(store.providers().await.unwrap()[0].id, id);
    assert_eq!(database.sql("SELECT count(*) FROM public.services"), "0");
}

#[tokio::test]
async fn a_journal_of_a_newer_version_or_another_build_is_refused() {
    let database = Database::new();
    database.gateway().await;
    database.sql("INSERT INTO migrations VALUES (99, 'later', '', 0)");
    let error = database.try_open(Role::Gateway).await.err().unwrap();
    assert!(matches!(error, StoreError::NewerVersion(_)), "{error}");
    assert!(error.to_string().contains("schema version 99"), "{error}");
    database.sql("DELETE FROM migrations WHERE version = 99; UPDATE migrations SET checksum = ''");
    let error = database.try_open(Role::Gateway).await.err().unwrap();
    assert!(error.to_string().contains("another migration 1"), "{error}");
}

#[tokio::test]
async fn a_journal_is_not_migrated_under_gateways() {
    let database = Database::new();
    let gateway = database.gateway().await;
    // They are of an older version, which did not make this migration.
    database.sql("DELETE FROM migrations");
    let error = database.try_open(Role::Tool).await.err().unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("1 gateway"), "{error}");
    gateway.close();
}

#[tokio::test]
async fn another_key_file_is_refused_at_once() {
    let database = Database::new();
    database.gateway().await;
    let other = Database {
        folder: Folder::new(),
        ..database
    };
    let error = other.try_open(Role::Tool).await.err().unwrap();
    assert!(matches!(error, StoreError::WrongKey(_)), "{error}");
}

#[tokio::test]
async fn a_database_that_cannot_be_used_says_what_to_do() {
    let database = Database::new();
    let url = |part: &str, other: &str| -> PostgresAddress {
        database.url.replace(part, other).parse().unwrap()
    };
    let name = database.url.rsplit('/').next().unwrap();
    let port = database
        .url
        .rsplit(':')
        .next()
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let password = database
        .url
        .split(':')
        .nth(2)
        .unwrap()
        .split('@')
        .next()
        .unwrap();
    for (address, expected) in [
        (url(password, "wrong"), "correct them"),
        (url(name, "nowhere"), "make the user and the database"),
        (url(port, "1"), "look whether the server runs"),
    ] {
        let error = PostgresStore::open(address, database.keys(), Role::Tool)
            .await
            .err()
            .unwrap();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        let told = error.to_string();
        assert!(
            told.contains(expected) && told.contains("causeway@127.0.0.1"),
            "{told}"
        );
        assert!(
            !told.contains(password) && !told.contains("wrong@"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_database_that_does_not_write_its_commits_down_is_refused() {
    let database = Database::new();
    let name = database.url.rsplit('/').next().unwrap();
    SERVER
        .sql(&format!(
            "ALTER DATABASE {name} SET synchronous_commit = off"
        ))
        .unwrap();
    let error = database.try_open(Role::Gateway).await.err().unwrap();
    assert!(error.to_string().contains("synchronous_commit"), "{error}");
}
