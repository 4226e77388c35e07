//! A person decides what became of an operation that needs attention.

use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{
    Ending, Operation, OperationId, Resolution, Resolve, ServiceKey, Standing, Store, StoreError,
};
use serde_json::json;

use crate::support::{SUCCEEDED, active, add_provider, begin, call, ended, key, progress, time};

/// An operation on `service-1` that needs attention at its step `vault`.
async fn doubtful(store: &dyn Store) -> (Operation, ServiceKey) {
    let key = key(add_provider(store, "alpha").await, "service-1");
    let (operation, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    let recorded = causeway_engine::Commit {
        service: Some(active(key.clone(), json!({ "user_id": 1 }))),
        ..progress(operation.id, 0)
    };
    store.commit(recorded).await.unwrap();
    let ending = Ending::NeedsAttention {
        step: Some("vault".to_owned()),
        message: "Look there.".to_owned(),
    };
    store
        .commit(ended(operation.id, ending.clone()))
        .await
        .unwrap();
    let listed = OperationFilter {
        needs_attention: true,
        limit: 9,
        ..OperationFilter::default()
    };
    let found = store.operations(listed).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].standing, Standing::Ended(ending));
    (found[0].clone(), key)
}

fn decision(operation: OperationId, resolution: Resolution) -> Resolve {
    Resolve {
        operation,
        step: Some("vault".to_owned()),
        resolution,
        message: "Somebody decided.".to_owned(),
        at: time(20),
    }
}

pub async fn a_decision_stands_with_the_service_and_the_billing_side_is_owed_a_try(
    store: &dyn Store,
) {
    let (operation, key) = doubtful(store).await;
    let adopt = Resolution::Adopt("42".to_owned());
    store
        .resolve(decision(operation.id, adopt.clone()))
        .await
        .unwrap();
    let service = store.service(&key).await.unwrap().unwrap();
    assert_eq!(service.resolutions["vault"], adopt);
    let now = store.operation(operation.id).await.unwrap().unwrap();
    assert_eq!(
        now.standing.name(),
        "failed",
        "it does not wait for a decision any more"
    );
    assert!(now.owed);

    // The next call begins, and takes the decision with it until it is gone by.
    let (next, mut service) = begin(store, call(key.clone(), OperationKind::Create)).await;
    assert_eq!(service.resolutions.remove("vault"), Some(adopt));
    let commit = causeway_engine::Commit {
        service: Some(service),
        ..ended(next.id, SUCCEEDED)
    };
    store.commit(commit).await.unwrap();
    let service = store.service(&key).await.unwrap().unwrap();
    assert!(service.resolutions.is_empty());
}

pub async fn what_is_abandoned_is_owed_to_nobody(store: &dyn Store) {
    let (operation, _) = doubtful(store).await;
    store
        .resolve(decision(operation.id, Resolution::Abandon))
        .await
        .unwrap();
    let now = store.operation(operation.id).await.unwrap().unwrap();
    assert!(!now.owed);
    assert_eq!(
        now.standing,
        Standing::Ended(Ending::Failed {
            message: "Somebody decided.".to_owned()
        })
    );
}

pub async fn only_the_last_operation_that_needs_attention_is_resolved(store: &dyn Store) {
    let refused = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::NotResolvable(_))),
            "{result:?}"
        );
    };
    let unknown = OperationId::new();
    refused(store.resolve(decision(unknown, Resolution::Again)).await);
    let (operation, key) = doubtful(store).await;
    let (next, _) = begin(store, call(key.clone(), OperationKind::Create)).await;
    for id in [operation.id, next.id] {
        refused(store.resolve(decision(id, Resolution::Again)).await);
    }
    let service = store.service(&key).await.unwrap().unwrap();
    assert!(service.resolutions.is_empty());
}
