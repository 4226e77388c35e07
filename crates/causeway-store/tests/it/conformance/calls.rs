//! Calls: which begin, which join, which wait, and what is told of them.

use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{Acceptance, Ending, NewOperation, ServiceRecord, Standing, Store};

use crate::support::{SUCCEEDED, add_provider, begin, call, ended, failed, key, time};

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

pub async fn who_joins_is_told_and_nothing_is_owed_after_that(store: &dyn Store) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (first, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    store.set_owed(first.id, true).await.unwrap();
    let joined = store.accept(call(key.clone(), OperationKind::Create)).await;
    assert!(matches!(joined.unwrap(), Acceptance::Joined(id) if id == first.id));
    store.commit(ended(first.id, SUCCEEDED)).await.unwrap();
    begin(store, call(key, OperationKind::Create)).await;
}

pub async fn what_is_owed_is_listed_until_it_was_had(store: &dyn Store) {
    let provider = add_provider(store, "alpha").await;
    let other = add_provider(store, "beta").await;
    let of = |provider, reference: &str| call(key(provider, reference), OperationKind::Create);
    let (open, _) = begin(store, of(provider, "service-1")).await;
    let (finished, _) = begin(store, of(provider, "service-2")).await;
    let (others, _) = begin(store, of(other, "service-1")).await;
    begin(store, of(provider, "service-3")).await;
    for id in [open.id, finished.id, others.id] {
        store.set_owed(id, true).await.unwrap();
    }
    store.commit(ended(finished.id, SUCCEEDED)).await.unwrap();
    let owed = async || {
        let filter = OperationFilter {
            provider: Some(provider),
            owed: true,
            limit: 10,
            ..OperationFilter::default()
        };
        let operations = store.operations(filter).await.unwrap();
        operations
            .into_iter()
            .map(|operation| operation.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(owed().await, [open.id, finished.id]);
    store.set_owed(finished.id, false).await.unwrap();
    assert_eq!(owed().await, [open.id]);
}

pub async fn an_owed_failure_is_tried_again(store: &dyn Store) {
    let provider = add_provider(store, "alpha").await;
    let stuck = Ending::NeedsAttention {
        step: None,
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

async fn list(store: &dyn Store, filter: OperationFilter) -> Vec<causeway_engine::OperationId> {
    let filter = OperationFilter {
        limit: 100,
        ..filter
    };
    let operations = store.operations(filter).await.unwrap();
    operations.iter().map(|operation| operation.id).collect()
}
