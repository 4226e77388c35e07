//! The matrix before a vendor that is given by its address: a sample vendor that nothing is known of but
//! its API.

use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor as _};
use causeway_testbed::matrix::{AskVendor, GivenVendor, LaneSettings, VendorSettings};
use causeway_testbed::sample_vendor::SampleVendor;
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use serde_json::Value;

use crate::support::{
    CAUSEWAY, SHIELDPRESS, example, play, vendor, with_times_as_they_are, wrong,
};

/// The sample vendor's lists show at once what was made.
fn definition() -> String {
    SHIELDPRESS.replace("[auth]", "timeout = \"1500ms\"\nsettle = \"200ms\"\n\n[auth]")
}

/// Without a way to look for a subscription, and without a key for it.
fn without_find() -> String {
    let find = r#"find   = { get = "/services", query = { domain = "{{ domain }}", user_id = "{{ user_id }}" }, at = "data", where = "status != 'terminated'", next = "links.next" }"#;
    let header = r#", idempotency_header = "Idempotency-Key" }"#;
    let definition = definition();
    assert!(definition.contains(find) && definition.contains(header));
    definition.replace(find, "").replace(header, " }")
}

/// Somewhere else there is a vendor.
async fn elsewhere() -> (SampleVendor, String) {
    let vendor = SampleVendor::start(vendor()).await.unwrap();
    let credential = vendor.add_account("Sunny Hosting").unwrap();
    (vendor, credential)
}

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    report: Value,
}

/// `causeway test --vendor-url`, with its report.
fn test(definition: &str, vendor: &SampleVendor, credential: &str, cases: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("vendor.toml"), definition).unwrap();
    std::fs::write(file("credential"), format!("{credential}\n")).unwrap();
    let mut command = Command::new(CAUSEWAY);
    command
        .current_dir(folder.path())
        .args(["test", "vendor.toml", "--json", "report.json"])
        .args(["--vendor-url", &vendor.api()])
        .args(["--vendor-credential-file", "credential"]);
    for case in cases {
        command.args(["--case", case]);
    }
    let output = command.output().unwrap();
    let report = std::fs::read_to_string(file("report.json")).unwrap_or_default();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        report: serde_json::from_str(&report).unwrap_or_default(),
    }
}

impl Ran {
    fn verdicts(&self) -> Vec<&str> {
        let results = self.report["results"].as_array().into_iter().flatten();
        results.filter_map(|result| result["verdict"].as_str()).collect()
    }

    fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_cases_end_right_and_what_was_sold_is_ended() {
    let (vendor, credential) = elsewhere().await;
    let cases = [
        "create.subscription.create/reset_after/killed",
        "create.subscription.create/empty_body/two_callers",
        "create_together.user.create/act_late/queue",
        "create_anew.subscription.create/half_json/queue",
        "suspend.suspend.call/reset_before/queue",
        "unsuspend.unsuspend.call/bad_gateway_after/day_later",
        "terminate.terminate.call/reset_after/killed_while_resuming",
    ];
    let ran = tokio::task::block_in_place(|| test(&definition(), &vendor, &credential, &cases));
    assert_eq!(ran.code, Some(0), "{}", ran.said());
    assert_eq!(ran.verdicts(), ["right"; 7], "{}", ran.said());
    assert!(!ran.said().contains(&credential));
    println!("{}", ran.said());
    assert!(vendor.services().unwrap().len() > 7);
    assert_eq!(vendor.live_services().unwrap(), []);
    // No call of the definition ends a user: each is named.
    let left = ran.report["vendor"]["left_behind"].as_array().unwrap();
    assert_eq!(left.len(), vendor.users().unwrap().len(), "{left:?}");
    for user in vendor.users().unwrap() {
        let line = format!("user {} of {}", user.id, user.email);
        assert!(left.contains(&line.as_str().into()), "{line}: {left:?}");
    }
}
