//! Commits: what a step changes, and what a start finds of it.

use causeway_definition::OperationKind;
use causeway_engine::{
    Acceptance, Claim, Commit, Doubt, Exchange, Holder, Identity, Lease, Origin, Outcome,
    ProviderId, ServiceKey, ServiceRecord, ServiceStatus, Store, StoreError,
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
        under_way: false,
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
            claims: vec![adopted(&identity)],
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
        exchanges: vec![exchange(1, Outcome::Intended)],
        ..progress(operation.id, 1)
    };
    store.commit(commit).await.unwrap();
    service.known = true;

    assert_eq!(store.count_open().await.unwrap(), 2);
    store.end_lease().await.unwrap();
    assert_eq!(store.renew_lease().await.unwrap(), Lease::Kept);
    let taken = store.take_over().await.unwrap();
    let taken: Vec<_> = taken
        .into_iter()
        .map(|unfinished| {
            (
                unfinished.operation,
                unfinished.service,
                unfinished.exchanges,
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .into_iter()
        .zip([0, 1])
        .map(|((operation, service), exchanges)| (operation, service, exchanges))
        .collect();
    assert_eq!(taken, expected);
    assert!(
        store.take_over().await.unwrap().is_empty(),
        "each is given once"
    );
}

pub async fn what_one_service_holds_no_other_one_adopts(store: &dyn Store) {
    let (alpha, beta) = (
        add_provider(store, "alpha").await,
        add_provider(store, "beta").await,
    );
    let wanted = identity("subscription", "17");
    hold(store, &key(alpha, "service-1"), 1, adopted(&wanted))
        .await
        .unwrap();
    // Its own life may adopt it again; another service, or a later life, may not.
    hold(store, &key(alpha, "service-1"), 1, adopted(&wanted))
        .await
        .unwrap();
    for (reference, generation) in [("service-2", 1), ("service-1", 2)] {
        let key = key(alpha, reference);
        let before = store.service(&key).await.unwrap();
        let refused = hold(store, &key, generation, adopted(&wanted)).await;
        let Err(StoreError::HeldByAnother(claim)) = refused else {
            panic!("{reference}: {refused:?}")
        };
        assert_eq!(claim.identity, wanted);
        let after = store.service(&key).await.unwrap();
        assert_eq!(after, before, "nothing of a refused commit stays");
    }
    hold(store, &key(beta, "service-1"), 1, adopted(&wanted))
        .await
        .unwrap();
    let asked = [
        identity("user", "17"),
        wanted,
        identity("subscription", "\"17\""),
    ];
    let holder = Some(Holder {
        reference: "service-1".to_owned(),
        generation: 1,
    });
    assert_eq!(
        holders(store, alpha, &asked).await,
        [None, holder.clone(), None]
    );
    assert_eq!(holders(store, beta, &asked).await, [None, holder, None]);
    let elsewhere = store.holders(alpha, "another", &asked).await.unwrap();
    assert_eq!(elsewhere, [None, None, None]);
}

pub async fn what_the_vendor_made_is_the_services_unless_another_lives_with_it(store: &dyn Store) {
    let alpha = add_provider(store, "alpha").await;
    let (first, second) = (key(alpha, "service-1"), key(alpha, "service-2"));
    let wanted = identity("subscription", "17");
    hold(store, &first, 1, made(&wanted)).await.unwrap();
    let refused = hold(store, &second, 1, made(&wanted)).await;
    assert!(
        matches!(refused, Err(StoreError::HeldByAnother(_))),
        "{refused:?}"
    );
    // Its next life, and another service once the first has ended.
    hold(store, &first, 2, made(&wanted)).await.unwrap();
    let (operation, _) = begin(store, call(first.clone(), OperationKind::Terminate)).await;
    let terminated = Commit {
        service: Some(ServiceRecord {
            status: ServiceStatus::Terminated,
            generation: 2,
            ..active(first, json!({}))
        }),
        ..ended(operation.id, SUCCEEDED)
    };
    store.commit(terminated).await.unwrap();
    hold(store, &second, 4, made(&wanted)).await.unwrap();
    let holder = Holder {
        reference: "service-2".to_owned(),
        generation: 4,
    };
    assert_eq!(holders(store, alpha, &[wanted]).await, [Some(holder)]);
}

/// One operation, from its call to its end, that makes a service active and claims something.
async fn hold(
    store: &dyn Store,
    key: &ServiceKey,
    generation: u32,
    claim: Claim,
) -> Result<(), StoreError> {
    let (operation, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    let commit = Commit {
        service: Some(ServiceRecord {
            generation,
            ..active(key.clone(), json!({}))
        }),
        claims: vec![claim],
        ..ended(operation.id, SUCCEEDED)
    };
    let result = store.commit(commit).await;
    if result.is_err() {
        store
            .commit(ended(operation.id, failed("refused")))
            .await
            .unwrap();
    }
    result
}

pub async fn a_claim_without_a_service_is_of_the_present_life(store: &dyn Store) {
    let alpha = add_provider(store, "alpha").await;
    let (operation, _) = begin(store, call(key(alpha, "service-1"), OperationKind::Create)).await;
    let claimed = identity("user", "1");
    let commit = Commit {
        claims: vec![adopted(&claimed)],
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

fn adopted(identity: &Identity) -> Claim {
    Claim {
        identity: identity.clone(),
        origin: Origin::Adopted,
    }
}

fn made(identity: &Identity) -> Claim {
    Claim {
        identity: identity.clone(),
        origin: Origin::Made,
    }
}

fn identity(resource: &str, value: &str) -> Identity {
    Identity {
        resource: resource.to_owned(),
        value: value.to_owned(),
    }
}
