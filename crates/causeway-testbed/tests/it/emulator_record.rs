//! The record of a call: all that a report tells of a callback.

use causeway_testbed::emulator::{
    CallOutcome, ChangeKind, Client, Emulator, EmulatorError, EmulatorSettings, MissingKind,
    Product,
};
use serde_json::{Value, json};

use crate::emulator_support::{Shop, module_folder, record, shop, shop_with};

async fn create(module: &'static str) -> CallOutcome {
    let Shop {
        product, client, ..
    } = shop("busy", &[("busy.php", module)]).await;
    let order = client.buys(product, "busy.example").await.unwrap();
    order.pays().await.unwrap().remove(0)
}

#[tokio::test]
async fn every_row_that_a_call_changed_is_told_with_its_values_before_and_after() {
    let outcome = create(
        r#"<?php
use WHMCS\Database\Capsule;
function busy_CreateAccount(array $params) {
    if (!Capsule::schema()->hasTable('mod_busy')) {
        Capsule::schema()->create('mod_busy', function ($table) { $table->increments('id'); $table->string('name'); });
    }
    Capsule::table('mod_busy')->insert([['name' => 'one'], ['name' => 'two']]);
    Capsule::table('mod_busy')->where('name', 'one')->delete();
    full_query("UPDATE tblhosting SET username = 'busy1' WHERE id = " . (int) $params['serviceid']);
    $params['model']->notes = 'made';
    $params['model']->save();
    return 'success';
}
"#,
    )
    .await;

    let call = record(&outcome.calls, "CreateAccount");
    let told: Vec<(&str, ChangeKind, Option<i64>)> = call
        .left_behind
        .changes
        .iter()
        .map(|change| (change.table.as_str(), change.kind, change.row))
        .collect();
    assert_eq!(
        told,
        [
            ("mod_busy", ChangeKind::TableCreated, None),
            ("mod_busy", ChangeKind::Inserted, Some(1)),
            ("mod_busy", ChangeKind::Inserted, Some(2)),
            ("mod_busy", ChangeKind::Deleted, Some(1)),
            ("tblhosting", ChangeKind::Updated, Some(1)),
            ("tblhosting", ChangeKind::Updated, Some(1)),
        ]
    );
    let deleted = &call.left_behind.changes[3].columns;
    assert!(
        deleted.iter().any(|column| column.column == "name"
            && column.before == "one"
            && column.after == Value::Null),
        "{deleted:?}"
    );
    let user_name = &call.left_behind.changes[4].columns;
    assert_eq!(
        (
            user_name.len(),
            user_name[0].column.as_str(),
            &user_name[0].after
        ),
        (1, "username", &json!("busy1"))
    );

    // The status is WHMCS's own doing, and stands beside the call.
    let around = &outcome.left_behind.changes;
    assert!(
        around.iter().any(|change| change.table == "tblhosting"
            && change
                .columns
                .iter()
                .any(|column| column.column == "domainstatus" && column.after == "Active")),
        "{around:#?}"
    );
}

#[tokio::test]
async fn what_a_call_logged_sent_and_asked_of_the_api_is_told() {
    let module = r#"<?php
add_hook('AfterModuleCreate', 1, function ($vars) { logActivity('a hook saw ' . $vars['params']['domain']); return ['seen' => true]; });
function busy_CreateAccount(array $params) {
    logModuleCall('busy', 'create', ['user' => 'ada', 'password' => 'p4ss'], '{"id": 7}', '', ['p4ss']);
    logActivity('the vendor made 7', $params['userid']);
    localAPI('SendEmail', ['customtype' => 'product', 'customsubject' => 'Soon', 'custommessage' => 'Wait, {$client_first_name}: {$nothing}', 'id' => $params['serviceid']]);
    trigger_error('do not do this', E_USER_DEPRECATED);
    return ['success' => 'maybe'];
}
"#;
    let outcome = create(module).await;

    let call = record(&outcome.calls, "CreateAccount");
    let left = &call.left_behind;
    assert_eq!(left.module_log[0].action, "create");
    assert!(
        left.module_log[0].request.contains("ada") && !left.module_log[0].request.contains("p4ss"),
        "{:?}",
        left.module_log
    );
    assert_eq!(left.activity_log[0].description, "the vendor made 7");
    let email = &left.emails[0];
    assert_eq!(
        (email.subject.as_str(), email.message.as_str()),
        ("Soon", "Wait, Ada: ")
    );
    assert_eq!(
        (&email.merged["client_first_name"], &email.merged["nothing"]),
        (&json!("Ada"), &Value::Null)
    );
    assert_eq!(left.api_calls[0].command, "SendEmail");
    assert_eq!(left.api_calls[0].answer["result"], "success");
    assert!(left.changes.is_empty(), "{:?}", left.changes);
    let warning = &call.warnings[0];
    assert_eq!(
        (
            warning.level.as_str(),
            warning.file.as_str(),
            warning.line,
            call.returned.as_ref().unwrap().kind.as_str()
        ),
        (
            "E_USER_DEPRECATED",
            "modules/servers/busy/busy.php",
            7,
            "array"
        )
    );
    let hooks: Vec<_> = outcome
        .hooks
        .iter()
        .map(|hook| (hook.name.as_str(), hook.payload.clone()))
        .collect();
    let params = || vec!["params".to_owned()];
    let failed = vec!["params".to_owned(), "failureResponseMessage".to_owned()];
    assert!(
        hooks.contains(&("PreModuleCreate", params()))
            && hooks.contains(&("AfterModuleCreateFailed", failed)),
        "{hooks:?}"
    );
}

#[tokio::test]
async fn the_welcome_e_mail_stands_beside_the_call_with_the_values_that_it_shows() {
    let module = r#"<?php
add_hook('AfterModuleCreate', 1, function ($vars) { return 'heard'; });
function busy_CreateAccount(array $params) { return 'success'; }
"#;
    let Shop {
        product, client, ..
    } = shop_with("busy", &[("busy.php", module)], |product| {
        product
            .staff_field("Vendor Id")
            .welcome_email("Your id: {$service_custom_field_vendorid}")
    })
    .await;

    let outcome = client
        .buys(product, "busy.example")
        .await
        .unwrap()
        .pays()
        .await
        .unwrap()
        .remove(0);

    let welcome = &outcome.left_behind.emails[0];
    assert_eq!(welcome.merged["service_custom_field_vendorid"], "");
    let after = outcome
        .hooks
        .iter()
        .find(|hook| hook.name == "AfterModuleCreate")
        .unwrap();
    assert_eq!(
        (after.calls_before, &after.answers),
        (1, &vec![json!("heard")])
    );
}

#[tokio::test]
async fn an_error_of_a_library_is_told_with_the_line_of_the_module_that_called_it() {
    let outcome = create(
        r#"<?php
function busy_CreateAccount(array $params) {
    (new GuzzleHttp\Client())->get('http://127.0.0.1:1/');
    return 'success';
}
"#,
    )
    .await;

    let threw = record(&outcome.calls, "CreateAccount")
        .threw
        .clone()
        .unwrap();
    assert_eq!(threw.class, "GuzzleHttp\\Exception\\ConnectException");
    let from = threw.called_from.unwrap();
    assert_eq!(
        (from.file.as_str(), from.line),
        ("modules/servers/busy/busy.php", 3)
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_each_time_that_it_is_loaded() {
    let module = r#"<?php
function busy_CreateAccount(array $params) { require_once __DIR__ . '/lib.php'; return busy_text('x'); }
"#;
    let library = "<?php\nfunction busy_text($a) { return \"not ${a}\"; }\n";
    let Shop {
        whmcs,
        product,
        client,
    } = shop("busy", &[("busy.php", module), ("lib.php", library)]).await;
    // OPcache leaves files alone that were written a moment ago.
    let installed = whmcs.installation().whmcs();
    let installed = installed.join("modules/servers/busy/lib.php");
    let an_hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let installed = std::fs::File::options()
        .write(true)
        .open(installed)
        .unwrap();
    installed.set_modified(an_hour_ago).unwrap();

    let order = client.buys(product, "busy.example").await.unwrap();
    let first = order.pays().await.unwrap();
    let again = whmcs.retry_queue().await.unwrap();

    for calls in [&first[0].calls, &again[0].calls] {
        let call = record(calls, "CreateAccount");
        let warnings: Vec<_> = call.warnings.iter().map(|warning| warning.line).collect();
        assert_eq!((warnings, call.output.as_str()), (vec![2], ""));
    }
}

#[tokio::test]
async fn what_is_missing_is_told_with_its_line_and_how_often() {
    let module = r#"<?php
function busy_CreateAccount(array $params) {
    for ($i = 0; $i < 3; $i++) {
        try {
            getPricingInfo();
        } catch (Throwable $hidden) {
        }
    }
    WHMCS\Database\Capsule::table('tblhosting')->where('wished_for', 1)->get();
}
"#;
    let Shop {
        product, client, ..
    } = shop("busy", &[("busy.php", module)]).await;

    let order = client.buys(product, "busy.example").await.unwrap();
    let error = order.pays().await.unwrap_err();

    let EmulatorError::MissingInEmulator { missing, calls, .. } = &error else {
        panic!("{error}");
    };
    let told: Vec<_> = missing
        .iter()
        .map(|piece| (piece.kind, piece.name.as_str(), piece.line, piece.times))
        .collect();
    assert_eq!(
        told,
        [
            (MissingKind::Function, "getPricingInfo", 5, 3),
            (MissingKind::Column, "tblhosting.wished_for", 9, 1)
        ]
    );
    let call = record(calls, "CreateAccount");
    assert_eq!(&call.missing, missing);
    let threw = call.threw.as_ref().unwrap();
    assert!(
        threw.message.contains(
            "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'wished_for' in 'where clause'"
        ),
        "{}",
        threw.message
    );
}

#[tokio::test]
async fn a_template_that_cannot_be_rendered_is_told_with_the_page() {
    let whmcs = Emulator::start(EmulatorSettings::default()).await.unwrap();
    let module = "<?php function paged_CreateAccount($p) { return 'success'; } function paged_ClientArea($p) { return ['templatefile' => 'absent', 'vars' => []]; }";
    whmcs
        .install_module(&module_folder("paged", &[("paged.php", module)]).path)
        .await
        .unwrap();
    let product = whmcs
        .add_product(Product::new("paged", "Paged"))
        .await
        .unwrap();
    let client = whmcs
        .add_client(Client::named("Ada", "Lovelace"))
        .await
        .unwrap();
    let order = client.buys(product, "paged.example").await.unwrap();
    order.pays().await.unwrap();

    let page = order.service().unwrap().client_area().await.unwrap();

    assert_eq!(
        page.error.as_deref(),
        Some("module paged has no template \"absent\"")
    );
    record(&page.calls, "ClientArea");
}
