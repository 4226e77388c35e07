//! Another key for the journal, while gateways run.

use std::fs;

use causeway_testbed::postgres::{PostgresServer, PostgresSettings};

use crate::support::{Folder, RunningGateway, SHIELDPRESS};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("shieldpress.toml", SHIELDPRESS);
    folder
}

/// The names in a key file, from above.
fn keys(folder: &Folder, file: &str) -> Vec<(String, String)> {
    let line = |line: &str| {
        let mut parts = line.split(':').map(str::to_owned);
        (parts.next().unwrap(), parts.next().unwrap())
    };
    folder.read(file).lines().map(line).collect()
}

#[tokio::test]
async fn a_gateway_that_was_started_before_goes_on_with_the_new_key() {
    let folder = folder();
    let token = folder.add_provider("sunny", "credential", &[]);
    let gateway = RunningGateway::start(&folder, &["shieldpress.toml"]);
    let answer = gateway.operate(&token, "suspend", "service-1").await;
    assert_eq!(answer["status"], "failed", "{answer}");
    let old = keys(&folder, "data/causeway.key");
    assert!(folder.does(&["key", "retire"]).contains("no key to retire"));

    let said = folder.does(&["key", "rotate"]);
    let new = keys(&folder, "data/causeway.key");
    assert_eq!(new[1..], old);
    assert!(said.contains(&new[0].1), "{said}");
    let answer = gateway.operate(&token, "suspend", "service-2").await;
    assert_eq!(answer["status"], "failed", "{answer}");
    let listed = folder.does(&["key", "list"]);
    assert!(
        listed.contains("seals and opens") && listed.contains(&old[0].1),
        "{listed}"
    );

    let said = folder.does(&["key", "retire"]);
    assert!(said.contains(&old[0].1), "{said}");
    let left = keys(&folder, "data/causeway.key");
    assert_eq!(left[0], new[0]);
    assert_eq!(left[1].0, "causeway-hash-1");
    let answer = gateway.operate(&token, "suspend", "service-3").await;
    assert_eq!(answer["status"], "failed", "{answer}");
    let (code, log) = gateway.terminate();
    assert_eq!(code, 0, "{log}");
    let said = folder.does(&["journal", "verify"]);
    assert!(
        said.contains("3 operations") && said.contains("is whole"),
        "{said}"
    );
}

#[test]
fn a_key_that_is_in_use_is_not_retired() {
    let folder = folder();
    folder.add_provider("sunny", "credential", &[]);
    let said = folder.does(&["key", "rotate", "--add-only"]);
    assert!(said.contains("--reseal"), "{said}");
    assert_eq!(keys(&folder, "data/causeway.key")[0].0, "causeway-next-1");
    // Somebody has put it to use by hand, and nothing was sealed anew.
    let text = folder.read("data/causeway.key").replace("next", "key");
    fs::write(folder.path("data/causeway.key"), text).unwrap();
    let error = folder.fails(&["key", "retire"]);
    assert!(error.contains("no key was retired"), "{error}");
    folder.does(&["key", "rotate", "--reseal"]);
    folder.does(&["key", "retire"]);
    assert!(folder.does(&["provider", "list"]).contains("sunny"));
}

#[tokio::test]
async fn gateways_on_other_machines_know_a_key_before_it_seals() {
    let server = PostgresServer::start_new(PostgresSettings::default()).unwrap();
    let journal = server.new_database().unwrap();
    // Two machines: each has a key file of its own.
    let (here, there) = (folder(), folder());
    let token = here.add_provider("sunny", "credential", &["--journal", &journal]);
    fs::create_dir(there.path("data")).unwrap();
    let copy = || {
        let (from, to) = (
            here.path("data/causeway.key"),
            there.path("data/causeway.key"),
        );
        fs::copy(from, to).unwrap();
    };
    copy();
    let serve = ["shieldpress.toml", "--journal", &journal];
    let gateways = [
        RunningGateway::start(&here, &serve),
        RunningGateway::start(&there, &serve),
    ];
    let of_journal = |arguments: &[&'static str]| -> Vec<String> {
        let more = ["--journal".to_owned(), journal.clone()];
        arguments
            .iter()
            .map(ToString::to_string)
            .chain(more)
            .collect()
    };
    let does = |arguments: &[&'static str]| {
        let arguments = of_journal(arguments);
        here.does(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let at_once = of_journal(&["key", "rotate"]);
    let error = here.fails(&at_once.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(error.contains("2 gateways run"), "{error}");
    assert_eq!(keys(&here, "data/causeway.key").len(), 1);

    does(&["key", "rotate", "--add-only"]);
    copy();
    does(&["key", "rotate", "--reseal"]);
    for (number, gateway) in gateways.iter().enumerate() {
        let reference = format!("service-{number}");
        let answer = gateway.operate(&token, "suspend", &reference).await;
        assert_eq!(answer["status"], "failed", "{answer}");
    }
    copy();
    does(&["key", "rotate", "--reseal"]);
    does(&["key", "retire"]);
    let said = does(&["journal", "verify"]);
    assert!(
        said.contains("2 operations") && said.contains("is whole"),
        "{said}"
    );
    for gateway in gateways {
        let (code, log) = gateway.terminate();
        assert_eq!(code, 0, "{log}");
    }
}
