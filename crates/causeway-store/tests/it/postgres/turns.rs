//! Turns among gateways.

use std::time::{Duration, Instant};

use causeway_engine::{Store as _, StoreError};

use super::Database;
use crate::support::{SUCCEEDED, add_provider, ended, open_create, until_taken};

#[tokio::test]
async fn a_turn_is_one_operations_until_it_ends_or_takes_another() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let one = open_create(&first, provider, "service-1").await;
    let other = open_create(&second, provider, "service-2").await;

    assert!(first.take_turn(one, "user:ada").await.unwrap());
    assert!(
        first.take_turn(one, "user:ada").await.unwrap(),
        "it is its own already"
    );
    assert!(!second.take_turn(other, "user:ada").await.unwrap());
    assert!(second.take_turn(other, "user:bob").await.unwrap());
    // Taking another one gives the first one back.
    assert!(!first.take_turn(one, "user:bob").await.unwrap());
    assert!(second.take_turn(other, "user:ada").await.unwrap());
    assert!(first.take_turn(one, "user:bob").await.unwrap());
    assert!(!first.take_turn(one, "user:ada").await.unwrap());

    second.commit(ended(other, SUCCEEDED)).await.unwrap();
    assert!(first.take_turn(one, "user:ada").await.unwrap());
    let refused = second.take_turn(other, "user:carol").await;
    assert!(
        matches!(refused, Err(StoreError::NotOpen(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_turn_stays_the_operations_own_when_it_is_taken_over() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let one = open_create(&first, provider, "service-1").await;
    let other = open_create(&second, provider, "service-2").await;
    assert!(first.take_turn(one, "user:ada").await.unwrap());
    first.end_lease().await.unwrap();
    assert_eq!(second.take_over().await.unwrap().len(), 1);
    assert!(!second.take_turn(other, "user:ada").await.unwrap());
    assert!(second.take_turn(one, "user:ada").await.unwrap());
}

#[tokio::test]
async fn of_many_who_want_a_turn_at_once_one_gets_it() {
    let database = Database::new();
    let stores = [database.gateway().await, database.gateway().await];
    let provider = add_provider(&stores[0], "alpha").await;
    let mut wishes = Vec::new();
    for number in 0..16 {
        let store = &stores[number % 2];
        wishes.push((
            store,
            open_create(store, provider, &format!("service-{number}")).await,
        ));
    }
    let taken = wishes
        .iter()
        .map(|(store, id)| store.take_turn(*id, "user:ada"));
    let taken = futures::future::join_all(taken).await;
    let winners = taken
        .iter()
        .filter(|taken| *taken.as_ref().unwrap())
        .count();
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_turns_key_is_not_readable_in_the_database() {
    let database = Database::new();
    let store = database.gateway().await;
    let provider = add_provider(&store, "alpha").await;
    let one = open_create(&store, provider, "service-1").await;
    assert!(
        store
            .take_turn(one, "user:ada@client.example")
            .await
            .unwrap()
    );
    let kept =
        database.sql("SELECT count(*), bool_or(position('ada'::bytea IN key) > 0) FROM turns");
    assert_eq!(kept, "1|f");
}

#[tokio::test]
async fn a_turn_that_settles_is_given_on_only_some_time_after_it_was_given_back() {
    let settle = Duration::from_millis(300);
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let one = open_create(&first, provider, "service-1").await;
    let other = open_create(&second, provider, "service-2").await;

    let not_its_own = first.settle_turn(one, "user:ada", settle).await;
    assert!(
        matches!(not_its_own, Err(StoreError::TakenOver(_))),
        "{not_its_own:?}"
    );

    // Given back for another one, and its own again at once.
    assert!(first.take_turn(one, "user:ada").await.unwrap());
    first.settle_turn(one, "user:ada", settle).await.unwrap();
    assert!(first.take_turn(one, "user:bob").await.unwrap());
    assert!(first.take_turn(one, "user:ada").await.unwrap());
    assert!(!second.take_turn(other, "user:ada").await.unwrap());
    assert!(second.take_turn(other, "user:bob").await.unwrap());
    assert!(second.take_turn(other, "user:carol").await.unwrap());

    // It went with its holder's end.
    let ended_at = Instant::now();
    first.commit(ended(one, SUCCEEDED)).await.unwrap();
    until_taken(&second, other, "user:ada").await;
    assert!(ended_at.elapsed() >= settle);

    // Whoever has it now made nothing under it.
    second.commit(ended(other, SUCCEEDED)).await.unwrap();
    let next = open_create(&first, provider, "service-3").await;
    assert!(first.take_turn(next, "user:ada").await.unwrap());
}

#[tokio::test]
async fn a_turn_settles_when_its_holder_was_taken_over() {
    let settle = Duration::from_millis(300);
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let one = open_create(&first, provider, "service-1").await;
    let other = open_create(&second, provider, "service-2").await;
    assert!(first.take_turn(one, "user:ada").await.unwrap());
    first.settle_turn(one, "user:ada", settle).await.unwrap();
    first.end_lease().await.unwrap();
    assert_eq!(second.take_over().await.unwrap().len(), 1);
    let ended_at = Instant::now();
    second.commit(ended(one, SUCCEEDED)).await.unwrap();
    until_taken(&second, other, "user:ada").await;
    assert!(ended_at.elapsed() >= settle);
}

#[tokio::test]
async fn turns_that_have_settled_are_forgotten() {
    let database = Database::new();
    let store = database.gateway().await;
    let provider = add_provider(&store, "alpha").await;
    let one = open_create(&store, provider, "service-1").await;
    assert!(store.take_turn(one, "user:ada").await.unwrap());
    let settle = Duration::from_millis(50);
    store.settle_turn(one, "user:ada", settle).await.unwrap();
    store.commit(ended(one, SUCCEEDED)).await.unwrap();
    assert_eq!(database.sql("SELECT count(*) FROM turns"), "1");
    while database.sql("SELECT count(*) FROM turns") != "0" {
        assert!(store.take_over().await.unwrap().is_empty());
    }
}
