//! After a cron run, what finished in the meantime comes home.

use serde_json::{Value, json};

use crate::php::{Happened, call};
use crate::scripted_gateway::{Request, ScriptedGateway};
use crate::support::{Installed, SHIELDPRESS};

fn operation(kind: &str, reference: &str, status: &str) -> Value {
    json!({
        "operation_id": format!("{kind}-{reference}"), "definition": "shieldpress", "operation": kind, "reference": reference,
        "status": status, "message": (status != "succeeded").then_some("the vendor said <no>"), "service_status": "active",
        "properties": {"user_id": 5, "service_id": 17, "license_key": "SP-1"}, "redirect": null,
        "accepted_at": "2026-01-01T09:00:00Z", "ended_at": "2026-01-01T09:10:00Z",
    })
}

fn server(token: &str) -> Value {
    json!({"type": "shieldpress", "disabled": 0, "password": format!("sealed:{token}"), "accesshash": ""})
}

/// A gateway that owes these operations to whoever has the token `good`.
fn owing(operations: Vec<Value>) -> ScriptedGateway {
    ScriptedGateway::start(move |request: &Request| {
        if request.authorization != "Bearer good" {
            return (
                401,
                json!({"error": {"code": "unauthorized", "message": "no"}}).to_string(),
            );
        }
        match request.line.as_str() {
            line if line.starts_with("GET /v1/operations?owed=true") => {
                (200, json!({"operations": operations}).to_string())
            }
            line if line.ends_with("/acknowledge") => (204, String::new()),
            line => (
                404,
                json!({"error": {"code": "not_found", "message": line}}).to_string(),
            ),
        }
    })
}

fn cron(gateway: &ScriptedGateway, extra: Value) -> Happened {
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let mut case = json!({"servers": [server("good")], "row": {"domainstatus": "Pending", "status": "Pending"}});
    for (name, value) in extra.as_object().unwrap() {
        case[name] = value.clone();
    }
    call(&module, "AfterCronJob", case)
}

fn acknowledged(gateway: &ScriptedGateway) -> Vec<String> {
    let lines = gateway.lines().into_iter();
    lines
        .filter_map(|line| {
            Some(
                line.strip_suffix("/acknowledge")?
                    .rsplit('/')
                    .next()?
                    .to_owned(),
            )
        })
        .collect()
}

#[test]
fn whmcs_repeats_its_own_call_for_what_succeeded() {
    let commands = [
        ("create", "ModuleCreate"),
        ("suspend", "ModuleSuspend"),
        ("unsuspend", "ModuleUnsuspend"),
        ("terminate", "ModuleTerminate"),
        ("change_package", "ModuleChangePackage"),
    ];
    for (kind, command) in commands {
        let gateway = owing(vec![operation(kind, "service-17", "succeeded")]);
        let happened = cron(&gateway, json!({}));
        assert_eq!(happened.api, [json!([command, {"serviceid": 17}])]);
        assert_eq!(
            acknowledged(&gateway),
            Vec::<String>::new(),
            "the repeated call takes the result"
        );
    }
}

#[test]
fn what_is_still_open_waits() {
    let gateway = owing(vec![operation("create", "service-17", "pending")]);
    let happened = cron(&gateway, json!({}));
    assert_eq!(
        (happened.api, happened.activity, acknowledged(&gateway)),
        (vec![], vec![], vec![])
    );
}

#[test]
fn what_failed_is_told_to_staff_once() {
    for status in ["failed", "needs_attention"] {
        let gateway = owing(vec![operation("create", "service-17", status)]);
        let happened = cron(&gateway, json!({}));
        assert_eq!(acknowledged(&gateway), ["create-service-17"]);
        assert_eq!(happened.api.len(), 1);
        assert_eq!(happened.api[0][0], "SendAdminEmail");
        assert!(
            happened.api[0][1]["custommessage"]
                .as_str()
                .unwrap()
                .contains("the vendor said ‹no›")
        );
        assert_eq!(happened.activity.len(), 1);
    }
}

#[test]
fn renewals_and_addons_are_brought_home_without_a_command() {
    let gateway = owing(vec![
        operation("renew", "service-17", "succeeded"),
        operation("create", "addon-4", "succeeded"),
    ]);
    let happened = cron(&gateway, json!({}));
    assert_eq!(
        happened.saved,
        json!({"User ID": "5", "Service ID": "17", "ShieldPress Security License Key": "SP-1"})
    );
    assert_eq!(
        happened.api,
        [json!(["UpdateClientAddon", {"id": 4, "status": "Active"}])]
    );
    assert_eq!(
        acknowledged(&gateway),
        ["renew-service-17", "create-addon-4"]
    );
}

#[test]
fn staff_hear_of_a_password_that_only_the_vendor_has() {
    let gateway = owing(vec![operation(
        "change_password",
        "service-17",
        "succeeded",
    )]);
    let happened = cron(&gateway, json!({}));
    assert_eq!(happened.api[0][0], "SendAdminEmail");
    assert!(
        happened.activity[0].contains("the vendor has taken the new password"),
        "{:?}",
        happened.activity
    );
    assert_eq!(acknowledged(&gateway), ["change_password-service-17"]);
}

#[test]
fn a_service_that_ended_in_whmcs_is_not_made_active_again() {
    for extra in [
        json!({"row": {"domainstatus": "Cancelled"}}),
        json!({"known": []}),
    ] {
        let gateway = owing(vec![operation("create", "service-17", "succeeded")]);
        let happened = cron(&gateway, extra);
        let commands: Vec<&Value> = happened.api.iter().map(|call| &call[0]).collect();
        assert_eq!(commands, ["SendAdminEmail"]);
        assert_eq!(acknowledged(&gateway), ["create-service-17"]);
    }
}

#[test]
fn one_bad_server_or_operation_does_not_stop_the_others() {
    let strange = json!({"operation_id": "x", "status": "succeeded"});
    let gateway = owing(vec![
        strange,
        operation("create", "service-17", "succeeded"),
    ]);
    let other_module =
        json!({"type": "another", "disabled": 0, "password": "sealed:other", "accesshash": ""});
    let disabled =
        json!({"type": "shieldpress", "disabled": 1, "password": "sealed:off", "accesshash": ""});
    let servers = json!([server("wrong"), other_module, disabled, server("good")]);
    let happened = cron(&gateway, json!({"servers": servers}));
    assert_eq!(happened.api, [json!(["ModuleCreate", {"serviceid": 17}])]);
    let asked: Vec<String> = gateway
        .requests()
        .into_iter()
        .map(|request| request.authorization)
        .collect();
    assert_eq!(asked, ["Bearer wrong", "Bearer good"]);
}

#[test]
fn the_access_hash_is_read_sealed_or_as_entered() {
    for access_hash in ["good", "sealed:good", "go\nod"] {
        let gateway = owing(vec![operation("create", "service-17", "succeeded")]);
        let servers = json!([{"type": "shieldpress", "disabled": 0, "password": "", "accesshash": access_hash}]);
        assert_eq!(
            cron(&gateway, json!({"servers": servers})).api.len(),
            1,
            "{access_hash}"
        );
    }
}

#[test]
fn a_command_that_whmcs_could_not_repeat_is_in_the_activity_log() {
    let gateway = owing(vec![operation("create", "service-17", "succeeded")]);
    let happened = cron(
        &gateway,
        json!({"api_result": {"result": "error", "message": "hook said no"}}),
    );
    assert!(
        happened.activity[0]
            .contains("create has succeeded at the vendor, but ModuleCreate did not: hook said no")
    );
}
