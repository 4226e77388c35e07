//! A small report with everything in it that can be shown.

use std::time::Duration;

use causeway_definition::request::Method;
use causeway_testbed::fault_proxy::{
    DeliveryOutcome, Fault, Given, PathPattern, Place, Port, RecordedDelivery, RecordedExchange,
    RecordedRequest,
};
use causeway_testbed::matrix::{
    CaseName, CaseResult, Evidence, ExchangeName, Follow, GivenVendorReport, MatrixReport, Purpose,
    Reached, Scenario, Truths, Verdict,
};
use serde_json::json;

/// Stands in fields of that name, and elsewhere.
pub const PASSWORD: &str = "Tr0ub4dor&3";
/// Known to the lane alone.
pub const CREDENTIAL: &str = "sk_live_4242424242";
/// What nobody could read.
pub const NOT_KNOWN: &str = "how many `subscription` the vendor has";
/// A vendor's error page, with what a page must not take for its own.
pub const ERROR_PAGE: &str =
    "<html><script>alert('no')</script>\u{0}\u{1b}[31m Bad & broken \u{202e}gateway</html>";

/// Two exchanges, two faults each, all follows: one wrong case, one after a decision.
pub fn report() -> MatrixReport {
    let find = exchange("user", Purpose::Find, Method::Get, "/users");
    let create = exchange(
        "subscription",
        Purpose::Create,
        Method::Post,
        "/services/{{ id }}",
    );
    let mut results = Vec::new();
    for exchange in [&find, &create] {
        for fault in [Fault::ResetAfter, Fault::BadGatewayAfter] {
            results.extend(Follow::ALL.map(|follow| right(exchange, fault, follow)));
        }
    }
    let killed = |result: &&mut CaseResult| {
        result.name.exchange == create.name && result.name.follow == Follow::Killed
    };
    let mut of_create = results.iter_mut().filter(killed);
    *of_create.next().unwrap() = wrong(&create);
    of_create.next().unwrap().verdict = Verdict::RightAfterDecision;
    MatrixReport {
        definition: "shieldpress".to_owned(),
        journal: "sqlite",
        vendor: None,
        exchanges: vec![find, create],
        not_reached: vec![ExchangeName {
            scenario: Scenario::CreateAnew,
            step: "user".to_owned(),
            purpose: Purpose::Create,
        }],
        results,
        began_at: "2026-03-01T12:00:00Z".parse().unwrap(),
        took: Duration::from_millis(83_400),
    }
}

/// The same without what is wrong in it.
pub fn all_right() -> MatrixReport {
    let mut report = report();
    for result in &mut report.results {
        result.verdict = Verdict::Right;
        result.evidence = None;
    }
    report.not_reached.clear();
    report
}

/// The same before a given vendor, where one case could not be read to its end.
pub fn before_given_vendor() -> MatrixReport {
    let mut report = all_right();
    report.results[0].verdict = Verdict::NotKnown {
        not_known: vec![NOT_KNOWN.to_owned()],
    };
    report.vendor = Some(GivenVendorReport {
        url: "https://sandbox.example/v1".to_owned(),
        run: "kq7x2".to_owned(),
        left_behind: vec!["user 17 of ada-kq7x2001@example.com".to_owned()],
    });
    report
}

fn exchange(step: &str, purpose: Purpose, method: Method, path: &str) -> Reached {
    Reached {
        name: ExchangeName {
            scenario: Scenario::Create,
            step: step.to_owned(),
            purpose,
        },
        place: Place::Request {
            method,
            path: PathPattern::of_template(path),
        },
        time: 1,
        connection: 1,
        changes: purpose == Purpose::Create,
        goes_on: true,
        is_looked_for: true,
        can_come_twice: false,
        has_body: true,
    }
}

fn right(exchange: &Reached, fault: Fault, follow: Follow) -> CaseResult {
    CaseResult {
        name: CaseName {
            exchange: exchange.name.clone(),
            fault,
            follow,
        },
        verdict: Verdict::Right,
        took: Duration::from_millis(1_500),
        evidence: None,
    }
}

fn wrong(exchange: &Reached) -> CaseResult {
    CaseResult {
        verdict: Verdict::Wrong {
            complaints: vec![
                "doubled: the vendor has 2 live services for <site-1.example.com>, and there should be 1"
                    .to_owned(),
                format!("and somebody says {PASSWORD}\u{7}"),
            ],
        },
        evidence: Some(evidence()),
        ..right(exchange, Fault::ResetAfter, Follow::Killed)
    }
}

fn evidence() -> Evidence {
    let body = json!({"email": "ada@example.com", "user": {"password": PASSWORD, "Api_Token": "t0ken-77"}});
    let half = format!(
        r#"{{"plan":"basic","password_confirmation":"{}"#,
        &PASSWORD[..9]
    );
    Evidence {
        told: vec![
            json!({"call": "CreateAccount", "success": false, "message": "ShieldPress is still working on this"}),
            json!({"event": "the gateway was killed"}),
            json!({"call": "CreateAccount", "success": true, "message": "success"}),
        ],
        exchanges: vec![
            sent(
                12,
                "POST",
                "/v1/users?access_token=t0ken-77&page=2",
                &body.to_string(),
                201,
                &half,
            ),
            RecordedExchange {
                fault: Some(Fault::ResetAfter),
                given: Given::Reset,
                ..sent(
                    48,
                    "POST",
                    "/v1/services",
                    r#"{"plan":"basic"}"#,
                    201,
                    r#"{"id":13}"#,
                )
            },
            sent(
                96,
                "POST",
                "/v1/services",
                "plan=basic&passwd=Tr0ub4dor%263",
                502,
                ERROR_PAGE,
            ),
        ],
        truths: Truths {
            whmcs: json!({"status": "Active", "saved": {"Service ID": "14", "ShieldPress License Key": "SP-B"}}),
            journal: json!({"status": "active", "properties": {"service_id": 14, "license_key": "SP-B"}}),
            vendor: json!({
                "services": [
                    {"id": 13, "status": "active", "license": {"key": "SP-A"}, "plan": "basic"},
                    {"id": 14, "status": "active", "license": {"key": "SP-B"}, "plan": "basic"},
                ],
                "users": [{"id": 1, "email": "ada@example.com"}],
            }),
        },
        operations: json!([{
            "operation_id": "01a20aab-113f-777f-b226-cbf736abe0bc",
            "operation": "create",
            "status": "needs_attention",
            "message": "the answer was lost",
            "exchanges": [{
                "number": 1, "step": "subscription", "purpose": "create", "outcome": "unknown", "status": null,
                "request": "POST /services", "request_body": "{\"plan\":\"basic\"}", "answer": "connection reset",
            }],
        }]),
        log: format!(
            "INFO sent Authorization: Bearer {CREDENTIAL}x\nWARN vendor said {CREDENTIAL}\n\
             Array\n(\n    [rootpassword] => r00t-9f2c\n)"
        ),
        secrets: vec![CREDENTIAL.to_owned()],
    }
}

fn sent(
    at: u64,
    method: &str,
    target: &str,
    body: &str,
    status: u16,
    answer: &str,
) -> RecordedExchange {
    RecordedExchange {
        port: Port::Http,
        began: Duration::from_millis(at),
        ended: Some(Duration::from_millis(at + 9)),
        request: Some(RecordedRequest {
            method: method.to_owned(),
            target: target.to_owned(),
            body: body.to_owned(),
            followed_redirect: false,
        }),
        fault: None,
        deliveries: vec![RecordedDelivery {
            sent: Duration::from_millis(at + 1),
            outcome: Some(DeliveryOutcome::Answered {
                status,
                body: answer.to_owned(),
            }),
        }],
        given: Given::Answer {
            status,
            body: answer.to_owned(),
        },
    }
}
