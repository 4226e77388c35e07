//! What was committed survives `kill -9`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use causeway_definition::OperationKind;
use causeway_engine::{Acceptance, Commit, OperationId, Outcome, Store as _};
use serde_json::json;

use crate::support::{Folder, active, add_provider, begin, call, exchange, key, progress};

const FOLDER: &str = "CAUSEWAY_TEST_JOURNAL_FOLDER";

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = Folder::new();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "durability::commits_until_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let mut acknowledged = Vec::new();
    while acknowledged.len() < 200 {
        let line = lines.next().expect("the child commits until it is killed");
        acknowledged.extend(parse(&line));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // The last line may have been cut off.
    let rest: Vec<_> = lines.collect();
    acknowledged.extend(rest.iter().filter_map(|line| parse(line)));

    let store = folder.open();
    for (number, id) in acknowledged.iter().enumerate() {
        let operation = store
            .operation(*id)
            .await
            .unwrap()
            .expect("it was acknowledged");
        assert_eq!(operation.steps_done, 1);
        assert_eq!(store.exchanges(*id).await.unwrap().len(), 1);
        let service = store.service(&operation.service).await.unwrap().unwrap();
        assert_eq!(service.properties["number"], json!(number));
        let again = call(operation.service, OperationKind::Create);
        assert!(
            matches!(store.accept(again).await.unwrap(), Acceptance::Joined(open) if open == *id)
        );
    }
}

fn parse(line: &str) -> Option<OperationId> {
    line.strip_prefix("committed ")?
        .strip_suffix(" .")?
        .parse()
        .ok()
}

/// The child of the test above.
#[tokio::test]
#[ignore = "runs until it is killed"]
async fn commits_until_killed() {
    let folder = std::path::PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let keys = causeway_store::KeyFile::open_or_create(&folder.join("journal.key")).unwrap();
    let role = causeway_store::Role::Gateway;
    let store = causeway_store::SqliteStore::open(&folder.join("journal.db"), keys, role).unwrap();
    let provider = add_provider(&store, "alpha").await;
    for number in 0.. {
        let key = key(provider, &format!("service-{number}"));
        let (operation, _) = begin(&store, call(key.clone(), OperationKind::Create)).await;
        let commit = Commit {
            service: Some(active(key, json!({ "number": number }))),
            exchanges: vec![exchange(1, Outcome::Done)],
            ..progress(operation.id, 1)
        };
        store.commit(commit).await.unwrap();
        writeln!(std::io::stdout(), "committed {} .", operation.id).unwrap();
    }
}
