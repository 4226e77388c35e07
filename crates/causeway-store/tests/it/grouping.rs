//! Concurrent writes share a commit, and do not share their failures.

use causeway_definition::OperationKind;
use causeway_engine::{Store, StoreError};
use causeway_store::SqliteStore;
use futures::future::{BoxFuture, join_all};
use futures::{FutureExt as _, poll};
use rusqlite::Connection;

use crate::support::{Folder, SUCCEEDED, add_provider, begin, call, ended, key, progress};

/// Asks for all of these while another process holds the file, and then lets it go: all of them wait
/// when the writer begins.
async fn at_once<'a>(
    folder: &Folder,
    mut writes: Vec<BoxFuture<'a, Result<(), StoreError>>>,
) -> Vec<Result<(), StoreError>> {
    let other = Connection::open(folder.journal()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for write in &mut writes {
        assert!(poll!(write).is_pending());
    }
    other.execute_batch("ROLLBACK").unwrap();
    join_all(writes).await
}

async fn begin_many(store: &SqliteStore, count: usize) -> Vec<causeway_engine::OperationId> {
    let provider = add_provider(store, "alpha").await;
    let mut ids = Vec::new();
    for number in 0..count {
        let key = key(provider, &format!("service-{number}"));
        ids.push(begin(store, call(key, OperationKind::Create)).await.0.id);
    }
    ids
}

#[tokio::test]
async fn what_waits_together_is_committed_together() {
    let folder = Folder::new();
    let store = folder.open();
    let ids = begin_many(&store, 64).await;
    let before = store.statistics();
    let writes = ids.iter().map(|id| store.commit(progress(*id, 1)).boxed());
    let results = at_once(&folder, writes.collect()).await;

    assert!(results.iter().all(Result::is_ok));
    let after = store.statistics();
    assert_eq!(after.jobs - before.jobs, 64);
    assert_eq!(after.commits - before.commits, 1);
    for unfinished in store.take_over().await.unwrap() {
        assert_eq!(unfinished.operation.steps_done, 1);
    }
}

#[tokio::test]
async fn a_lone_write_is_committed_at_once() {
    let folder = Folder::new();
    let store = folder.open();
    let ids = begin_many(&store, 3).await;
    let before = store.statistics();
    for id in ids {
        store.commit(progress(id, 1)).await.unwrap();
    }
    let after = store.statistics();
    assert_eq!(
        (after.jobs - before.jobs, after.commits - before.commits),
        (3, 3)
    );
}

#[tokio::test]
async fn a_write_that_fails_takes_no_other_with_it() {
    let folder = Folder::new();
    let store = folder.open();
    let ids = begin_many(&store, 9).await;
    store.commit(ended(ids[4], SUCCEEDED)).await.unwrap();
    let commits = store.statistics().commits;
    let writes = ids.iter().map(|id| store.commit(progress(*id, 1)).boxed());
    let results = at_once(&folder, writes.collect()).await;

    assert_eq!(store.statistics().commits - commits, 1);
    for (index, (id, result)) in ids.iter().zip(results).enumerate() {
        assert_eq!(result.is_err(), index == 4, "{index}: {result:?}");
        let operation = store.operation(*id).await.unwrap().unwrap();
        assert_eq!(operation.steps_done, if index == 4 { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_caller_that_hangs_up_stops_nothing() {
    let folder = Folder::new();
    let store = folder.open();
    let ids = begin_many(&store, 1).await;
    let other = Connection::open(folder.journal()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut write = store.commit(progress(ids[0], 1)).boxed();
    assert!(poll!(&mut write).is_pending());
    drop(write);
    other.execute_batch("ROLLBACK").unwrap();
    store.close();

    let operation = folder.open().operation(ids[0]).await.unwrap().unwrap();
    assert_eq!(operation.steps_done, 1);
}
