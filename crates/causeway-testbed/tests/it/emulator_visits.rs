//! Files of WHMCS's folder that a browser opens: pages of a module's own, and the API over HTTP.

use causeway_testbed::emulator::{
    API_CREDENTIALS, EmulatorError, MissingKind, Presser, Visit, Visited,
};
use serde_json::{Value, json};

use crate::emulator_support::{Shop, shop};

const MODULE: &str = r#"<?php
if (!defined('WHMCS')) { die('no direct access'); }
function ajax_CreateAccount($params) { return 'success'; }
function ajax_ClientAreaCustomButtonArray($params) { return ['Remember' => 'remember']; }
function ajax_remember($params) { $_SESSION['ajax_token'] = 'token of ' . $params['serviceid']; return 'success'; }
"#;

const CLIENT: &str = r#"<?php
require dirname(__DIR__, 3) . '/init.php';
$user = new WHMCS\Authentication\CurrentUser();
header('Content-Type: application/json');
if (!$user->isAuthenticatedUser()) { http_response_code(401); echo json_encode(['error' => 'who are you?']); exit; }
if (App::getFromRequest('action') === 'break') { getPricingInfo(); }
WHMCS\Database\Capsule::table('tblhosting')->where('id', 1)->update(['notes' => $_POST['note'] ?? 'read']);
echo json_encode(['email' => $user->client()->email, 'token' => $_SESSION['ajax_token'] ?? '', 'note' => $_POST['note'] ?? '', 'id' => $_GET['id'] ?? '']);
"#;

const PATH: &str = "modules/servers/ajax/client.php";

fn json_of(visited: &Visited) -> Value {
    serde_json::from_str(&visited.body).unwrap_or_else(|_| panic!("{visited:#?}"))
}

async fn ajax_shop() -> Shop {
    shop("ajax", &[("ajax.php", MODULE), ("client.php", CLIENT)]).await
}

#[tokio::test]
async fn a_module_s_own_page_knows_who_is_logged_in_and_what_the_session_holds() {
    let Shop {
        whmcs,
        product,
        client,
    } = ajax_shop().await;
    let order = client.buys(product, "ajax.example").await.unwrap();
    order.pays().await.unwrap();
    let service = order.service().unwrap();
    service.presses(Presser::Client, "remember").await.unwrap();

    let nobody = whmcs.visit(Visit::new(PATH)).await.unwrap();
    let visit = Visit::new(PATH).by_client(client.id());
    let visit = visit.query("id", "1").form("note", "a & b");
    let ada = whmcs.visit(visit).await.unwrap();
    let alone = whmcs
        .visit(Visit::new("modules/servers/ajax/ajax.php"))
        .await
        .unwrap();

    assert_eq!(
        (nobody.status, json_of(&nobody)),
        (401, json!({"error": "who are you?"}))
    );
    assert_eq!(
        json_of(&ada),
        json!({"email": "ada@example.com", "token": "token of 1", "note": "a & b", "id": "1"})
    );
    let changes = &ada.record.as_ref().unwrap().left_behind.changes;
    assert_eq!(
        (
            changes[0].table.as_str(),
            changes[0].columns[0].column.as_str()
        ),
        ("tblhosting", "notes")
    );
    assert_eq!(alone.body, "no direct access");
    assert!(alone.record.is_none());
}

#[tokio::test]
async fn what_a_module_s_own_page_lacks_and_throws_is_told() {
    let Shop { whmcs, client, .. } = ajax_shop().await;

    let visit = Visit::new(PATH)
        .by_client(client.id())
        .query("action", "break");
    let broken = whmcs.visit(visit).await.unwrap();
    let absent = whmcs
        .visit(Visit::new("../php-fpm.conf"))
        .await
        .unwrap_err();

    assert_eq!(broken.status, 500);
    let record = broken.record.unwrap();
    assert_eq!(
        (record.missing[0].kind, record.missing[0].line),
        (MissingKind::Function, 6)
    );
    assert_eq!(record.threw[0].class, "RuntimeException");
    assert!(matches!(absent, EmulatorError::NoSuchFile { .. }));
}

#[tokio::test]
async fn the_api_answers_over_http_to_who_has_its_credentials() {
    let Shop { whmcs, client, .. } = ajax_shop().await;
    let call = |secret: &str| {
        Visit::new("includes/api.php")
            .form("identifier", API_CREDENTIALS.0)
            .form("secret", secret)
            .form("action", "GetClientsDetails")
            .form("clientid", client.id().0.to_string())
    };

    let refused = whmcs.visit(call("guessed")).await.unwrap();
    let json = whmcs
        .visit(call(API_CREDENTIALS.1).form("responsetype", "json"))
        .await
        .unwrap();
    let xml = whmcs.visit(call(API_CREDENTIALS.1)).await.unwrap();

    assert_eq!(refused.status, 403);
    assert!(
        refused.body.contains("<result>error</result>"),
        "{}",
        refused.body
    );
    let details = json_of(&json);
    assert_eq!(
        (&details["result"], &details["client"]["firstname"]),
        (&json!("success"), &json!("Ada"))
    );
    assert!(
        xml.body.contains("<firstname>Ada</firstname>"),
        "{}",
        xml.body
    );
}
