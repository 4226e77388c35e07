//! The journal in a PostgreSQL database.

use std::sync::LazyLock;

use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use serde_json::Value;

use crate::support::{Folder, RunningGateway, SHIELDPRESS, token_in};

static SERVER: LazyLock<PostgresServer> = LazyLock::new(start_server);

fn start_server() -> PostgresServer {
    PostgresServer::start_new(PostgresSettings::default()).unwrap()
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    folder
}

fn add_provider(folder: &Folder, journal: &str) -> String {
    let arguments = ["provider", "add", "sunny", "--journal", journal];
    let ran = folder.run_with_input(&arguments, "credential");
    assert_eq!(ran.code, 0, "{ran:#?}");
    token_in(&ran.stdout)
}

fn password_of(url: &str) -> &str {
    url.split(':').nth(2).unwrap().split('@').next().unwrap()
}

async fn status(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn two_gateways_serve_one_journal() {
    let folder = folder();
    let journal = SERVER.new_database().unwrap();
    let token = add_provider(&folder, &journal);
    let serve = ["shieldpress.toml", "--journal", &journal];
    let gateways = [
        RunningGateway::start(&folder, &serve),
        RunningGateway::start(&folder, &serve),
    ];
    for gateway in &gateways {
        let (code, text) = status(&format!("{}/readyz", gateway.url)).await;
        assert_eq!(code, 200, "{text}");
        // Nothing is there to be suspended: both know the provider, and the same services.
        let answer = gateway.operate(&token, "suspend", "service-1").await;
        assert_eq!(answer["status"], "failed", "{answer}");
    }
    let listed = folder
        .command(&["operations", "--json"])
        .env("CAUSEWAY_JOURNAL", &journal)
        .output()
        .unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    for gateway in gateways {
        let (code, log) = gateway.terminate();
        assert_eq!(code, 0, "{log}");
        assert!(!log.contains(password_of(&journal)), "{log}");
    }
}

#[tokio::test]
async fn a_gateway_outlives_its_database_and_refuses_calls_meanwhile() {
    let server = tokio::task::spawn_blocking(start_server).await.unwrap();
    let folder = folder();
    let journal = server.new_database().unwrap();
    let token = add_provider(&folder, &journal);
    let gateway = RunningGateway::start(&folder, &["shieldpress.toml", "--journal", &journal]);
    let ready = format!("{}/readyz", gateway.url);
    server.kill();
    // What was found well a moment ago is not asked for again at once.
    while status(&ready).await.0 == 200 {}
    let (code, text) = status(&ready).await;
    assert_eq!(code, 503, "{text}");
    assert!(text.contains("journal_unavailable"), "{text}");
    let answer = gateway.operate(&token, "suspend", "service-1").await;
    assert_eq!(answer["error"]["code"], "journal_unavailable", "{answer}");

    server.start().unwrap();
    while status(&ready).await.0 != 200 {}
    let answer = loop {
        let answer = gateway.operate(&token, "suspend", "service-1").await;
        // Its lease may have to be renewed first.
        if answer["error"]["code"] != "journal_unavailable" {
            break answer;
        }
    };
    assert_eq!(answer["status"], "failed", "{answer}");
    let (code, log) = gateway.terminate();
    assert_eq!(code, 0, "{log}");
    assert!(!log.contains(password_of(&journal)), "{log}");
}

#[test]
fn what_is_wrong_with_a_database_is_said_without_its_password() {
    let folder = folder();
    let journal = SERVER.new_database().unwrap();
    let password = password_of(&journal);
    let nowhere = journal.replace("/journal_", "/nowhere_");
    let malformed = journal.replace("@127.0.0.1:", "@127.0.0.1:x");
    let unverified = format!("{journal}?sslmode=prefer");
    for (url, said) in [
        (
            journal.as_str(),
            "there is no journal at postgres://causeway@127.0.0.1",
        ),
        (&nowhere, "does not exist"),
        (&malformed, "postgres://USER@HOST:PORT/DATABASE"),
        (&unverified, "always verified"),
    ] {
        let error = folder.fails(&["operations", "--journal", url]);
        let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(error.contains(said), "{error}");
        assert!(!error.contains(password), "{error}");
    }
    let without = journal.replace(&format!(":{password}"), "");
    assert!(
        folder
            .fails(&["operations", "--journal", &without])
            .contains("password")
    );
    let added = folder
        .command(&["provider", "add", "sunny", "--journal", &without])
        .env("PGPASSWORD", password)
        .env("CAUSEWAY_CREDENTIAL", "credential")
        .output()
        .unwrap();
    assert!(added.status.success(), "{added:?}");
}

#[test]
fn a_database_with_a_journal_is_not_given_a_new_key() {
    let folder = folder();
    let journal = SERVER.new_database().unwrap();
    add_provider(&folder, &journal);
    std::fs::remove_file(folder.path("data/causeway.key")).unwrap();
    let error = folder.fails(&["serve", "shieldpress.toml", "--journal", &journal]);
    assert!(error.contains("copy it from another gateway"), "{error}");
    assert!(!folder.path("data/causeway.key").exists());
}
