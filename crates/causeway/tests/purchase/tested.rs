//! The module that `causeway build` makes, put to the test that any module can be put to.

use std::fs;

use serde_json::Value;

use crate::bridge::Bridge;

#[tokio::test]
async fn nothing_is_found_wrong_with_the_generated_module() {
    let bridge = Bridge::start().await;
    fs::write(bridge.path("token"), &bridge.token).unwrap();
    let gateway = bridge.gateway_url();
    let arguments = [
        "test",
        "out/modules/servers/shieldpress",
        "--vendor-url",
        &gateway,
        "--vendor-credential-file",
        "token",
        "--progress",
        "none",
        "--json",
        "report.json",
    ];
    let (good, output, errors) = bridge.causeway(&arguments, "");
    assert!(good, "{output}{errors}");
    assert!(output.contains("✓ no finding"), "{output}");

    let report = fs::read_to_string(bridge.path("report.json")).unwrap();
    assert!(!report.contains(&bridge.token), "the token stands in it");
    let report: Value = serde_json::from_str(&report).unwrap();
    let failed = report["life"].as_array().unwrap().iter().filter(|step| {
        let told = &step["told"];
        told.get("failure").is_some() || told.get("php_died").is_some()
    });
    assert_eq!(failed.collect::<Vec<_>>(), Vec::<&Value>::new());
    let struck = report["trials"].as_array().unwrap();
    let struck = struck
        .iter()
        .filter(|trial| trial["struck"] == true)
        .count();
    assert!(struck > 60, "only {struck} trials struck");
}
