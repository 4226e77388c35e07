//! `causeway test`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use roxmltree::Document;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Folder, Ran, SHIELDPRESS};

/// A definition whose `find` never sees what was made: a lost answer doubles the service.
fn blind() -> String {
    let changes = [
        (
            "where = \"status != 'terminated'\"",
            "where = \"status == 'lost'\"",
        ),
        (", idempotency_header = \"Idempotency-Key\"", ""),
    ];
    changes
        .iter()
        .fold(SHIELDPRESS.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        })
}

fn run(definition: &str, arguments: &[&str]) -> (Folder, Ran) {
    let folder = Folder::new();
    folder.write("vendor.toml", definition);
    let ran = folder.run(&[&["test", "vendor.toml"], arguments].concat());
    (folder, ran)
}

/// The lines that were written to standard error, each one JSON.
fn events(ran: &Ran) -> Vec<Value> {
    let lines = ran.stderr.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[test]
fn the_list_has_every_case_once_and_plays_none() {
    let (_, ran) = run(SHIELDPRESS, &["--list"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
    let mut of_exchanges: BTreeMap<&str, usize> = BTreeMap::new();
    for name in ran.stdout.lines() {
        *of_exchanges
            .entry(name.split('/').next().unwrap())
            .or_default() += 1;
    }
    let mut names: Vec<_> = ran.stdout.lines().collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), of_exchanges.values().sum::<usize>());
    let counts: String = of_exchanges
        .iter()
        .map(|(exchange, cases)| format!("{cases:>4} {exchange}\n"))
        .collect();
    insta::assert_snapshot!(counts);
}

#[test]
fn what_ended_right_is_written_in_every_form() {
    let files = [
        "--junit",
        "report.xml",
        "--html",
        "report.html",
        "--json",
        "report.json",
    ];
    let cases = ["--case", "create.subscription.create/reset_after/*"];
    let (folder, ran) = run(SHIELDPRESS, &[&cases[..], &files[..]].concat());
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(
        ran.stdout.contains("create.subscription.create") && ran.stdout.contains("all right"),
        "{}",
        ran.stdout
    );

    let events = events(&ran);
    let planned = events
        .iter()
        .find(|event| event["event"] == "planned")
        .unwrap();
    let played: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "case")
        .collect();
    assert_eq!(planned["cases"], played.len());
    assert!(
        played.iter().all(|case| case["verdict"] == "right"),
        "{played:?}"
    );
    assert_eq!(events.last().unwrap()["wrong"], 0);

    let xml = folder.read("report.xml");
    let document = Document::parse(&xml).unwrap();
    let tests = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    assert_eq!(tests.count(), played.len());
    assert!(!xml.contains("<failure"));
    let page = folder.read("report.html");
    assert!(page.contains("cases ended right</title>"));
    assert!(page.contains("create.subscription.create/reset_after/killed: right"));
    let json: Value = serde_json::from_str(&folder.read("report.json")).unwrap();
    assert_eq!(json["results"].as_array().unwrap().len(), played.len());
}

#[test]
fn a_doubled_service_is_shown_with_its_exchanges_and_without_secrets() {
    let name = "create.subscription.create/reset_after/queue";
    let files = [
        "--junit",
        "report.xml",
        "--html",
        "report.html",
        "--json",
        "report.json",
    ];
    let (folder, ran) = run(
        &blind(),
        &[&["--case", name, "--fail-fast"], &files[..]].concat(),
    );
    assert_eq!(ran.code, 1, "{ran:#?}");
    let replay = format!("causeway test vendor.toml --case {name}");
    assert!(
        ran.stdout
            .contains("doubled: the vendor has 2 live services"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains(&replay), "{}", ran.stdout);
    let played = events(&ran)
        .into_iter()
        .find(|event| event["event"] == "case")
        .unwrap();
    assert_eq!(
        (&played["name"], &played["verdict"]),
        (&name.into(), &"wrong".into())
    );

    let [xml, page, json] =
        ["report.xml", "report.html", "report.json"].map(|file| folder.read(file));
    assert!(page.contains(&replay) && page.contains("⚡ reset_after"));
    assert!(
        Document::parse(&xml)
            .unwrap()
            .descendants()
            .any(|node| node.has_tag_name("failure"))
    );
    let secrets = secret_values(&json);
    assert!(!secrets.is_empty());
    assert!(secrets.iter().all(|secret| secret == "***"), "{secrets:?}");
    for written in [&xml, &page, &json] {
        assert!(!written.contains("cw_"), "a gateway's token in\n{written}");
        let is_credential = |word: &str| word.len() >= 40;
        let mut words = written.split(|letter: char| !letter.is_ascii_alphanumeric());
        let credential = words.find(|word| is_credential(word));
        assert_eq!(credential, None, "the vendor's credentials are as long");
    }
}

/// The values of all fields of that name in the bodies of a report's exchanges.
fn secret_values(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let exchanges = report["results"][0]["evidence"]["exchanges"]
        .as_array()
        .unwrap();
    let bodies = exchanges
        .iter()
        .filter_map(|exchange| exchange["request"]["body"].as_str());
    let bodies = bodies.filter_map(|body| serde_json::from_str::<Value>(body).ok());
    let password = |body: Value| Some(body["password"].as_str()?.to_owned());
    bodies.filter_map(password).collect()
}

#[test]
fn warnings_are_shown_and_errors_stop_it() {
    let (_, ran) = run("[service]\nname = 1\n", &[]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("vendor.toml has") && ran.stderr.contains("cannot be used"),
        "{}",
        ran.stderr
    );

    let unsafe_create = SHIELDPRESS
        .lines()
        .map(
            |line| match line.starts_with("find   = { get = \"/services\"") {
                true => String::new(),
                false => line.replace(", idempotency_header = \"Idempotency-Key\"", ""),
            },
        )
        .collect::<Vec<_>>()
        .join("\n");
    let (_, ran) = run(
        &unsafe_create,
        &[
            "--progress",
            "none",
            "--case",
            "test_connection.*.*/nothing/*",
        ],
    );
    assert_eq!(ran.code, 2, "{ran:#?}");
    let (_, ran) = run(
        &unsafe_create,
        &["--progress", "none", "--case", "nowhere.*.*/*/*"],
    );
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("could_be_doubled"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("there is no case of that name"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_stands_in_the_way_is_said_with_what_helps() {
    let folder = Folder::new();
    folder.write("vendor.toml", SHIELDPRESS);
    let test = folder
        .command(&["test", "vendor.toml", "--progress", "none"])
        .env("CAUSEWAY_PHP_FPM", "/nowhere/php-fpm")
        .output()
        .unwrap();
    let error = String::from_utf8(test.stderr).unwrap();
    assert_eq!(test.status.code(), Some(1));
    assert!(error.contains("apt-get install php-fpm"), "{error}");

    let error = folder.fails(&["test", "vendor.toml", "--html", "no/folder.html"]);
    assert!(
        error.contains("no/folder.html cannot be written"),
        "{error}"
    );

    let mistaken = SHIELDPRESS.replace(
        "/services/{{ service_id }}/suspend",
        "/services/{{ service_id }}/pause",
    );
    folder.write("mistaken.toml", mistaken);
    let error = folder.fails(&["test", "mistaken.toml", "--progress", "none"]);
    assert!(
        error.contains("`suspend` does not work even undisturbed"),
        "{error}"
    );
    assert!(error.contains("help:"), "{error}");
}

#[test]
fn who_stops_it_leaves_nothing_behind() {
    let folder = Folder::new();
    folder.write("vendor.toml", SHIELDPRESS);
    std::fs::create_dir(folder.path("tmp")).unwrap();
    let mut test = folder
        .command(&["test", "vendor.toml", "--jobs", "2"])
        .env("TMPDIR", folder.path("tmp"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(test.stderr.take().unwrap()).lines();
    // It plays: gateways, php-fpm and vendors are running.
    lines
        .find(|line| line.as_ref().unwrap().contains("\"event\":\"case\""))
        .unwrap()
        .unwrap();
    kill_process(Pid::from_child(&test), Signal::TERM).unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(
        rest.iter()
            .any(|line| line.contains("stopped before all of it")),
        "{rest:?}"
    );
    assert_eq!(test.wait().unwrap().code(), Some(1));
    let left = std::fs::read_dir(folder.path("tmp")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn a_vendor_that_cannot_be_tested_against_is_refused_before_anything_starts() {
    let folder = Folder::new();
    folder.write("vendor.toml", SHIELDPRESS);
    folder.write("credential", "\n");
    let test = |more: &[&str]| folder.run(&[&["test", "vendor.toml"], more].concat());
    let here = ["--vendor-url", "http://127.0.0.1:9/v1"];
    for (more, code, said) in [
        (
            &["--vendor-url", "http://sandbox.example/v1"][..],
            2,
            "is not encrypted",
        ),
        (
            &["--vendor-credential-file", "credential"],
            2,
            "--vendor-url",
        ),
        (
            &[here[0], here[1], "--seeds", "3"],
            2,
            "cannot be used with",
        ),
        (&here, 1, "CAUSEWAY_VENDOR_CREDENTIAL"),
        (
            &[here[0], here[1], "--vendor-credential-file", "credential"],
            1,
            "the credential is empty",
        ),
        (
            &[here[0], here[1], "--vendor-ca", "vendor.toml"],
            1,
            "there is no certificate in it",
        ),
        (
            &["--vendor-url", "https://10.0.0.1/v1"],
            1,
            "private_network",
        ),
    ] {
        let ran = test(more);
        assert_eq!(ran.code, code, "{more:?}: {ran:#?}");
        assert!(ran.stderr.contains(said), "{more:?}: {ran:#?}");
    }
}
