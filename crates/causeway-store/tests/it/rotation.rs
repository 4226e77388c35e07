//! Keys are rotated while a gateway works: nothing waits, and nothing is lost.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use causeway_definition::OperationKind;
use causeway_engine::{Commit, Outcome, ProviderId, Store as _};
use causeway_store::{
    AnyJournal, KeyFile, KeyName, KeyUse, Role, SqliteStore, reseal, sealed_by, verify,
};
use serde_json::json;

use crate::postgres::Database;
use crate::support::{
    Folder, SUCCEEDED, active, add_provider, begin, call, ended, exchange, failed, key, progress,
};

/// Often enough that commits come between the reading and the writing of what is sealed anew.
const ROTATIONS: usize = 3;

const WORKERS: usize = 4;

/// Whole operations, one after the other, until it is told to stop. Services come again, so that what
/// is sealed anew is changed meanwhile.
async fn work(
    gateway: Arc<dyn AnyJournal>,
    provider: ProviderId,
    worker: usize,
    stops: Arc<AtomicBool>,
    done: Arc<[AtomicU32; WORKERS]>,
) {
    for number in 0.. {
        if stops.load(Ordering::Relaxed) {
            return;
        }
        let key = key(provider, &format!("service-{worker}-{}", number % 3));
        let new = call(key.clone(), OperationKind::Suspend);
        let (operation, service) = begin(&*gateway, new).await;
        if number >= 3 {
            // Nothing that was committed went back to what it was when it was sealed anew.
            assert_eq!(service.properties["number"], json!(number - 3));
        }
        let commit = Commit {
            service: Some(active(key, json!({ "number": number }))),
            exchanges: vec![exchange(1, Outcome::Intended)],
            ..progress(operation.id, 1)
        };
        gateway.commit(commit).await.unwrap();
        let commit = Commit {
            exchanges: vec![exchange(1, Outcome::Done)],
            ..if number % 2 == 0 {
                ended(operation.id, SUCCEEDED)
            } else {
                ended(operation.id, failed("422: no"))
            }
        };
        gateway.commit(commit).await.unwrap();
        done[worker].fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
    }
}

/// Rotates several times under load; `tool` has keys of its own, as another process has.
async fn rotate_under_load(gateway: Arc<dyn AnyJournal>, tool: &dyn AnyJournal, key_file: &Path) {
    let hash = gateway.keys().keyed_hash("call", b"data");
    let provider = add_provider(&*gateway, "alpha").await;
    let (stops, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::<[AtomicU32; WORKERS]>::default(),
    );
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let (gateway, stops, done) = (gateway.clone(), stops.clone(), done.clone());
            tokio::spawn(work(gateway, provider, worker, stops, done))
        })
        .collect();
    let mut used = vec![gateway.keys().sealing()];
    for _ in 0..ROTATIONS {
        work_goes_on(&workers, &done).await;
        let new = KeyFile::add_next(key_file).unwrap();
        assert_eq!(KeyFile::use_next(key_file).unwrap(), new);
        tool.keys().read_again();
        assert_eq!(tool.keys().sealing(), new);
        // Until the gateway notices by itself, it goes on to seal with the old key, and what it changes
        // is being sealed anew.
        while gateway.keys().sealing() != new {
            reseal(tool).await.unwrap();
        }
        // What was sealed before it noticed is committed by now.
        work_goes_on(&workers, &done).await;
        reseal(tool).await.unwrap();
        used.push(new);
        assert_eq!(names(&sealed_by(tool).await.unwrap()), [new]);
        retire_old(key_file);
    }
    work_goes_on(&workers, &done).await;
    stops.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.unwrap();
    }
    let verified = verify(tool, &mut |fault| panic!("{fault:?}"))
        .await
        .unwrap();
    assert!(verified.opened > 20, "{verified:?}");
    assert_eq!(gateway.keys().keyed_hash("call", b"data"), hash);

    // The file has the new key, and of the first one only what makes hashes.
    let listed = KeyFile::list(key_file).unwrap();
    let listed: Vec<_> = listed.iter().map(|key| (key.name, key.usage)).collect();
    assert_eq!(
        listed,
        [(used[ROTATIONS], KeyUse::Seals), (used[0], KeyUse::Hashes)]
    );
    let opened = KeyFile::open(key_file).unwrap();
    assert_eq!(opened.keyed_hash("call", b"data"), hash);
}

/// Until every worker has done some operations more: what it had begun before is committed.
async fn work_goes_on(workers: &[tokio::task::JoinHandle<()>], done: &[AtomicU32; WORKERS]) {
    for done in done {
        let before = done.load(Ordering::Relaxed);
        while done.load(Ordering::Relaxed) < before + 3 {
            assert!(
                !workers.iter().any(tokio::task::JoinHandle::is_finished),
                "a worker failed"
            );
            tokio::task::yield_now().await;
        }
    }
}

fn names(sealed: &[(KeyName, u64)]) -> Vec<KeyName> {
    sealed.iter().map(|(name, _)| *name).collect()
}

fn retire_old(key_file: &Path) {
    let listed = KeyFile::list(key_file).unwrap();
    let old = listed.iter().filter(|key| key.usage == KeyUse::Opens);
    let old: Vec<_> = old.map(|key| key.name).collect();
    assert_eq!(old.len(), 1);
    KeyFile::retire(key_file, &old).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn keys_of_a_file_are_rotated_while_its_gateway_works() {
    let folder = Folder::new();
    let gateway = Arc::new(folder.open());
    let tool = folder.try_open(Role::Tool).unwrap();
    rotate_under_load(gateway, &tool, &folder.key_file()).await;
    drop(tool);
    // With the new key alone, and with nothing that was read before.
    let keys = KeyFile::open(&folder.key_file()).unwrap();
    let again = SqliteStore::open(&folder.journal(), keys, Role::Gateway).unwrap();
    let verified = verify(&again, &mut |fault| panic!("{fault:?}"))
        .await
        .unwrap();
    assert_eq!(verified.faults, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn keys_of_a_database_are_rotated_while_its_gateway_works() {
    let database = Database::new();
    let gateway = Arc::new(database.gateway().await);
    let tool = database.try_open(Role::Tool).await.unwrap();
    rotate_under_load(gateway, &tool, &database.key_file()).await;
    let again = database.try_open(Role::Tool).await.unwrap();
    let verified = verify(&again, &mut |fault| panic!("{fault:?}"))
        .await
        .unwrap();
    assert_eq!(verified.faults, 0);
}

#[tokio::test]
async fn a_key_that_waits_opens_and_does_not_seal() {
    let folder = Folder::new();
    let store = folder.open();
    add_provider(&store, "alpha").await;
    let first = store.keys().sealing();
    let next = KeyFile::add_next(&folder.key_file()).unwrap();
    assert_eq!(
        KeyFile::add_next(&folder.key_file()).unwrap(),
        next,
        "one waits at a time"
    );
    store.keys().read_again();
    assert_eq!(store.keys().sealing(), first);
    add_provider(&store, "beta").await;
    assert_eq!(names(&sealed_by(&store).await.unwrap()), [first]);
    // Another gateway has begun to use it, and this one is told nothing.
    let other = Folder::new();
    std::fs::copy(folder.key_file(), other.key_file()).unwrap();
    KeyFile::use_next(&other.key_file()).unwrap();
    let keys = KeyFile::open(&other.key_file()).unwrap();
    let tool = SqliteStore::open(&folder.journal(), keys, Role::Tool).unwrap();
    add_provider(&tool, "gamma").await;
    assert_eq!(store.providers().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_value_of_a_key_that_was_added_since_makes_the_file_be_read_again() {
    let folder = Folder::new();
    let store = folder.open();
    let before = store.keys().sealing();
    KeyFile::add_next(&folder.key_file()).unwrap();
    let new = KeyFile::use_next(&folder.key_file()).unwrap();
    let tool = folder.try_open(Role::Tool).unwrap();
    add_provider(&tool, "alpha").await;
    assert_ne!(before, new);
    assert_eq!(store.providers().await.unwrap().len(), 1);
    assert_eq!(store.keys().sealing(), new);
}
