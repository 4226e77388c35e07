//! `causeway test MODULE_FOLDER`.

use roxmltree::Document;
use serde_json::Value;

use crate::support::{Folder, Ran, SHIELDPRESS};

/// A create that makes a second site when it is repeated; else a good module.
const MODULE: &str = r#"<?php
if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

function acme_call(array $params, $method, $path, $body = [])
{
    $curl = curl_init('https://' . $params['serverhostname'] . $path);
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_CONNECTTIMEOUT => 1,
        CURLOPT_TIMEOUT => 2,
        CURLOPT_HTTPHEADER => ['X-Key: ' . $params['serverpassword'], 'Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode($body),
    ]);
    $answer = json_decode((string) curl_exec($curl), true);
    $status = curl_getinfo($curl, CURLINFO_HTTP_CODE);
    return is_array($answer) && $status < 300 ? $answer : ['error' => "Acme answered $status to $method $path."];
}

function acme_CreateAccount(array $params)
{
    $answer = acme_call($params, 'POST', '/sites', ['domain' => $params['domain']]);
    if (!isset($answer['id'])) {
        return isset($answer['error']) ? $answer['error'] : 'Acme gave no id.';
    }
    $params['model']->serviceProperties->save(['Site' => $answer['id']]);
    return 'success';
}

function acme_SuspendAccount(array $params)
{
    $answer = acme_call($params, 'POST', '/sites/' . $params['customfields']['Site'] . '/pause');
    return isset($answer['error']) ? $answer['error'] : 'success';
}
"#;

const VENDOR: &str = r#"
title = "Acme"
hosts = ["api.acme.example"]

[auth]
header = "X-Key"
value = "{{ credential }}"

[collections.sites]
path = "/sites"

[[collections.sites.actions]]
post = "/sites/{id}/pause"
set = { paused = true }
"#;

fn acme() -> Folder {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("acme")).unwrap();
    folder.write("acme/acme.php", MODULE);
    folder.write("acme.toml", VENDOR);
    folder
}

fn test(folder: &Folder, arguments: &[&str]) -> Ran {
    let always = ["test", "acme", "--vendor", "acme.toml", "--patience", "8"];
    folder.run(&[&always, arguments].concat())
}

#[test]
fn a_finding_comes_with_its_evidence_in_every_report() {
    let folder = acme();
    let reports = ["--junit", "r.xml", "--html", "r.html", "--json", "r.json"];
    let ran = test(&folder, &reports);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for words in [
        "✗ doubled_create a repeated create makes a second service at the vendor",
        "CreateAccount: staff pressed Create once more: the vendor has 2 of sites instead of 1",
        "why  An answer is lost now and then",
        "mend  Look for the service before creating it",
        "✗ 1 finding; ",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    let events: Vec<Value> = ran
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let planned = events.iter().find(|event| event["event"] == "planned");
    let played = events.iter().filter(|event| event["event"] == "trial");
    assert_eq!(played.count(), planned.unwrap()["cases"]);

    let junit = folder.read("r.xml");
    let junit = Document::parse(&junit).unwrap();
    let failures = junit
        .descendants()
        .filter(|node| node.has_tag_name("failure"));
    let kinds: Vec<_> = failures
        .map(|node| node.attribute("type").unwrap())
        .collect();
    assert!(
        kinds.len() > 1 && kinds.iter().all(|kind| *kind == "doubled_create"),
        "{kinds:?}"
    );

    let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let all_doubled = findings
        .iter()
        .all(|found| found["finding"] == "doubled_create");
    assert!(all_doubled, "{findings:#?}");
    let found = findings
        .iter()
        .find(|found| {
            found["what"]
                .as_str()
                .unwrap()
                .starts_with("staff pressed Create")
        })
        .unwrap();
    let exchange = &found["exchanges"][0];
    assert_eq!(exchange["request"]["target"], "/sites");
    let create = report["life"].as_array().unwrap().iter();
    let create = create.filter(|step| step["callback"] == "CreateAccount");
    let create: Vec<&Value> = create.collect();
    assert_eq!(create[0]["calls"][0]["returned"]["value"], "success");

    let page = folder.read("r.html");
    assert!(page.contains("doubled_create") && page.contains("the vendor has 2 of sites"));
    for elsewhere in ["src=", "href=\"http", "@import", "url("] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
}

#[test]
fn it_is_said_which_findings_break_a_build() {
    let folder = acme();
    for (fail_on, code) in [
        ("none", 0),
        ("false_success,uncaught_error", 0),
        ("false_success,doubled_create", 1),
    ] {
        let ran = test(&folder, &["--fail-on", fail_on, "--progress", "none"]);
        assert_eq!(ran.code, code, "{fail_on}: {ran:#?}");
        assert!(ran.stdout.contains("✗ doubled_create"), "{}", ran.stdout);
    }
    let ran = test(&folder, &["--fail-on", "doubled"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("there is no finding `doubled`"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("doubled_create"), "{}", ran.stderr);
}

#[test]
fn a_finding_is_explained() {
    let ran = Folder::new().run(&["test", "--explain", "stuck_create"]);
    assert_eq!(ran.code, 0, "{ran:#?}");
    for words in ["never succeeds again", "Why it matters", "How to mend it"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn what_is_missing_or_out_of_place_is_said_before_anything_starts() {
    let folder = acme();
    folder.write("vendor.toml", SHIELDPRESS);
    folder.write("broken.toml", "title = 1\n");
    std::fs::create_dir(folder.path("empty")).unwrap();
    for (arguments, said) in [
        (
            &["test", "acme"][..],
            "name a vendor script with --vendor FILE",
        ),
        (
            &["test", "acme", "--vendor", "broken.toml"],
            "broken.toml cannot be used",
        ),
        (
            &["test", "acme", "--vendor", "acme.toml", "--list"],
            "--list is for the test of a definition",
        ),
        (
            &["test", "vendor.toml", "--option", "1=a"],
            "--option is for the test of a module folder",
        ),
        (
            &["test", "acme", "--vendor", "acme.toml", "--option", "25=a"],
            "the numbers 1 to 24",
        ),
        (
            &["test", "empty", "--vendor", "acme.toml"],
            "is not a WHMCS server module",
        ),
        (
            &["test", "--explain", "nothing"],
            "there is no finding `nothing`",
        ),
    ] {
        let ran = folder.run(arguments);
        assert_ne!(ran.code, 0, "{arguments:?}");
        assert!(ran.stderr.contains(said), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_create_that_fails_is_shown_with_its_exchanges() {
    let folder = acme();
    folder.write(
        "acme.toml",
        VENDOR.replace("path = \"/sites\"", "path = \"/pages\""),
    );
    let ran = test(&folder, &["--progress", "none"]);
    assert_eq!(ran.code, 1);
    for words in [
        "cannot create a service",
        "POST /sites",
        "404",
        "--option 1=VALUE",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}
