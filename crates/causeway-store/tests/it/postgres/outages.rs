//! A server that goes away and comes back loses nothing, and nothing is half done.

use std::sync::Arc;
use std::time::Duration;

use causeway_definition::OperationKind;
use causeway_engine::{Acceptance, Commit, OperationId, Outcome, Store as _, StoreError};
use causeway_store::{PostgresStore, Role};
use serde_json::json;

use super::{Database, start_server};
use crate::support::{
    SUCCEEDED, active, add_provider, begin, call, ended, exchange, key, progress,
};

#[derive(Clone, Copy)]
enum End {
    Stop,
    Kill,
}

#[tokio::test]
async fn a_commit_that_is_sent_again_is_done_once() {
    let database = Database::new();
    let store = database.gateway().await;
    let key = key(add_provider(&store, "alpha").await, "service-1");
    let (operation, _) = begin(&store, call(key.clone(), OperationKind::Create)).await;
    let middle = Commit {
        service: Some(active(key, json!({ "user_id": 1 }))),
        exchanges: vec![exchange(1, Outcome::Done)],
        ..progress(operation.id, 1)
    };
    let end = ended(operation.id, SUCCEEDED);
    for commit in [middle, end] {
        for _ in 0..2 {
            store.commit(commit.clone()).await.unwrap();
        }
    }
    assert_eq!(store.exchanges(operation.id).await.unwrap().len(), 1);
    let other = ended(operation.id, crate::support::failed("another end"));
    let refused = store.commit(other).await;
    assert!(
        matches!(refused, Err(StoreError::NotOpen(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_connection_that_breaks_is_not_noticed() {
    let database = Database::new();
    let store = database.gateway().await;
    let provider = add_provider(&store, "alpha").await;
    for number in 0..5 {
        database.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        let key = key(provider, &format!("service-{number}"));
        let (operation, _) = begin(&store, call(key, OperationKind::Create)).await;
        store.commit(ended(operation.id, SUCCEEDED)).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_a_gateways_without_its_knowledge_is_given_to_it_once() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let (known, _) = begin(&second, call(key(provider, "known"), OperationKind::Create)).await;
    let (unknown, _) = begin(
        &first,
        call(key(provider, "unknown"), OperationKind::Create),
    )
    .await;
    assert!(second.take_over().await.unwrap().is_empty());
    // As when the connection breaks while the server commits: it is recorded, and nobody was told.
    database.sql("UPDATE operations SET node = (SELECT max(number) FROM nodes)");
    let taken = second.take_over().await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].operation, unknown);
    assert!(second.take_over().await.unwrap().is_empty());
    for id in [known.id, unknown.id] {
        second.commit(ended(id, SUCCEEDED)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_dies_and_comes_back_has_all_that_was_acknowledged() {
    let server = Arc::new(tokio::task::spawn_blocking(start_server).await.unwrap());
    let database = Database::of(&server);
    let store = Arc::new(database.gateway().await);
    let provider = add_provider(&*store, "alpha").await;
    let workers: Vec<_> = (0..8)
        .map(|worker| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut done = Vec::new();
                for number in 0..60 {
                    let key = key(provider, &format!("service-{worker}-{number}"));
                    done.push(one_life(&store, key).await);
                }
                done
            })
        })
        .collect();
    for down in [End::Stop, End::Kill, End::Kill] {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let server = Arc::clone(&server);
        let back = tokio::task::spawn_blocking(move || {
            match down {
                End::Stop => server.stop(),
                End::Kill => server.kill(),
            }
            server.start()
        });
        back.await.unwrap().unwrap();
    }
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    let reader = database.try_open(Role::Tool).await.unwrap();
    assert_eq!(reader.count_open().await.unwrap(), 0);
    for id in done {
        let operation = reader
            .operation(id)
            .await
            .unwrap()
            .expect("it was acknowledged");
        assert_eq!(
            (operation.standing.name(), operation.steps_done),
            ("succeeded", 2)
        );
        assert_eq!(reader.exchanges(id).await.unwrap().len(), 1);
        let service = reader.service(&operation.service).await.unwrap().unwrap();
        assert_eq!(service.properties["of"], json!(id));
    }
}

/// One operation from call to end; each verb is sent again, as it is, until it is answered. Nobody
/// renews the lease, and nobody else is there to end it.
async fn one_life(store: &PostgresStore, key: causeway_engine::ServiceKey) -> OperationId {
    let new = call(key.clone(), OperationKind::Create);
    let accepted = until_answered(|| store.accept(new.clone())).await;
    let id = match accepted {
        Acceptance::Begun { operation, .. } => operation.id,
        other => panic!("{other:?}"),
    };
    assert_eq!(id, new.id);
    let middle = Commit {
        service: Some(active(key, json!({ "of": id }))),
        exchanges: vec![exchange(1, Outcome::Done)],
        ..progress(id, 1)
    };
    until_answered(|| store.commit(middle.clone())).await;
    until_answered(|| store.commit(ended(id, SUCCEEDED))).await;
    id
}

async fn until_answered<T, F: Future<Output = Result<T, StoreError>>>(verb: impl Fn() -> F) -> T {
    loop {
        match verb().await {
            Ok(answer) => return answer,
            Err(StoreError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    }
}
