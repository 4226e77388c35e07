//! WHMCS's calls, the gateway's answers, and what WHMCS hears of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::php::call;
use crate::scripted_gateway::{Answer, ScriptedGateway};
use crate::support::{Installed, SHIELDPRESS, SMALL};

const TOKEN: &str = "cw_provider_0123456789abcdef";
const PASSWORD: &str = "pa\"ss\\wörd/1";

fn params() -> Value {
    json!({
        "serviceid": 17, "addonId": 0, "pid": 3, "userid": 5, "domain": "example.com", "username": "example",
        "password": PASSWORD, "status": "Pending", "configoption1": "pro", "configoptions": {"Plan": "Business &amp; more"},
        "customfields": {"Site Key": "abc"}, "whmcsVersion": "8.13.1", "serverpassword": TOKEN, "serveraccesshash": "",
        "clientsdetails": {
            "id": 5, "uuid": "u-1", "firstname": "Zoë", "lastname": "O&#039;Brien", "fullname": "Zoë O&#039;Brien",
            "companyname": "Müller &amp; Söhne", "email": "zoe@example.com", "country": "DE", "currency": 1, "currency_code": "EUR",
            "password": "$2y$10$clienthash", "customfields": [{"id": 2, "value": "VIP"}],
        },
    })
}

fn row() -> Value {
    json!({"domainstatus": "Pending", "billingcycle": "Monthly", "nextduedate": "2026-02-01", "regdate": "2026-01-01", "amount": "10.00"})
}

fn answer(status: &str, message: Option<&str>, properties: Value) -> Value {
    json!({
        "operation_id": "0199-abc", "definition": "shieldpress", "operation": "create", "reference": "service-17",
        "status": status, "message": message, "service_status": "active", "properties": properties, "redirect": null,
        "accepted_at": "2026-01-01T09:00:00Z", "ended_at": null,
    })
}

fn created() -> Value {
    answer(
        "succeeded",
        None,
        json!({"user_id": 5, "service_id": 17, "license_key": "SP-1"}),
    )
}

#[test]
fn a_create_sends_what_the_vendor_may_need_and_saves_what_is_kept() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let happened = call(
        &module,
        "CreateAccount",
        json!({"params": params(), "row": row()}),
    );
    assert_eq!(happened.text(), "success");
    assert_eq!(
        happened.saves,
        [json!({"User ID": "5", "Service ID": "17", "ShieldPress Security License Key": "SP-1"})]
    );
    let requests = gateway.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line, "POST /v1/operations");
    assert_eq!(requests[0].authorization, format!("Bearer {TOKEN}"));
    let mut body = requests[0].body.clone();
    body["caller"]["php_version"] = json!("8.x");
    insta::assert_json_snapshot!("create_request", body);
}

#[test]
fn every_function_asks_for_its_own_operation() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let functions = [
        ("SuspendAccount", "suspend"),
        ("UnsuspendAccount", "unsuspend"),
        ("TerminateAccount", "terminate"),
        ("Renew", "renew"),
        ("ChangePackage", "change_package"),
        ("ChangePassword", "change_password"),
        ("refresh", "refresh"),
    ];
    for (function, operation) in functions {
        assert_eq!(
            call(&module, function, json!({"params": params()})).text(),
            "success"
        );
        assert_eq!(
            gateway.requests().last().unwrap().body["operation"],
            operation
        );
    }
}

#[test]
fn a_product_addon_is_a_service_of_its_own() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let mut params = params();
    params["addonId"] = json!(4);
    let row = json!({"status": "Pending", "addonid": 9, "billingcycle": "Annually", "recurring": "99.00", "nextduedate": "2027-01-01", "regdate": "2026-01-01"});
    call(
        &module,
        "CreateAccount",
        json!({"params": params, "row": row}),
    );
    let body = &gateway.requests()[0].body;
    assert_eq!(body["reference"], "addon-4");
    assert_eq!(
        body["service"],
        json!({"status": "Pending", "product_id": "9", "product_name": "ShieldPress addon", "billing_cycle": "Annually",
            "next_due_date": "2027-01-01", "registration_date": "2026-01-01", "amount": "99.00", "currency": "EUR", "is_addon": true})
    );
}

#[test]
fn the_token_is_read_from_the_password_or_the_access_hash() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let folded = format!(" {}\r\n{}\n", &TOKEN[..10], &TOKEN[10..]);
    for (password, access_hash) in [(TOKEN, ""), ("", folded.as_str()), (TOKEN, folded.as_str())] {
        let mut params = params();
        (params["serverpassword"], params["serveraccesshash"]) =
            (json!(password), json!(access_hash));
        assert_eq!(
            call(&module, "CreateAccount", json!({"params": params})).text(),
            "success"
        );
        assert_eq!(
            gateway.requests().last().unwrap().authorization,
            format!("Bearer {TOKEN}")
        );
    }
    let asked = gateway.requests().len();
    for (password, access_hash, complaint) in [
        ("", " \n", "No token is set"),
        (TOKEN, "another", "two different tokens"),
    ] {
        let mut params = params();
        (params["serverpassword"], params["serveraccesshash"]) =
            (json!(password), json!(access_hash));
        let happened = call(&module, "CreateAccount", json!({"params": params}));
        assert!(happened.text().contains(complaint), "{}", happened.text());
        let tested = call(&module, "TestConnection", json!({"params": params}));
        assert_eq!(tested.returned["success"], false);
        assert!(
            tested.returned["error"]
                .as_str()
                .unwrap()
                .contains(complaint)
        );
    }
    assert_eq!(
        gateway.requests().len(),
        asked,
        "nothing is asked without one token"
    );
}

#[test]
fn test_connection_asks_the_vendor_where_the_definition_can() {
    let gateway = ScriptedGateway::answering(
        json!({"operation_id": null, "status": "succeeded", "message": null}),
    );
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let server = json!({"serverpassword": TOKEN, "whmcsVersion": "8.13.1"});
    let tested = call(
        &module,
        "TestConnection",
        json!({"params": server, "no_model": true}),
    );
    assert_eq!(tested.returned, json!({"success": true, "error": ""}));
    let body = gateway.requests()[0].body.clone();
    assert_eq!(body["operation"], "test_connection");
    assert_eq!(body.get("reference"), None);
}

#[test]
fn test_connection_tries_the_token_where_the_definition_cannot_ask_the_vendor() {
    let gateway = ScriptedGateway::start(|request| {
        if request.authorization == format!("Bearer {TOKEN}") {
            (200, json!({"operations": []}).to_string())
        } else {
            (
                401,
                json!({"error": {"code": "unauthorized", "message": "no"}}).to_string(),
            )
        }
    });
    let module = Installed::new(SMALL, &gateway.url());
    let tested = call(
        &module,
        "TestConnection",
        json!({"params": {"serverpassword": TOKEN}, "no_model": true}),
    );
    assert_eq!(tested.returned["success"], true);
    let tested = call(
        &module,
        "TestConnection",
        json!({"params": {"serverpassword": "wrong"}, "no_model": true}),
    );
    assert_eq!(tested.returned["success"], false);
    assert!(
        tested.returned["error"]
            .as_str()
            .unwrap()
            .contains("does not accept the token")
    );
    assert_eq!(
        gateway.lines(),
        ["GET /v1/operations?owed=true&definition=small"; 2]
    );
}

#[test]
fn pending_and_failed_are_readable_and_lose_nothing_that_is_saved() {
    let saved =
        json!({"User ID": "5", "Service ID": "17", "ShieldPress Security License Key": "SP-1"});
    let cases = [
        (
            "pending",
            None,
            "still working on this (operation 0199-abc). It finishes by itself",
        ),
        (
            "failed",
            Some("ShieldPress says:\n  the <b>domain</b> is taken"),
            "ShieldPress says: the ‹b›domain‹/b› is taken",
        ),
        (
            "needs_attention",
            Some("look at the vendor"),
            "look at the vendor",
        ),
        ("failed", None, "gave no reason"),
    ];
    for (status, message, expected) in cases {
        let gateway = ScriptedGateway::answering(answer(status, message, json!({"user_id": 6})));
        let module = Installed::new(SHIELDPRESS, &gateway.url());
        let happened = call(
            &module,
            "SuspendAccount",
            json!({"params": params(), "saved": saved}),
        );
        assert!(happened.text().contains(expected), "{}", happened.text());
        assert!(!happened.text().contains('\n'));
        assert_eq!(
            happened.saved,
            json!({"User ID": "6", "Service ID": "17", "ShieldPress Security License Key": "SP-1"})
        );
    }
}

#[test]
fn what_is_no_longer_kept_is_emptied_and_what_is_unchanged_is_not_saved_again() {
    let saved =
        json!({"User ID": "5", "Service ID": "17", "ShieldPress Security License Key": "SP-1"});
    let gateway = ScriptedGateway::answering(answer("succeeded", None, json!({"user_id": 5})));
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let happened = call(
        &module,
        "TerminateAccount",
        json!({"params": params(), "saved": saved}),
    );
    assert_eq!(happened.text(), "success");
    assert_eq!(
        happened.saves,
        [json!({"Service ID": "", "ShieldPress Security License Key": ""})]
    );
    let again = call(
        &module,
        "TerminateAccount",
        json!({"params": params(), "saved": happened.saved}),
    );
    assert_eq!(again.saves, Vec::<Value>::new());
}

#[test]
fn when_saving_fails_staff_read_what_the_vendor_made() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    for no_model in [false, true] {
        let happened = call(
            &module,
            "CreateAccount",
            json!({"params": params(), "save_fails": true, "no_model": no_model}),
        );
        let text = happened.text();
        assert!(
            text.contains("Service ID: 17")
                && text.contains("Nothing is lost: run the same command again"),
            "{text}"
        );
    }
}

#[test]
fn an_absent_gateway_is_told_in_one_line_and_soon() {
    let gateway = ScriptedGateway::answering(created());
    let url = gateway.url();
    drop(gateway);
    let module = Installed::new(SHIELDPRESS, &url);
    let started = Instant::now();
    let happened = call(&module, "CreateAccount", json!({"params": params()}));
    let start = format!("The Causeway gateway at {url} could not be reached: ");
    assert!(happened.text().starts_with(&start), "{}", happened.text());
    assert!(
        happened
            .text()
            .ends_with("Nothing was lost; try again later.")
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_gateway_that_never_answers_is_given_up_in_time() {
    // The system takes the connection; nobody ever reads from it.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let module = Installed::new(
        SHIELDPRESS,
        &format!("http://{}", silent.local_addr().unwrap()),
    );
    let started = Instant::now();
    let page = call(
        &module,
        "ClientArea",
        json!({"params": params(), "saved": {"ShieldPress Security License Key": "SP-saved"}}),
    )
    .returned;
    assert_eq!(
        page["templateVariables"]["causeway"]["items"][0]["value"],
        "SP-saved"
    );
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn an_answer_that_is_not_the_gateways_is_told_as_such() {
    let cases: [(Answer, &str); 9] = [
        (
            (200, "<html>Welcome</html>".into()),
            "could not be read: HTTP 200, not the expected JSON",
        ),
        (
            (200, String::new()),
            "could not be read: HTTP 200 with an empty body",
        ),
        ((200, "{\"status\": \"succ".into()), "not the expected JSON"),
        ((200, "\"succeeded\"".into()), "not the expected JSON"),
        ((302, String::new()), "could not be read: HTTP 302"),
        (
            (502, "<h1>Bad gateway</h1>".into()),
            "could not be read: HTTP 502",
        ),
        (
            (200, format!("\"{}\"", "x".repeat(2_000_000))),
            "larger than one megabyte",
        ),
        (
            (
                401,
                json!({"error": {"code": "unauthorized", "message": "no"}}).to_string(),
            ),
            "does not accept the token",
        ),
        (
            (
                422,
                json!({"error": {"code": "not_offered", "message": "plan `x` is unknown"}})
                    .to_string(),
            ),
            "(not_offered): plan `x` is unknown",
        ),
    ];
    for ((status, body), expected) in cases {
        let gateway = ScriptedGateway::start(move |_| (status, body.clone()));
        let module = Installed::new(SHIELDPRESS, &gateway.url());
        let happened = call(&module, "CreateAccount", json!({"params": params()}));
        assert!(
            happened.text().contains(expected),
            "{expected}: {}",
            happened.text()
        );
        assert_eq!(happened.saves, Vec::<Value>::new());
        assert_eq!(
            gateway.requests().len(),
            1,
            "a redirect is not followed, nothing is sent twice"
        );
    }
}

#[test]
fn malformed_utf_8_in_client_data_does_not_stop_an_order() {
    let gateway = ScriptedGateway::answering(created());
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let happened = call(
        &module,
        "CreateAccount",
        json!({"params": params(), "bad_utf8": true}),
    );
    assert_eq!(happened.text(), "success");
    assert_eq!(
        gateway.requests()[0].body["client"]["lastname"],
        "M\u{fffd}ller"
    );
}

#[test]
fn the_module_log_has_the_conversation_without_the_secrets() {
    let source = SHIELDPRESS
        .replace(
            "license_key = { label = \"License Key\" }",
            "license_key = { label = \"License Key\", secret = true }",
        )
        .replace(
            "[properties]",
            "[options.api_key]\nlabel = \"Partner code\"\ntype = \"password\"\n\n[properties]",
        );
    let gateway = ScriptedGateway::answering(answer(
        "failed",
        Some("no"),
        json!({"service_id": 17, "license_key": "SP-SECRET"}),
    ));
    let module = Installed::new(&source, &gateway.url());
    let mut params = params();
    params["configoption2"] = json!("partner-secret");
    params["configoptions"]["Partner code"] = json!("partner-chosen");
    params["customfields"]["Root Password"] = json!("root-secret");
    params["customfields"]["ShieldPress Security License Key"] = json!("SP-OLD");
    let happened = call(
        &module,
        "CreateAccount",
        json!({"params": params, "saved": {"ShieldPress Security License Key": "SP-OLD"}}),
    );
    let mut entries = happened.log.clone();
    assert_eq!(entries[0]["action"], "create");
    assert_eq!(entries[0]["request"]["body"]["options"]["plan"], "pro");
    assert_eq!(entries[0]["processed"]["properties"]["service_id"], 17);
    let replace_vars = entries[0]
        .as_object_mut()
        .unwrap()
        .remove("replace_vars")
        .unwrap();
    let logged = entries.to_string();
    for secret in [
        TOKEN,
        "wörd/1",
        "clienthash",
        "SP-SECRET",
        "SP-OLD",
        "partner-secret",
        "partner-chosen",
        "root-secret",
    ] {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
    for secret in [
        TOKEN,
        PASSWORD,
        "$2y$10$clienthash",
        "SP-OLD",
        "partner-secret",
        "partner-chosen",
    ] {
        assert!(
            replace_vars.as_array().unwrap().contains(&json!(secret)),
            "{secret} not in {replace_vars}"
        );
    }
    assert!(!replace_vars.as_array().unwrap().contains(&json!("")));
}

#[test]
fn single_sign_on_leads_to_a_web_address_or_says_why_not() {
    let with_redirect = |status: &str, redirect: &str| {
        let mut answer = answer(
            status,
            (status == "failed").then_some("suspended"),
            json!({}),
        );
        answer["redirect"] = json!(redirect);
        let gateway = ScriptedGateway::answering(answer);
        let module = Installed::new(SHIELDPRESS, &gateway.url());
        call(&module, "ServiceSingleSignOn", json!({"params": params()}))
    };
    let happened = with_redirect("succeeded", "https://app.example/login?token=t0p");
    assert_eq!(
        happened.returned,
        json!({"success": true, "redirectTo": "https://app.example/login?token=t0p"})
    );
    assert!(
        !happened.log.to_string().contains("t0p"),
        "the log would log anybody in"
    );
    assert_eq!(
        with_redirect("succeeded", "javascript:alert(1)").returned["success"],
        false
    );
    assert_eq!(
        with_redirect("failed", "").returned,
        json!({"success": false, "errorMsg": "suspended"})
    );
}

#[test]
fn meta_data_and_buttons_follow_the_definition() {
    let module = Installed::new(SHIELDPRESS, "https://gateway.example");
    let meta = call(&module, "MetaData", json!({})).returned;
    assert_eq!(meta["DisplayName"], "ShieldPress Security");
    assert_eq!(
        (&meta["APIVersion"], &meta["RequiresServer"]),
        (&json!("1.1"), &json!(true))
    );
    assert_eq!(
        meta["ServiceSingleSignOnLabel"],
        "Log in to ShieldPress Security"
    );
    assert_eq!(
        call(&module, "AdminCustomButtonArray", json!({})).returned,
        json!({"Refresh from vendor": "refresh"})
    );
    let small = Installed::new(SMALL, "https://gateway.example");
    assert_eq!(
        call(&small, "MetaData", json!({}))
            .returned
            .get("ServiceSingleSignOnLabel"),
        None
    );
}
