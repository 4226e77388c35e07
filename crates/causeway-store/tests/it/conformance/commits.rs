//! Commits: what a step changes, and what a start finds of it.

use causeway_definition::OperationKind;
use causeway_engine::{
    Acceptance, Commit, Doubt, Exchange, Holder, Identity, Outcome, ProviderId, ServiceRecord,
    ServiceStatus, Store,
};
use serde_json::json;

use crate::support::{
    SUCCEEDED, active, add_provider, begin, call, ended, exchange, failed, key, progress, time,
};

pub async fn a_commit_changes_all_that_it_names(store: &dyn Store) {
    let alpha = add_provider(store, "alpha").await;
    let key = key(alpha, "service-1");
    let (operation, unknown) = begin(store, call(key.clone(), OperationKind::Create)).await;
    let doubt = Doubt {
        since: time(5),
        idempotency_key: "key-1".to_owned(),
        unanswered: true,
    };
    let mut service = ServiceRecord {
        status: ServiceStatus::Suspended,
        generation: 3,
        renewed_for: Some("2027-01-31".to_owned()),
        ..active(
            key.clone(),
            json!({ "user_id": 17, "license_key": "SP-1", "tags": ["a", null] }),
        )
    };
    service.doubts.insert("terminate[1]".to_owned(), doubt);
    assert!(!unknown.known);
    let identity = identity("user", "17");
    store
        .commit(Commit {
            service: Some(service.clone()),
            exchanges: vec![exchange(1, Outcome::Done), exchange(2, Outcome::Intended)],
            claims: vec![identity.clone()],
            ..progress(operation.id, 1)
        })
        .await
        .unwrap();

    let service = ServiceRecord {
        known: true,
        ..service
    };
    assert_eq!(store.service(&key).await.unwrap(), Some(service.clone()));
    let now = store.operation(operation.id).await.unwrap().unwrap();
    assert_eq!((now.steps_done, &now.input), (1, &operation.input));
    assert_eq!(
        store.exchanges(operation.id).await.unwrap(),
        [exchange(1, Outcome::Done), exchange(2, Outcome::Intended)]
    );
    let holder = Holder {
        reference: "service-1".to_owned(),
        generation: 3,
    };
    assert_eq!(holders(store, alpha, &[identity]).await, [Some(holder)]);
    let joined = store
        .accept(call(key.clone(), OperationKind::Create))
        .await
        .unwrap();
    assert!(matches!(joined, Acceptance::Joined(_)));
    store.commit(ended(operation.id, SUCCEEDED)).await.unwrap();
    let (_, seen_by_next) = begin(store, call(key, OperationKind::Suspend)).await;
    assert_eq!(seen_by_next, service);
}

pub async fn an_exchange_becomes_better_known(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (operation, _) = begin(store, call(key, OperationKind::Create)).await;
    let mut known = Exchange {
        ended_at: Some(time(4)),
        status: Some(201),
        ..exchange(1, Outcome::Done)
    };
    known.detail.answer = Some(r#"{"id":42}"#.to_owned());
    for exchange in [exchange(1, Outcome::Intended), known.clone()] {
        let commit = Commit {
            exchanges: vec![exchange],
            ..progress(operation.id, 0)
        };
        store.commit(commit).await.unwrap();
    }
    assert_eq!(store.exchanges(operation.id).await.unwrap(), [known]);
}

pub async fn an_ended_operation_forgets_its_input_and_takes_no_commit(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (operation, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    store
        .commit(ended(operation.id, failed("422: domain taken")))
        .await
        .unwrap();
    let kept = store.operation(operation.id).await.unwrap().unwrap();
    assert_eq!(kept.input, causeway_engine::Input::default());
    assert_eq!(kept.ended_at, Some(time(10)));

    let late = Commit {
        service: Some(active(key.clone(), json!({}))),
        exchanges: vec![exchange(1, Outcome::Done)],
        ..ended(operation.id, SUCCEEDED)
    };
    store.commit(late).await.unwrap_err();
    assert_eq!(store.operation(operation.id).await.unwrap(), Some(kept));
    assert_eq!(store.service(&key).await.unwrap(), None);
    assert_eq!(store.exchanges(operation.id).await.unwrap(), []);
}

pub async fn a_commit_of_an_unknown_operation_is_an_error(store: &dyn Store) {
    let unknown = causeway_engine::OperationId::new();
    store.commit(progress(unknown, 1)).await.unwrap_err();
    store.set_owed(unknown, true).await.unwrap_err();
    assert_eq!(store.operation(unknown).await.unwrap(), None);
}

pub async fn a_start_finds_what_is_open(store: &dyn Store) {
    let provider = add_provider(store, "alpha").await;
    let mut expected = Vec::new();
    for reference in ["service-1", "service-2", "service-3"] {
        let key = key(provider, reference);
        let (operation, service) = begin(store, call(key, OperationKind::Create)).await;
        expected.push((operation, service));
    }
    let (done, _) = expected.remove(1);
    store.commit(ended(done.id, SUCCEEDED)).await.unwrap();
    let (operation, service) = &mut expected[1];
    *service = active(service.key.clone(), json!({ "user_id": 1 }));
    operation.steps_done = 1;
    let commit = Commit {
        service: Some(service.clone()),
        ..progress(operation.id, 1)
    };
    store.commit(commit).await.unwrap();
    service.known = true;

    assert_eq!(store.open_operations().await.unwrap(), expected);
}

pub async fn a_claim_belongs_to_the_last_one_who_made_it(store: &dyn Store) {
    let (alpha, beta) = (
        add_provider(store, "alpha").await,
        add_provider(store, "beta").await,
    );
    let shared = identity("user", "17");
    for (reference, generation) in [("service-1", 1), ("service-2", 4)] {
        let key = key(alpha, reference);
        let (operation, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
        let commit = Commit {
            service: Some(ServiceRecord {
                generation,
                ..active(key, json!({}))
            }),
            claims: vec![shared.clone()],
            ..progress(operation.id, 1)
        };
        store.commit(commit).await.unwrap();
    }
    let asked = [
        identity("subscription", "17"),
        shared,
        identity("user", "\"17\""),
    ];
    let holder = Holder {
        reference: "service-2".to_owned(),
        generation: 4,
    };
    assert_eq!(
        holders(store, alpha, &asked).await,
        [None, Some(holder), None]
    );
    assert_eq!(holders(store, beta, &asked).await, [None, None, None]);
    let elsewhere = store.holders(alpha, "another", &asked).await.unwrap();
    assert_eq!(elsewhere, [None, None, None]);
}

pub async fn a_claim_without_a_service_is_of_the_present_life(store: &dyn Store) {
    let alpha = add_provider(store, "alpha").await;
    let (operation, _) = begin(store, call(key(alpha, "service-1"), OperationKind::Create)).await;
    let claimed = identity("user", "1");
    let commit = Commit {
        claims: vec![claimed.clone()],
        ..progress(operation.id, 1)
    };
    store.commit(commit).await.unwrap();
    let holder = Holder {
        reference: "service-1".to_owned(),
        generation: 1,
    };
    assert_eq!(holders(store, alpha, &[claimed]).await, [Some(holder)]);
}

pub async fn it_can_be_written(store: &dyn Store) {
    store.check().await.unwrap();
    store.check().await.unwrap();
}

async fn holders(
    store: &dyn Store,
    provider: ProviderId,
    asked: &[Identity],
) -> Vec<Option<Holder>> {
    store.holders(provider, "shieldpress", asked).await.unwrap()
}

fn identity(resource: &str, value: &str) -> Identity {
    Identity {
        resource: resource.to_owned(),
        value: value.to_owned(),
    }
}
