//! Turns that a SQLite journal's last gateway left behind.

use std::time::{Duration, Instant};

use causeway_engine::{Store as _, StoreError};

use crate::support::{Folder, SUCCEEDED, add_provider, ended, open_create, until_taken};

const SETTLE: Duration = Duration::from_millis(300);

#[tokio::test]
async fn an_open_operation_has_its_turn_back_before_any_other_gets_it() {
    let folder = Folder::new();
    let store = folder.open();
    let provider = add_provider(&store, "alpha").await;
    let one = open_create(&store, provider, "service-1").await;
    let other = open_create(&store, provider, "service-2").await;
    store.settle_turn(one, "user:ada", SETTLE).await.unwrap();
    store.close();

    let store = folder.open();
    assert!(!store.take_turn(other, "user:ada").await.unwrap());
    assert!(store.take_turn(other, "user:bob").await.unwrap());
    assert!(store.take_turn(one, "user:ada").await.unwrap());
    // From here on it is this process's own matter.
    assert!(store.take_turn(other, "user:ada").await.unwrap());
}

#[tokio::test]
async fn a_turn_that_was_left_settles_after_it_is_given_back_and_after_its_operation_has_ended() {
    let folder = Folder::new();
    let store = folder.open();
    let provider = add_provider(&store, "alpha").await;
    let one = open_create(&store, provider, "service-1").await;
    let two = open_create(&store, provider, "service-2").await;
    let other = open_create(&store, provider, "service-3").await;
    store.settle_turn(one, "user:ada", SETTLE).await.unwrap();
    store.settle_turn(two, "user:bob", SETTLE).await.unwrap();
    store.close();

    let store = folder.open();
    let given_back = Instant::now();
    assert!(store.take_turn(one, "user:carol").await.unwrap());
    until_taken(&store, other, "user:ada").await;
    assert!(given_back.elapsed() >= SETTLE);

    let ended_at = Instant::now();
    store.commit(ended(two, SUCCEEDED)).await.unwrap();
    until_taken(&store, other, "user:bob").await;
    assert!(ended_at.elapsed() >= SETTLE);
}

#[tokio::test]
async fn what_ended_shortly_before_the_start_settles() {
    let folder = Folder::new();
    let store = folder.open();
    let provider = add_provider(&store, "alpha").await;
    let one = open_create(&store, provider, "service-1").await;
    store.settle_turn(one, "user:ada", SETTLE).await.unwrap();
    store.commit(ended(one, SUCCEEDED)).await.unwrap();
    let too_late = store.settle_turn(one, "user:ada", SETTLE).await;
    assert!(
        matches!(too_late, Err(StoreError::NotOpen(_))),
        "{too_late:?}"
    );
    store.close();

    let store = folder.open();
    let started_at = Instant::now();
    let next = open_create(&store, provider, "service-2").await;
    until_taken(&store, next, "user:ada").await;
    assert!(started_at.elapsed() >= SETTLE / 2);
}
