//! Providers: their tokens, credentials and names.

use causeway_definition::OperationKind;
use causeway_engine::{Commit, Store, StoreError};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::support::{
    SUCCEEDED, active, add_provider, begin, call, ended, hash_of, key, provider, time,
};

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
