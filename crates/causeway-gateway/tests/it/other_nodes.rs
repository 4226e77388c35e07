//! A gateway beside another one, on one PostgreSQL journal.

use std::sync::Arc;

use causeway_definition::OperationKind;
use causeway_engine::store::OperationFilter;
use causeway_engine::{Input, NewOperation, OperationId, ServiceKey, Store as _};
use causeway_store::{KeyFile, PostgresStore, Role};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::support::{
    CREDENTIAL, DEFINITION, ScriptedVendor, add_provider_with, create, read, settings, start_on,
};

/// Two services share a user. Another gateway's operation has the turn at it, an operation of this
/// gateway waits for the turn, and then the other gateway is gone.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_over_does_not_wait_for_what_waits_for_it() {
    let server = tokio::task::spawn_blocking(|| {
        PostgresServer::start_new(PostgresSettings::default()).unwrap()
    });
    let server = server.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyFile::open_or_create(&folder.path().join("key")).unwrap();
    let open = async || {
        let address = server.url().parse().unwrap();
        let store = PostgresStore::open(address, keys.clone(), Role::Gateway).await;
        store.unwrap()
    };
    let vendor = ScriptedVendor::start().await;
    let definition = DEFINITION
        .replace("API", &vendor.url())
        .replace("[service]", "[service]\nsettle = \"100ms\"");

    let other = open().await;
    other.renew_lease().await.unwrap();
    let (provider, token) = add_provider_with(&other, "acme", CREDENTIAL).await;
    let first = OperationId::new();
    let new = NewOperation {
        id: first,
        service: ServiceKey {
            provider,
            definition: "shield".to_owned(),
            reference: "service-1".to_owned(),
        },
        kind: OperationKind::Create,
        fingerprint: String::new(),
        input: Input {
            domain: "first.example".to_owned(),
            password: Some("s3cret-of-the-client".to_owned()),
            client: map(
                &json!({"firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com"}),
            ),
            options: map(&json!({"plan": "pro"})),
            ..Input::default()
        },
        accepted_at: Timestamp::now(),
    };
    other.accept(new).await.unwrap();
    let turn = format!("{provider}/shield/user:ada@example.com");
    assert!(other.take_turn(first, &turn).await.unwrap());

    let store = Arc::new(open().await);
    let gateway = start_on(store.clone(), keys.clone(), &definition, settings());
    let gateway = gateway.await.unwrap();
    let client = reqwest::Client::new();
    let call = client
        .post(format!("{}/v1/operations", gateway.url()))
        .bearer_auth(token.expose())
        .json(&create("service-2"))
        .send();
    let waiting = tokio::spawn(async move { read(call.await.unwrap()).await });
    while other.operations(newest(2)).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    other.end_lease().await.unwrap();

    let (status, answer) = waiting.await.unwrap();
    assert_eq!(
        (status.as_u16(), &answer["status"]),
        (200, &json!("succeeded")),
        "{answer}"
    );
    let asked = client
        .get(format!(
            "{}/v1/operations/{first}?wait_ms=10000",
            gateway.url()
        ))
        .bearer_auth(token.expose())
        .send();
    let (_, answer) = read(asked.await.unwrap()).await;
    assert_eq!(answer["status"], "succeeded", "{answer}");
    gateway.stop().await;
    vendor.stop().await;
}

/// As when its machine slept for longer than a lease lasts, and another gateway came and went.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_was_taken_for_dead_begins_anew() {
    let server = tokio::task::spawn_blocking(|| {
        PostgresServer::start_new(PostgresSettings::default()).unwrap()
    });
    let server = server.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyFile::open_or_create(&folder.path().join("key")).unwrap();
    let address = server.url().parse().unwrap();
    let store = PostgresStore::open(address, keys.clone(), Role::Gateway).await;
    let store = Arc::new(store.unwrap());
    let (_, token) = add_provider_with(&*store, "acme", CREDENTIAL).await;
    let vendor = ScriptedVendor::start().await;
    let definition = DEFINITION.replace("API", &vendor.url());
    let gateway = start_on(store, keys, &definition, settings());
    let gateway = gateway.await.unwrap();

    vendor.hold();
    let call = reqwest::Client::new()
        .post(format!("{}/v1/operations", gateway.url()))
        .bearer_auth(token.expose())
        .json(&create("service-1"))
        .send();
    let waiting = tokio::spawn(async move { read(call.await.unwrap()).await });
    vendor.has_received(1).await;
    let living = "SELECT count(*) FROM causeway.nodes WHERE ended_at IS NULL";
    assert_eq!(server.sql(living).unwrap(), "1");
    server
        .sql("UPDATE causeway.nodes SET ended_at = clock_timestamp()")
        .unwrap();
    // The look that was under way is abandoned, and made again under the new lease.
    vendor.has_received(2).await;
    vendor.let_go();

    let (status, answer) = waiting.await.unwrap();
    assert_eq!(
        (status.as_u16(), &answer["status"]),
        (200, &json!("succeeded")),
        "{answer}"
    );
    assert_eq!(server.sql(living).unwrap(), "1");
    let received = vendor.received();
    let made = received.iter().filter(|request| request.method == "POST");
    let made: Vec<&str> = made.map(|request| request.path.as_str()).collect();
    assert_eq!(made, ["/v1/users", "/v1/services"]);
    gateway.stop().await;
    vendor.stop().await;
}

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn newest(limit: u32) -> OperationFilter {
    OperationFilter {
        limit,
        ..OperationFilter::default()
    }
}
