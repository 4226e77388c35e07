//! What every journal has to do, whatever keeps it. Each check takes an empty journal.

use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Acceptance, Commit, Doubt, Ending, Exchange, Holder, Identity, NewOperation, Outcome,
    ProviderId, ServiceRecord, ServiceStatus, Standing, Store, StoreError,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::support::{
    SUCCEEDED, active, add_provider, begin, call, ended, exchange, failed, hash_of, key, progress,
    provider, time,
};

pub async fn a_first_call_begins_on_an_unknown_service(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let new = call(key.clone(), OperationKind::Create);
    let (operation, service) = begin(store, new.clone()).await;

    assert_eq!(operation.id, new.id);
    assert_eq!(operation.input, new.input);
    assert_eq!(operation.standing, Standing::Open);
    assert_eq!((operation.steps_done, operation.owed), (0, false));
    assert_eq!(service, ServiceRecord::unknown(key.clone()));
    assert_eq!(store.operation(new.id).await.unwrap(), Some(operation));
    assert_eq!(store.service(&key).await.unwrap(), None);
}

pub async fn the_same_call_joins_and_another_one_is_busy(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let first = NewOperation {
        fingerprint: "basic".to_owned(),
        ..call(key.clone(), OperationKind::ChangePackage)
    };
    begin(store, first.clone()).await;
    let again = |kind, fingerprint: &str| {
        store.accept(NewOperation {
            fingerprint: fingerprint.to_owned(),
            ..call(key.clone(), kind)
        })
    };

    let same = again(OperationKind::ChangePackage, "basic").await.unwrap();
    assert!(matches!(same, Acceptance::Joined(id) if id == first.id));
    for (kind, fingerprint) in [
        (OperationKind::ChangePackage, "pro"),
        (OperationKind::Suspend, "basic"),
    ] {
        let other = again(kind, fingerprint).await.unwrap();
        assert!(
            matches!(other, Acceptance::Busy { id, kind: OperationKind::ChangePackage } if id == first.id)
        );
    }
    assert_eq!(list(store, OperationFilter::default()).await.len(), 1);
}

pub async fn services_do_not_wait_for_each_other(store: &dyn Store) {
    let (alpha, beta) = (
        add_provider(store, "alpha").await,
        add_provider(store, "beta").await,
    );
    for key in [
        key(alpha, "service-1"),
        key(alpha, "service-2"),
        key(beta, "service-1"),
    ] {
        begin(store, call(key, OperationKind::Create)).await;
    }
}

pub async fn an_owed_success_is_told_once(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (first, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    store.set_owed(first.id, true).await.unwrap();
    assert!(store.operation(first.id).await.unwrap().unwrap().owed);
    store.commit(ended(first.id, SUCCEEDED)).await.unwrap();

    let told = store
        .accept(call(key.clone(), OperationKind::Create))
        .await
        .unwrap();
    let Acceptance::Owed(told) = told else {
        panic!("not owed: {told:?}")
    };
    assert_eq!(told.id, first.id);
    assert_eq!(told.standing, Standing::Ended(SUCCEEDED));
    assert_eq!(told.ended_at, Some(time(10)));
    begin(store, call(key, OperationKind::Create)).await;
}

pub async fn what_was_told_is_not_owed(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (first, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    store.set_owed(first.id, true).await.unwrap();
    store.commit(ended(first.id, SUCCEEDED)).await.unwrap();
    store.set_owed(first.id, false).await.unwrap();
    begin(store, call(key, OperationKind::Create)).await;
}

pub async fn an_owed_failure_is_tried_again(store: &dyn Store) {
    let provider = add_provider(store, "alpha").await;
    let stuck = Ending::NeedsAttention {
        message: "look at the vendor".to_owned(),
    };
    for (reference, ending) in [("service-1", failed("422: no")), ("service-2", stuck)] {
        let key = key(provider, reference);
        let (first, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
        store.set_owed(first.id, true).await.unwrap();
        store.commit(ended(first.id, ending.clone())).await.unwrap();

        begin(store, call(key, OperationKind::Create)).await;
        let first = store.operation(first.id).await.unwrap().unwrap();
        assert_eq!(first.standing, Standing::Ended(ending));
        assert!(!first.owed);
    }
}

pub async fn an_owed_success_is_not_the_answer_to_another_call(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (first, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    store.set_owed(first.id, true).await.unwrap();
    store.commit(ended(first.id, SUCCEEDED)).await.unwrap();
    begin(store, call(key, OperationKind::Terminate)).await;
}

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

pub async fn operations_are_listed_by_what_they_are_of(store: &dyn Store) {
    let (alpha, beta) = (
        add_provider(store, "alpha").await,
        add_provider(store, "beta").await,
    );
    let mut other_definition = key(alpha, "service-1");
    other_definition.definition = "backups".to_owned();
    let keys = [
        key(alpha, "service-1"),
        key(alpha, "service-2"),
        key(beta, "service-1"),
        other_definition,
    ];
    let mut ids = Vec::new();
    for key in keys {
        ids.push(begin(store, call(key, OperationKind::Create)).await.0.id);
    }
    let filter = OperationFilter::default;
    let reference = Some("service-1".to_owned());
    let definition = Some("shieldpress".to_owned());
    let cases = [
        (filter(), vec![0, 1, 2, 3]),
        (
            OperationFilter {
                provider: Some(alpha),
                ..filter()
            },
            vec![0, 1, 3],
        ),
        (
            OperationFilter {
                reference: reference.clone(),
                ..filter()
            },
            vec![0, 2, 3],
        ),
        (
            OperationFilter {
                definition: definition.clone(),
                ..filter()
            },
            vec![0, 1, 2],
        ),
        (
            OperationFilter {
                provider: Some(alpha),
                reference,
                definition,
                ..filter()
            },
            vec![0],
        ),
        (
            OperationFilter {
                after: Some(ids[1]),
                ..filter()
            },
            vec![2, 3],
        ),
    ];
    for (filter, expected) in cases {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|index: usize| ids[index])
            .collect();
        assert_eq!(list(store, filter.clone()).await, expected, "{filter:?}");
    }
    let newest = OperationFilter {
        limit: 2,
        ..filter()
    };
    let newest = store.operations(newest).await.unwrap();
    assert_eq!(newest.iter().map(|it| it.id).collect::<Vec<_>>(), ids[2..]);
    assert!(
        newest
            .iter()
            .all(|it| it.input == causeway_engine::Input::default())
    );
}

pub async fn a_provider_is_found_by_its_token(store: &dyn Store) {
    let added = provider("alpha");
    store.add_provider(added.clone(), [1; 32]).await.unwrap();
    let found = store.provider_by_token([1; 32]).await.unwrap().unwrap();
    assert_eq!(
        (found.id, &found.name, &found.api),
        (added.id, &added.name, &added.api)
    );
    assert_eq!(
        (found.added_at, found.token_made_at),
        (added.added_at, added.token_made_at)
    );
    assert_eq!(
        found.credential.expose_secret(),
        added.credential.expose_secret()
    );
    assert!(store.provider_by_token([2; 32]).await.unwrap().is_none());
}

pub async fn a_providers_name_is_its_own(store: &dyn Store) {
    add_provider(store, "alpha").await;
    let error = store
        .add_provider(provider("alpha"), [2; 32])
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Provider(_)), "{error}");
    assert!(error.to_string().contains("`alpha`"), "{error}");
}

pub async fn a_rotated_token_ends_the_old_one(store: &dyn Store) {
    let id = add_provider(store, "alpha").await;
    store
        .rotate_token("alpha", [9; 32], time(60))
        .await
        .unwrap();
    assert!(
        store
            .provider_by_token(hash_of(id))
            .await
            .unwrap()
            .is_none()
    );
    let found = store.provider_by_token([9; 32]).await.unwrap().unwrap();
    assert_eq!((found.id, found.token_made_at), (id, time(60)));
}

pub async fn a_provider_is_given_another_credential_and_address(store: &dyn Store) {
    add_provider(store, "alpha").await;
    let mut alpha = store.providers().await.unwrap().remove(0);
    alpha.credential = "another".to_owned().into();
    alpha.api = None;
    store.change_provider(alpha.clone()).await.unwrap();
    let found = store
        .provider_by_token(hash_of(alpha.id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.credential.expose_secret(), found.api),
        ("another", None)
    );
}

pub async fn a_removed_provider_is_gone_and_its_services_stay(store: &dyn Store) {
    let id = add_provider(store, "alpha").await;
    let key = key(id, "service-1");
    let (operation, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    let service = active(key.clone(), json!({ "user_id": 1 }));
    let commit = Commit {
        service: Some(service),
        ..ended(operation.id, SUCCEEDED)
    };
    store.commit(commit).await.unwrap();

    store.remove_provider("alpha", time(90)).await.unwrap();
    assert!(
        store
            .provider_by_token(hash_of(id))
            .await
            .unwrap()
            .is_none()
    );
    assert!(store.providers().await.unwrap().is_empty());
    assert!(store.service(&key).await.unwrap().is_some());
    let successor = add_provider(store, "alpha").await;
    assert_ne!(successor, id);
}

pub async fn what_is_not_there_cannot_be_changed(store: &dyn Store) {
    let results = [
        store.rotate_token("nobody", [1; 32], time(0)).await,
        store.change_provider(provider("nobody")).await,
        store.remove_provider("nobody", time(0)).await,
    ];
    for result in results {
        let error = result.unwrap_err();
        assert!(matches!(error, StoreError::Provider(_)), "{error}");
        assert!(error.to_string().contains("`nobody`"), "{error}");
    }
    let call = call(
        key(provider("nobody").id, "service-1"),
        OperationKind::Create,
    );
    let error = store.accept(call).await.unwrap_err();
    assert!(matches!(error, StoreError::Provider(_)), "{error}");
}

pub async fn providers_are_listed_by_name(store: &dyn Store) {
    for name in ["gamma", "alpha", "beta"] {
        add_provider(store, name).await;
    }
    let names = store.providers().await.unwrap();
    let names: Vec<_> = names.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["alpha", "beta", "gamma"]);
}

pub async fn it_can_be_written(store: &dyn Store) {
    store.check().await.unwrap();
    store.check().await.unwrap();
}

async fn list(store: &dyn Store, filter: OperationFilter) -> Vec<causeway_engine::OperationId> {
    let filter = OperationFilter {
        limit: 100,
        ..filter
    };
    let operations = store.operations(filter).await.unwrap();
    operations.iter().map(|operation| operation.id).collect()
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
