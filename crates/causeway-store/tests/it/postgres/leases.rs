//! Gateways on one journal: who lives, and what becomes of the operations of who does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use causeway_definition::OperationKind;
use causeway_engine::{Acceptance, Commit, Lease, OperationId, Store, StoreError, Unfinished};
use causeway_store::{PostgresStore, Role};
use serde_json::json;
use tokio::task::JoinHandle;

use super::Database;
use crate::support::{SUCCEEDED, active, add_provider, begin, call, ended, key, progress};

/// As often as the executor asks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Renews a gateway's lease, as its executor does, until this is dropped.
struct Alive(JoinHandle<()>);

impl Alive {
    fn of(store: &Arc<PostgresStore>) -> Self {
        let store = Arc::clone(store);
        Self(tokio::spawn(async move {
            loop {
                store.renew_lease().await.unwrap();
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
        }))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Looks for what nobody works on until there is something.
async fn take_over(store: &PostgresStore) -> Vec<Unfinished> {
    loop {
        let taken = store.take_over().await.unwrap();
        if !taken.is_empty() {
            return taken;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

fn ids(taken: &[Unfinished]) -> Vec<OperationId> {
    taken.iter().map(|it| it.operation.id).collect()
}

#[tokio::test]
async fn a_dead_gateways_operations_go_to_one_other_gateway() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, Arc::new(database.gateway().await));
    let third = Arc::new(database.gateway().await);
    let _alive = [Alive::of(&second), Alive::of(&third)];
    let provider = add_provider(&first, "alpha").await;
    let mut open = Vec::new();
    for number in 0..20 {
        let new = call(
            key(provider, &format!("service-{number}")),
            OperationKind::Create,
        );
        open.push(begin(&first, new).await.0.id);
    }
    let (kept, _) = begin(&*second, call(key(provider, "kept"), OperationKind::Create)).await;

    assert!(first.holds_lease());
    assert!(
        second.take_over().await.unwrap().is_empty(),
        "the first one lives"
    );
    // From here on it is dead.
    let died = Instant::now();
    drop(first);
    let mut taken = Vec::new();
    while taken.len() < open.len() {
        for store in [&second, &third] {
            taken.extend(ids(&store.take_over().await.unwrap()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("taken over after {:?}", died.elapsed());
    taken.sort();
    assert_eq!(taken, open, "each once");
    assert!(second.take_over().await.unwrap().is_empty());
    second.commit(ended(kept.id, SUCCEEDED)).await.unwrap();
}

#[tokio::test]
async fn operations_are_taken_over_in_the_order_in_which_they_were_accepted() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    let mut open = Vec::new();
    for reference in ["c", "a", "b"] {
        let (operation, _) = begin(
            &first,
            call(key(provider, reference), OperationKind::Create),
        )
        .await;
        open.push(operation.id);
    }
    first.end_lease().await.unwrap();
    assert!(!first.holds_lease());
    assert_eq!(ids(&second.take_over().await.unwrap()), open);
}

#[tokio::test]
async fn a_paused_gateway_cannot_write_over_its_successor() {
    let database = Database::new();
    let (paused, successor) = (database.gateway().await, Arc::new(database.gateway().await));
    let _alive = Alive::of(&successor);
    let key = key(add_provider(&paused, "alpha").await, "service-1");
    let (operation, _) = begin(&paused, call(key.clone(), OperationKind::Create)).await;
    // It does not renew its lease.
    let taken = take_over(&successor).await;
    assert_eq!(ids(&taken), [operation.id]);

    assert!(!paused.holds_lease());
    let late = |steps_done| Commit {
        service: Some(active(
            key.clone(),
            json!({ "user_id": "of the paused one" }),
        )),
        ..progress(operation.id, steps_done)
    };
    for commit in [late(7), ended(operation.id, SUCCEEDED)] {
        let refused = paused.commit(commit).await;
        assert!(
            matches!(refused, Err(StoreError::TakenOver(id)) if id == operation.id),
            "{refused:?}"
        );
    }
    let refused = paused.take_turn(operation.id, "user:ada").await;
    assert!(
        matches!(refused, Err(StoreError::TakenOver(_))),
        "{refused:?}"
    );
    let mut other = key.clone();
    other.reference = "service-2".to_owned();
    let refused = paused
        .accept(call(other.clone(), OperationKind::Create))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );

    let own = Commit {
        service: Some(active(
            key.clone(),
            json!({ "user_id": "of the successor" }),
        )),
        ..ended(operation.id, SUCCEEDED)
    };
    successor.commit(own).await.unwrap();
    let service = successor.service(&key).await.unwrap().unwrap();
    assert_eq!(service.properties["user_id"], "of the successor");

    assert_eq!(paused.renew_lease().await.unwrap(), Lease::Lost);
    let refused = paused
        .accept(call(other.clone(), OperationKind::Create))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    // It begins anew, as another gateway.
    assert_eq!(paused.renew_lease().await.unwrap(), Lease::Kept);
    assert!(paused.holds_lease());
    begin(&paused, call(other, OperationKind::Create)).await;
    let refused = paused.commit(ended(operation.id, SUCCEEDED)).await;
    assert!(matches!(
        refused,
        Err(StoreError::NotOpen(_) | StoreError::TakenOver(_)) | Ok(())
    ));
}

#[tokio::test]
async fn nobody_is_taken_for_dead_by_a_gateway_that_has_only_just_come_back() {
    let database = Database::new();
    let (first, second) = (database.gateway().await, database.gateway().await);
    let provider = add_provider(&first, "alpha").await;
    begin(
        &first,
        call(key(provider, "service-1"), OperationKind::Create),
    )
    .await;
    // As after an outage: all leases have run out.
    database.sql("UPDATE nodes SET expires_at = expires_at - interval '1 hour', held_since = held_since - interval '1 hour'");
    assert_eq!(second.renew_lease().await.unwrap(), Lease::Kept);
    assert!(second.take_over().await.unwrap().is_empty());
    assert_eq!(first.renew_lease().await.unwrap(), Lease::Kept);
}

#[tokio::test]
async fn a_tool_has_no_lease_and_takes_no_calls() {
    let database = Database::new();
    let gateway = database.gateway().await;
    let provider = add_provider(&gateway, "alpha").await;
    let tool = database.try_open(Role::Tool).await.unwrap();
    assert_eq!(tool.renew_lease().await.unwrap(), Lease::Kept);
    assert!(!tool.holds_lease());
    let new = call(key(provider, "service-1"), OperationKind::Create);
    tool.accept(new.clone()).await.unwrap_err();
    begin(&gateway, new).await;
    gateway.end_lease().await.unwrap();
    assert!(tool.take_over().await.unwrap().is_empty());
    assert_eq!(tool.count_open().await.unwrap(), 1);
    assert_eq!(database.sql("SELECT count(*) FROM nodes"), "1");
}

#[tokio::test]
async fn an_operation_of_no_gateway_is_taken_over() {
    let database = Database::new();
    let gateway = database.gateway().await;
    let provider = add_provider(&gateway, "alpha").await;
    let (operation, _) = begin(
        &gateway,
        call(key(provider, "service-1"), OperationKind::Create),
    )
    .await;
    database.sql("UPDATE operations SET node = NULL");
    let successor = database.gateway().await;
    assert_eq!(ids(&successor.take_over().await.unwrap()), [operation.id]);
    let joined = gateway
        .accept(call(operation.service, OperationKind::Create))
        .await
        .unwrap();
    assert!(matches!(joined, Acceptance::Joined(_)));
}
