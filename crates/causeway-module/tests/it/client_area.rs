//! What the customer and staff see.

use serde_json::{Value, json};

use crate::php::{call, php, script};
use crate::scripted_gateway::ScriptedGateway;
use crate::support::{Installed, SHIELDPRESS};

fn known(status: &str, last: &str) -> Value {
    json!({
        "definition": "shieldpress", "reference": "service-17", "status": status,
        "properties": {"user_id": 5, "service_id": 17, "license_key": "SP-<1>"},
        "last_operation": {"operation_id": "0199", "operation": "create", "status": last, "message": "it's \"done\"",
            "accepted_at": "2026-01-01T09:00:00Z", "ended_at": null},
        "view": {"items": [{"label": "Key \"one\"", "value": "SP-<1>\"'&", "copy": true}, {"label": "Region", "value": "eu", "copy": false}],
            "dashboard": "https://app.example/?a=1&b=\"2\""},
    })
}

fn case() -> Value {
    json!({"params": {"serviceid": 17, "serverpassword": "token"}, "saved": {"ShieldPress Security License Key": "SP-saved"}})
}

/// The product page in HTML, from both Smarty versions, which must agree.
fn page(module: &Installed, returned: &Value) -> String {
    assert_eq!(
        returned["tabOverviewModuleOutputTemplate"],
        "templates/clientarea.tpl"
    );
    let variables = returned["templateVariables"].to_string();
    let folder = module.folder().display().to_string();
    let pages = ["3", "4"].map(|smarty| {
        php(
            &[
                "-d",
                "error_reporting=0",
                &script("page.php"),
                smarty,
                &folder,
            ],
            &variables,
        )
    });
    assert_eq!(pages[0], pages[1]);
    pages[0].clone()
}

#[test]
fn the_page_shows_what_the_gateway_says_and_escapes_it() {
    let gateway = ScriptedGateway::answering(known("active", "succeeded"));
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let page = page(&module, &call(&module, "ClientArea", case()).returned);
    assert_eq!(gateway.lines(), ["GET /v1/services/shieldpress/service-17"]);
    assert!(page.contains("<strong>Key &quot;one&quot;</strong>"));
    assert!(page.contains("data-causeway-copy=\"SP-&lt;1&gt;&quot;&#039;&amp;\""));
    assert_eq!(page.matches("data-causeway-copy=").count(), 1);
    assert!(page.contains(
        "href=\"https://app.example/?a=1&amp;b=&quot;2&quot;\" target=\"_blank\" rel=\"noopener\""
    ));
    assert!(page.contains("clientarea.php?action=productdetails&amp;id=17&amp;dosinglesignon=1"));
    assert!(!page.contains("class=\"alert"));
}

#[test]
fn the_page_says_when_the_service_is_suspended_or_being_worked_on() {
    for (status, last, notice) in [
        ("suspended", "succeeded", "is suspended"),
        ("absent", "pending", "is being worked on"),
    ] {
        let gateway = ScriptedGateway::answering(known(status, last));
        let module = Installed::new(SHIELDPRESS, &gateway.url());
        let page = page(&module, &call(&module, "ClientArea", case()).returned);
        assert!(page.contains(notice), "{page}");
        assert!(
            !page.contains("dosinglesignon"),
            "nobody logs in to what is not active"
        );
    }
}

#[test]
fn without_the_gateway_the_page_shows_the_saved_values() {
    let unknown =
        json!({"error": {"code": "not_found", "message": "nothing is known"}}).to_string();
    let script: Vec<(u16, String)> = vec![(404, unknown), (502, "<html>".to_owned())];
    for (status, body) in script {
        let gateway = ScriptedGateway::start(move |_| (status, body.clone()));
        let module = Installed::new(SHIELDPRESS, &gateway.url());
        let page = page(&module, &call(&module, "ClientArea", case()).returned);
        assert!(
            page.contains("<strong>License key</strong>") && page.contains("SP-saved"),
            "{page}"
        );
    }
    let module = Installed::new(SHIELDPRESS, "http://127.0.0.1:1");
    let page = page(&module, &call(&module, "ClientArea", case()).returned);
    assert!(page.contains("SP-saved"));
}

#[test]
fn a_dashboard_that_is_no_web_address_is_not_linked() {
    let mut known = known("active", "succeeded");
    known["view"]["dashboard"] = json!("javascript:alert(1)");
    let gateway = ScriptedGateway::answering(known);
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    assert!(!page(&module, &call(&module, "ClientArea", case()).returned).contains("javascript:"));
}

#[test]
fn a_dashboard_with_a_line_end_is_not_linked() {
    let mut known = known("active", "succeeded");
    known["view"]["dashboard"] = json!("https://app.example/\n");
    let gateway = ScriptedGateway::answering(known);
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    assert!(!page(&module, &call(&module, "ClientArea", case()).returned).contains("app.example"));
}

#[test]
fn a_secret_that_the_page_shows_is_masked_in_the_module_log() {
    let mut known = known("active", "succeeded");
    known["properties"]["license_key"] = json!("SP-1");
    known["view"]["items"][0]["value"] = json!("SP-1");
    let gateway = ScriptedGateway::answering(known);
    let secret = SHIELDPRESS.replace("\"License Key\" }", "\"License Key\", secret = true }");
    let module = Installed::new(&secret, &gateway.url());
    let happened = call(&module, "ClientArea", case());
    assert!(page(&module, &happened.returned).contains("SP-1"));
    let entry = &happened.log[0];
    assert_eq!(entry["action"], "service");
    assert!(
        entry["replace_vars"]
            .as_array()
            .unwrap()
            .contains(&json!("SP-1")),
        "{entry}"
    );
}

#[test]
fn the_page_speaks_a_language_that_somebody_added() {
    let module = Installed::new(SHIELDPRESS, "http://127.0.0.1:1");
    std::fs::write(
        module.folder().join("lang/german.php"),
        "<?php return ['copy' => 'Kopieren'];",
    )
    .unwrap();
    for (language, expected) in [
        ("german", "Kopieren"),
        ("klingon", "Copy"),
        ("../../secret", "Copy"),
    ] {
        let mut case = case();
        case["params"]["clientsdetails"] = json!({"language": language});
        let texts =
            &call(&module, "ClientArea", case).returned["templateVariables"]["causeway"]["texts"];
        assert_eq!(
            (&texts["copy"], &texts["copied"]),
            (&json!(expected), &json!("Copied"))
        );
    }
}

#[test]
fn staff_see_what_is_kept_and_what_happened_last() {
    let gateway = ScriptedGateway::answering(known("active", "failed"));
    let module = Installed::new(SHIELDPRESS, &gateway.url());
    let fields = call(&module, "AdminServicesTabFields", case()).returned;
    assert_eq!(fields["ShieldPress Security License Key"], "SP-&lt;1&gt;");
    assert_eq!(fields["State at the vendor"], "active");
    assert_eq!(
        fields["Last operation"],
        "create: failed, 2026-01-01T09:00:00Z it&#039;s &quot;done&quot;"
    );

    let secret = SHIELDPRESS.replace("\"License Key\" }", "\"License Key\", secret = true }");
    let module = Installed::new(&secret, &gateway.url());
    assert_eq!(
        call(&module, "AdminServicesTabFields", case()).returned["ShieldPress Security License Key"],
        "***"
    );

    let away = Installed::new(SHIELDPRESS, "http://127.0.0.1:1");
    let fields = call(&away, "AdminServicesTabFields", case()).returned;
    assert!(
        fields["Causeway gateway"]
            .as_str()
            .unwrap()
            .contains("could not be reached")
    );
}
