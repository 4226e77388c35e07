//! What many gateways do at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use causeway_definition::OperationKind;
use causeway_engine::{
    Acceptance, Claim, Commit, Identity, Origin, ServiceKey, Store as _, StoreError,
};
use causeway_store::PostgresStore;
use futures::future::join_all;
use serde_json::json;

use super::Database;
use crate::support::{SUCCEEDED, active, add_provider, begin, call, ended, key, progress};

async fn gateways(database: &Database) -> [Arc<PostgresStore>; 2] {
    [
        Arc::new(database.gateway().await),
        Arc::new(database.gateway().await),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_same_calls_one_begins_and_the_others_join_it() {
    let database = Database::new();
    let stores = gateways(&database).await;
    let provider = add_provider(&*stores[0], "alpha").await;
    for round in 0..10 {
        let key = key(provider, &format!("service-{round}"));
        let calls = (0..24).map(|number| {
            let (store, key) = (stores[number % 2].clone(), key.clone());
            tokio::spawn(async move { store.accept(call(key, OperationKind::Create)).await })
        });
        let (mut begun, mut joined) = (Vec::new(), BTreeSet::new());
        for answer in join_all(calls).await {
            match answer.unwrap().unwrap() {
                Acceptance::Begun { operation, .. } => begun.push(operation.id),
                Acceptance::Joined(id) => {
                    joined.insert(id);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(begun.len(), 1);
        assert_eq!(joined, BTreeSet::from([begun[0]]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_claim_one_thing_one_gets_it() {
    let database = Database::new();
    let stores = gateways(&database).await;
    let provider = add_provider(&*stores[0], "alpha").await;
    let claim = |resource: &str| Claim {
        identity: Identity {
            resource: resource.to_owned(),
            value: "17".to_owned(),
        },
        origin: Origin::Adopted,
    };
    let mut commits = Vec::new();
    for number in 0..16 {
        let store = stores[number % 2].clone();
        let new = call(
            key(provider, &format!("service-{number}")),
            OperationKind::Create,
        );
        let (operation, _) = begin(&*store, new).await;
        // In both orders: whoever waits for the other must not be waited for.
        let mut claims = vec![claim("user"), claim("subscription")];
        claims.rotate_left(number / 2 % 2);
        let commit = Commit {
            claims,
            service: Some(active(operation.service, json!({}))),
            ..ended(operation.id, SUCCEEDED)
        };
        commits.push(tokio::spawn(async move { store.commit(commit).await }));
    }
    let mut winners = 0;
    for result in join_all(commits).await {
        match result.unwrap() {
            Ok(()) => winners += 1,
            Err(StoreError::HeldByAnother(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(stores[0].count_open().await.unwrap(), 15);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_commits_and_take_overs_of_many_services_get_along() {
    let database = Database::new();
    let stores = gateways(&database).await;
    let provider = add_provider(&*stores[0], "alpha").await;
    let lives = (0..40).map(|number| {
        let store = stores[number % 2].clone();
        let key = key(provider, &format!("service-{}", number % 10));
        tokio::spawn(async move { live(&store, key).await })
    });
    let lives: Vec<_> = lives.collect();
    while !lives.iter().all(tokio::task::JoinHandle::is_finished) {
        for store in &stores {
            store.renew_lease().await.unwrap();
            assert!(store.take_over().await.unwrap().is_empty());
        }
    }
    for life in lives {
        life.await.unwrap();
    }
    assert_eq!(stores[0].count_open().await.unwrap(), 0);
    assert_eq!(
        database.sql("SELECT count(*), sum(steps_done) FROM operations"),
        "40|80"
    );
}

/// One operation from call to end; waits while another one on the service is open.
async fn live(store: &PostgresStore, key: ServiceKey) {
    let id = loop {
        let new = call(key.clone(), OperationKind::Suspend);
        let fingerprint = new.id.to_string();
        let answer = store
            .accept(causeway_engine::NewOperation { fingerprint, ..new })
            .await;
        match answer.unwrap() {
            Acceptance::Begun { operation, .. } => break operation.id,
            Acceptance::Busy { .. } => tokio::task::yield_now().await,
            other => panic!("{other:?}"),
        }
    };
    let commit = Commit {
        service: Some(active(key, json!({ "n": 1 }))),
        ..progress(id, 1)
    };
    store.commit(commit).await.unwrap();
    store.commit(ended(id, SUCCEEDED)).await.unwrap();
}
