//! Whether a journal is whole, and what an export tells: the same on both kinds of journal.

use causeway_definition::OperationKind;
use causeway_engine::{Claim, Commit, Identity, Origin, Outcome, Store, StoreError};
use causeway_store::{AnyJournal, Fault, Role, SqliteStore, export, verify};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::postgres::Database;
use crate::support::{
    Folder, SUCCEEDED, active, add_provider, begin, call, ended, exchange, failed, key, progress,
};

/// Two providers, a service with two operations that have ended, and one with an open one.
async fn populate(store: &dyn Store) {
    let alpha = add_provider(store, "alpha").await;
    add_provider(store, "beta").await;
    let first = key(alpha, "service-1");
    let (operation, _) = begin(store, call(first.clone(), OperationKind::Create)).await;
    let identity = Identity {
        resource: "user".to_owned(),
        value: "17".to_owned(),
    };
    let commit = Commit {
        service: Some(active(
            first.clone(),
            json!({ "license_key": "SP-1234-5678" }),
        )),
        exchanges: vec![exchange(1, Outcome::Done), exchange(2, Outcome::Done)],
        claims: vec![Claim {
            identity,
            origin: Origin::Made,
        }],
        ..ended(operation.id, SUCCEEDED)
    };
    store.commit(commit).await.unwrap();
    let (operation, _) = begin(store, call(first, OperationKind::Suspend)).await;
    store
        .commit(ended(operation.id, failed("422: no")))
        .await
        .unwrap();
    let (operation, _) = begin(store, call(key(alpha, "service-2"), OperationKind::Create)).await;
    let commit = Commit {
        exchanges: vec![exchange(1, Outcome::Intended)],
        ..progress(operation.id, 0)
    };
    store.commit(commit).await.unwrap();
}

async fn faults(journal: &dyn AnyJournal) -> Vec<Fault> {
    let mut faults = Vec::new();
    let verified = verify(journal, &mut |fault| faults.push(fault))
        .await
        .unwrap();
    assert_eq!(verified.faults, u64::try_from(faults.len()).unwrap());
    let rows = [
        ("providers", 2),
        ("services", 2),
        ("operations", 3),
        ("exchanges", 3),
    ];
    for expected in rows {
        assert!(verified.rows.contains(&expected), "{verified:?}");
    }
    faults
}

/// What somebody does to a journal, and what is said about which row.
const DAMAGES: [(&str, &str, &str); 9] = [
    (
        "UPDATE exchanges SET number = 3 WHERE number = 2",
        "exchanges 1/3",
        "exchange 2 of its operation is missing",
    ),
    ("DELETE FROM inputs", "operations 3", "its input is missing"),
    (
        "INSERT INTO inputs (operation, input) SELECT 2, input FROM inputs",
        "operations 2",
        "its input is still there",
    ),
    (
        "UPDATE services SET doubts = '{\"user\":1}' WHERE reference = 'service-1'",
        "services 1",
        "what is open at",
    ),
    (
        "UPDATE services SET properties = (SELECT input FROM inputs) WHERE reference = 'service-1'",
        "services 1",
        "changed or moved",
    ),
    (
        "UPDATE providers SET credential = (SELECT credential FROM providers WHERE name = 'beta')
         WHERE name = 'alpha'",
        "providers 1",
        "changed or moved",
    ),
    (
        "UPDATE operations SET kind = 'dance' WHERE sequence = 1",
        "operations 1",
        "`dance` is not",
    ),
    (
        "UPDATE claims SET generation = 9",
        "services 1",
        "a life that has not begun",
    ),
    (
        "DROP INDEX open_operations; UPDATE operations SET standing = 'open', ended_at = NULL",
        "services 1",
        "2 open operations at once",
    ),
];

fn assert_told(faults: &[Fault], (damage, row, what): (&str, &str, &str)) {
    let told = faults
        .iter()
        .any(|fault| fault.row.starts_with(row) && fault.what.contains(what));
    assert!(told, "{damage}: {faults:#?}");
}

#[tokio::test]
async fn a_file_that_is_whole_has_no_faults_and_each_damage_is_told() {
    let folder = Folder::new();
    let store = folder.open();
    populate(&store).await;
    assert_eq!(faults(&store).await, []);
    store.close();
    for damage in DAMAGES {
        let damaged = Folder::new();
        for file in ["journal.db", "journal.key"] {
            std::fs::copy(folder.path().join(file), damaged.path().join(file)).unwrap();
        }
        let other = Connection::open(damaged.journal()).unwrap();
        other.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        other.execute_batch(damage.0).unwrap();
        drop(other);
        assert_told(
            &faults(&damaged.try_open(Role::Tool).unwrap()).await,
            damage,
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_whole_has_no_faults_and_each_damage_is_told() {
    for damage in DAMAGES {
        let database = Database::new();
        let store = database.gateway().await;
        populate(&store).await;
        assert_eq!(faults(&store).await, []);
        database.sql(damage.0);
        assert_told(&faults(&store).await, damage);
    }
}

#[tokio::test]
async fn a_reference_to_nothing_is_told() {
    let folder = Folder::new();
    let store = folder.open();
    populate(&store).await;
    let other = Connection::open(folder.journal()).unwrap();
    other
        .execute_batch("PRAGMA foreign_keys = OFF; UPDATE claims SET service = 99")
        .unwrap();
    let faults = faults(&store).await;
    assert_told(&faults, ("claims", "claims", "services that do not exist"));
    assert_told(
        &faults,
        ("claims", "the database", "refers to a row of services"),
    );
}

async fn exported(journal: &dyn AnyJournal) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut write = |line| {
        lines.push(line);
        Ok(())
    };
    export(journal, &mut write).await.unwrap();
    lines
}

async fn assert_exports_all_but_secrets(journal: &dyn AnyJournal) {
    populate(journal).await;
    let lines = exported(journal).await;
    let of =
        |kind: &str| -> Vec<&Value> { lines.iter().filter(|line| line["type"] == kind).collect() };
    let counts = ["provider", "service", "operation", "exchange"].map(|kind| of(kind).len());
    assert_eq!(counts, [2, 2, 3, 3]);
    assert_eq!(
        of("service")[0]["properties"]["license_key"],
        "SP-1234-5678"
    );
    assert_eq!(of("operation")[1]["message"], "422: no");
    assert_eq!(of("operation")[1]["operation"], "suspend");
    assert_eq!(of("exchange")[0]["operation"], of("operation")[0]["id"]);
    let text = serde_json::to_string(&lines).unwrap();
    for secret in ["credential", "hunter2", "token_hash"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_export_of_a_file_tells_all_but_secrets() {
    let folder = Folder::new();
    assert_exports_all_but_secrets(&folder.open()).await;
}

#[tokio::test]
async fn an_export_of_a_database_tells_all_but_secrets() {
    let database = Database::new();
    assert_exports_all_but_secrets(&database.gateway().await).await;
}

#[tokio::test]
async fn an_export_of_many_batches_tells_each_row_once() {
    let folder = Folder::new();
    let store = folder.open();
    let alpha = add_provider(&store, "alpha").await;
    for number in 0..1201 {
        let new = call(
            key(alpha, &format!("service-{number}")),
            OperationKind::Create,
        );
        let (operation, _) = begin(&store, new).await;
        let commit = Commit {
            exchanges: vec![exchange(1, Outcome::Done), exchange(2, Outcome::Done)],
            ..ended(operation.id, SUCCEEDED)
        };
        store.commit(commit).await.unwrap();
    }
    let mut seen = std::collections::BTreeSet::new();
    for line in exported(&store).await {
        assert!(seen.insert(line.to_string()), "{line} twice");
    }
    assert_eq!(seen.len(), 1 + 1201 + 1201 + 2402);
}

#[tokio::test]
async fn a_copy_made_under_a_running_gateway_is_whole_and_opens() {
    let folder = Folder::new();
    let store = folder.open();
    populate(&store).await;
    let copy = folder.path().join("copy.db");
    SqliteStore::back_up(&folder.journal(), &copy).unwrap();
    let again = SqliteStore::back_up(&folder.journal(), &copy).unwrap_err();
    assert!(again.to_string().contains("is there already"), "{again}");
    // What comes afterwards is not in it.
    add_provider(&store, "gamma").await;
    let running = SqliteStore::put_in_place(&copy, &folder.journal()).unwrap_err();
    assert!(matches!(running, StoreError::Unavailable(_)), "{running}");
    store.close();
    SqliteStore::put_in_place(&copy, &folder.journal()).unwrap();
    let store = folder.open();
    assert_eq!(store.providers().await.unwrap().len(), 2);
    assert_eq!(faults(&store).await, []);
}
