//! The matrix before a vendor that is given by its address: a sample vendor that nothing is known of but
//! its API.

use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor as _};
use causeway_testbed::fault_proxy::{FaultProxy, FaultProxySettings};
use causeway_testbed::matrix::{AskVendor, GivenVendor, LaneSettings, VendorSettings};
use causeway_testbed::sample_vendor::SampleVendor;
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use serde_json::Value;

use crate::support::{CAUSEWAY, SHIELDPRESS, example, play, vendor, with_times_as_they_are, wrong};

fn definition() -> String {
    SHIELDPRESS.replace(
        "[auth]",
        "timeout = \"1500ms\"\nsettle = \"1200ms\"\n\n[auth]",
    )
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
    test_at(definition, &vendor.api(), None, credential, cases)
}

fn test_at(
    definition: &str,
    url: &str,
    authority: Option<&str>,
    credential: &str,
    cases: &[&str],
) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("vendor.toml"), definition).unwrap();
    std::fs::write(file("credential"), format!("{credential}\n")).unwrap();
    let mut command = Command::new(CAUSEWAY);
    command
        .current_dir(folder.path())
        .args(["test", "vendor.toml", "--json", "report.json"])
        .args(["--vendor-url", url])
        .args(["--vendor-credential-file", "credential"]);
    if let Some(authority) = authority {
        std::fs::write(file("authority.pem"), authority).unwrap();
        command.args(["--vendor-ca", "authority.pem"]);
    }
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
        results
            .filter_map(|result| result["verdict"].as_str())
            .collect()
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

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_look_at_is_not_called_right() {
    let (vendor, credential) = elsewhere().await;
    let cases = [
        // It goes on by itself.
        "create.user.create/reset_after/queue",
        // It waits for a person, who has no way to look.
        "create.subscription.create/reset_after/queue",
    ];
    let ran = tokio::task::block_in_place(|| test(&without_find(), &vendor, &credential, &cases));
    assert_eq!(ran.code, Some(0), "{}", ran.said());
    assert_eq!(ran.verdicts(), ["not_known"; 2], "{}", ran.said());
    for said in [
        "cannot be known here",
        "how many `subscription` the vendor has: the definition has no `find` for it",
        "it waits for a person who looks there",
        "perhaps a subscription of ",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("all right"), "{}", ran.stdout);
    // It was one that nobody was told of, and it is there still.
    let live = vendor.live_services().unwrap();
    assert_eq!(live.len(), 1);
    let line = format!("perhaps a subscription of {}", live[0].domain);
    assert!(ran.stdout.contains(&line), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_that_nothing_shows_is_not_called_right() {
    let (vendor, credential) = elsewhere().await;
    let suspend = r#"suspend         = { post = "/services/{{ service_id }}/suspend" }"#;
    let definition = definition();
    assert!(definition.contains(suspend));
    // The vendor is only looked at: it says the same before and after.
    let idle = definition.replace(
        suspend,
        r#"suspend = { get = "/services/{{ service_id }}" }"#,
    );
    let cases = ["suspend.suspend.call/reset_before/queue"];
    let ran = tokio::task::block_in_place(|| test(&idle, &vendor, &credential, &cases));
    assert_eq!(ran.verdicts(), ["not_known"], "{}", ran.said());
    assert!(
        ran.stdout.contains("whether it is suspended"),
        "{}",
        ran.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_with_a_certificate_of_its_own_authority_is_trusted_when_told_to() {
    let (vendor, credential) = elsewhere().await;
    let before = FaultProxySettings::before(vendor.api().parse().unwrap());
    let tls = FaultProxy::start(before).await.unwrap();
    let cases = ["terminate.terminate.call/reset_after/queue"];
    let at = |authority| {
        test_at(
            &definition(),
            &tls.secure_api(),
            authority,
            &credential,
            &cases,
        )
    };
    let ran = tokio::task::block_in_place(|| at(Some(tls.authority_pem())));
    assert_eq!(ran.verdicts(), ["right"], "{}", ran.said());
    let ran = tokio::task::block_in_place(|| at(None));
    assert_eq!(ran.code, Some(1), "{}", ran.said());
    assert!(ran.stderr.contains("--vendor-ca"), "{}", ran.stderr);
    assert_eq!(vendor.live_services().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_credential_is_told_and_nothing_is_sold() {
    let (vendor, _) = elsewhere().await;
    let cases = ["suspend.suspend.call/reset_before/queue"];
    let ran = tokio::task::block_in_place(|| test(&definition(), &vendor, "wr0ng-one", &cases));
    assert_eq!(ran.code, Some(1), "{}", ran.said());
    assert!(ran.stderr.contains("Unauthenticated"), "{}", ran.stderr);
    assert!(!ran.said().contains("wr0ng-one"), "{}", ran.said());
    assert_eq!(vendor.services().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_sends_without_looking_is_found_out() {
    let (vendor, credential) = elsewhere().await;
    let api: url::Url = vendor.api().parse().unwrap();
    let directly = Directly {
        http: HttpVendor::new(HttpVendorSettings::default()).unwrap(),
        api: api.to_string(),
    };
    let given = GivenVendor::new(api, credential, Vec::new(), Arc::new(directly));
    let given = Arc::new(given);
    let broken = LaneSettings {
        vendor: VendorSettings::Given(Arc::clone(&given)),
        gateway_program: Some(example("sabotaged_gateway")),
        gateway_arguments: ["--sabotage", "sends-without-looking"]
            .map(str::to_owned)
            .into(),
        ..with_times_as_they_are(&definition())
    };
    let case = "create.subscription.create/reset_after/queue";
    let report = play(broken, &[case]).await;
    let wrong = wrong(&report);
    assert_eq!(wrong.len(), 1, "it was not noticed");
    let (name, said) = &wrong[0];
    assert_eq!(name, case);
    assert!(
        said.contains("doubled: the vendor has 2 live `subscription`"),
        "{said}"
    );
    // The one that nobody knows of cannot be ended, so it is named.
    let live = vendor.live_services().unwrap();
    assert_eq!(live.len(), 1);
    let line = format!("subscription {} of {}", live[0].id, live[0].domain);
    assert!(
        given.left_behind().contains(&line),
        "{:?}",
        given.left_behind()
    );
}

/// The way to the vendor past the fault proxy.
struct Directly {
    http: HttpVendor,
    api: String,
}

impl AskVendor for Directly {
    fn ask<'a>(
        &'a self,
        definition: &'a Definition,
        request: &'a Request,
        timeout: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, String>> + Send + 'a>> {
        Box::pin(async move {
            let sent = self
                .http
                .send(definition, Some(&self.api), request, timeout);
            match sent.await {
                Reply::Answered(answer) => Ok(answer),
                Reply::NotSent { reason, .. } | Reply::Unknown { reason } => Err(reason),
            }
        })
    }
}
