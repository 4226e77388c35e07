//! `causeway operations` and `causeway operation`: what staff see of a purchase.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use causeway_engine::{Commit, Ending, Input, NewOperation, OperationId, Standing, Store as _};
use causeway_store::{KeyFile, Role, SqliteStore};
use causeway_testbed::sample_vendor::{SampleVendor, SampleVendorSettings};
use serde_json::Value;

use crate::support::{Folder, RunningGateway, SHIELDPRESS};

struct Sold {
    folder: Folder,
    gateway: RunningGateway,
    vendor: SampleVendor,
    credential: String,
    token: String,
}

/// A service that was created and suspended, and one that never was, whose suspension failed.
async fn sold() -> Sold {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    let vendor = SampleVendor::start(SampleVendorSettings::default())
        .await
        .unwrap();
    let credential = vendor.add_account("Sunny Hosting").unwrap();
    let token = folder.add_provider("sunny", &credential, &["--api", &vendor.api()]);
    folder.add_provider("rainy", "credential", &[]);
    let gateway = RunningGateway::start(&folder, &["shieldpress.toml"]);
    let created = gateway.operate(&token, "create", "service-1").await;
    assert_eq!(created["status"], "succeeded", "{created}");
    gateway.operate(&token, "suspend", "service-1").await;
    gateway.operate(&token, "suspend", "service-2").await;
    Sold {
        folder,
        gateway,
        vendor,
        credential,
        token,
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[tokio::test]
async fn operations_are_listed_while_the_gateway_runs() {
    let sold = sold().await;
    let all = json(&sold.folder.does(&["operations", "--json"]));
    let shown: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            format!(
                "{} {} {}",
                each["reference"], each["operation"], each["status"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "service-1 create succeeded",
            "service-1 suspend succeeded",
            "service-2 suspend failed"
        ]
    );
    assert!(all[2]["message"].as_str().unwrap().len() > 10);

    let one = sold.folder.does(&[
        "operations",
        "--service",
        "service-2",
        "--provider",
        "sunny",
    ]);
    assert_eq!(one.lines().count(), 2, "{one}");
    assert!(
        one.contains("shieldpress service-2  suspend  failed"),
        "{one}"
    );
    assert_eq!(
        json(
            &sold
                .folder
                .does(&["operations", "--json", "--provider", "rainy"])
        ),
        json("[]")
    );
    let newest = json(&sold.folder.does(&["operations", "--json", "--limit", "1"]));
    assert_eq!(newest[0]["reference"], "service-2");
    assert!(
        sold.folder
            .fails(&["operations", "--provider", "nobody"])
            .contains("nobody")
    );
}

#[tokio::test]
async fn one_operation_is_shown_with_its_exchanges_and_no_secret() {
    let sold = sold().await;
    let key = sold.vendor.live_services().unwrap()[0]
        .license_key
        .clone()
        .unwrap();
    let all = json(&sold.folder.does(&["operations", "--json"]));
    let id = all[0]["operation_id"].as_str().unwrap();
    let text = sold.folder.does(&["operation", id]);
    for said in [
        "create",
        "sunny",
        "shieldpress service-1 (suspended)",
        "succeeded after",
        "done 201",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains(&key), "{text}");
    for secret in ["correct-horse-battery", &sold.credential, &sold.token] {
        assert!(!text.contains(secret), "{text}");
    }
    let shown = json(&sold.folder.does(&["operation", id, "--json"]));
    let exchanges: Vec<_> = shown["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            format!("{} {} {}", each["step"], each["purpose"], each["outcome"]).replace('"', "")
        })
        .collect();
    assert!(
        exchanges.contains(&"subscription create done".to_owned()),
        "{exchanges:?}"
    );

    let failed = sold
        .folder
        .does(&["operation", all[2]["operation_id"].as_str().unwrap()]);
    assert!(
        failed.contains("failed after") && failed.contains("because"),
        "{failed}"
    );
    let absent = sold
        .folder
        .fails(&["operation", "0198f2a0-0000-7000-8000-000000000000"]);
    assert!(absent.contains("the journal has no operation"), "{absent}");
    let no_id = sold.folder.run(&["operation", "17"]);
    assert!(
        no_id.code == 2 && no_id.stderr.contains("`causeway operations` lists them"),
        "{no_id:#?}"
    );
}

/// One more operation on the service of a known one, that failed with this message.
async fn failed_with(sold: &Sold, known: OperationId, message: &str) -> OperationId {
    let data = sold.folder.path("data");
    let keys = KeyFile::open(&data.join("causeway.key")).unwrap();
    let store = SqliteStore::open(&data.join("journal.sqlite"), keys, Role::Tool).unwrap();
    let known = store.operation(known).await.unwrap().unwrap();
    let new = NewOperation {
        id: OperationId::new(),
        service: known.service,
        kind: known.kind,
        fingerprint: String::new(),
        input: Input::default(),
        accepted_at: known.accepted_at,
    };
    let id = new.id;
    store.accept(new).await.unwrap();
    let failed = Ending::Failed {
        message: message.to_owned(),
    };
    let commit = Commit {
        operation: id,
        standing: Standing::Ended(failed),
        steps_done: 0,
        service: None,
        exchanges: Vec::new(),
        claims: Vec::new(),
        at: known.accepted_at,
    };
    store.commit(commit).await.unwrap();
    id
}

#[tokio::test]
async fn what_a_vendor_says_does_nothing_to_the_terminal() {
    let sold = sold().await;
    let all = json(&sold.folder.does(&["operations", "--json"]));
    let known = all[2]["operation_id"].as_str().unwrap().parse().unwrap();
    let hostile = "No.\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{202e}\r\nsucceeded after 1 s";
    let id = failed_with(&sold, known, hostile).await.to_string();
    let text = sold.folder.does(&["operation", &id]);
    assert!(
        text.contains("No.") && text.contains("failed after"),
        "{text:?}"
    );
    for letter in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\r'] {
        assert!(!text.contains(letter), "{letter:?} in {text:?}");
    }
}

#[tokio::test]
async fn following_shows_what_happens_next() {
    let sold = sold().await;
    let mut child = sold
        .folder
        .command(&["operations", "--follow", "--json", "--limit", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || json(&lines.next().unwrap().unwrap());
    assert_eq!(next()["reference"], "service-2");
    sold.gateway
        .operate(&sold.token, "unsuspend", "service-1")
        .await;
    let mut seen = next();
    if seen["status"] == "open" {
        seen = next();
    }
    assert_eq!(seen["operation"], "unsuspend");
    assert_eq!(seen["status"], "succeeded");
    child.kill().unwrap();
    child.wait().unwrap();
}
