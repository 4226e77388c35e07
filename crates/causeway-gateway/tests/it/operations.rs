//! A service's life as a billing system sees it.

use serde_json::json;

use crate::support::{House, create, operation};

#[tokio::test]
async fn a_service_is_made_shown_and_ended() {
    let house = House::new().await;
    let (status, _) = house.get("/v1/services/shield/service-1").await;
    assert_eq!(status, 404);
    let made = house.operate(&create("service-1")).await;
    assert_eq!(made["status"], "succeeded");
    assert_eq!(made["service_status"], "active");
    assert_eq!(made["reference"], "service-1");
    assert_eq!(
        made["properties"],
        json!({"user_id": 5, "service_id": 17, "license_key": "SP-1"})
    );
    let (_, shown) = house.get("/v1/services/shield/service-1").await;
    assert_eq!(shown["status"], "active");
    assert_eq!(
        shown["view"],
        json!({
            "items": [{"label": "License key", "value": "SP-1", "copy": true}],
            "dashboard": "https://app.shield.example/services/17",
        })
    );
    assert_eq!(
        shown["last_operation"]["operation_id"],
        made["operation_id"]
    );
    assert_eq!(shown["last_operation"]["status"], "succeeded");
    let ended = house.operate(&operation("terminate", "service-1")).await;
    assert_eq!(
        (&ended["status"], &ended["properties"]),
        (&"succeeded".into(), &json!({"user_id": 5}))
    );
    house.end().await;
}

#[tokio::test]
async fn what_is_not_recorded_has_no_operation_id() {
    let house = House::new().await;
    let mut test = operation("test_connection", "service-1");
    test.as_object_mut().unwrap().remove("reference");
    let tested = house.operate(&test).await;
    assert_eq!(tested["status"], "succeeded", "{tested}");
    assert!(tested["operation_id"].is_null() && tested["reference"].is_null());
    house.operate(&create("service-1")).await;
    let signed_on = house
        .operate(&operation("single_sign_on", "service-1"))
        .await;
    assert_eq!(
        signed_on["redirect"],
        "https://app.shield.example/in?t=one-time"
    );
    assert!(signed_on["operation_id"].is_null());
    house.end().await;
}

#[tokio::test]
async fn a_pending_result_is_owed_until_it_is_had() {
    let house = House::new().await;
    house.vendor.hold();
    let mut call = create("service-1");
    call["deadline_ms"] = 50.into();
    let pending = house.operate(&call).await;
    assert_eq!(
        (&pending["status"], &pending["ended_at"]),
        (&"pending".into(), &json!(null))
    );
    let id = pending["operation_id"].as_str().unwrap().to_owned();
    let owed = async || {
        let (_, listed) = house
            .get("/v1/operations?owed=true&definition=shield")
            .await;
        listed["operations"].as_array().unwrap().clone()
    };
    assert_eq!(owed().await[0]["status"], "pending");
    let (status, answer) = house
        .post(&format!("/v1/operations/{id}/acknowledge"), &json!({}))
        .await;
    assert_eq!(
        (status.as_u16(), &answer["error"]["code"]),
        (422, &"operation_open".into())
    );
    let (_, shown) = house.get("/v1/services/shield/service-1").await;
    assert_eq!(
        (&shown["status"], &shown["last_operation"]["status"]),
        (&"absent".into(), &"pending".into())
    );

    house.vendor.let_go();
    let (_, ended) = house
        .get(&format!("/v1/operations/{id}?wait_ms=10000"))
        .await;
    assert_eq!(ended["status"], "succeeded");
    assert_eq!(ended["properties"]["service_id"], 17);
    assert_eq!(owed().await.len(), 0, "it was had");
    let (_, listed) = house
        .get("/v1/operations?owed=true&definition=another")
        .await;
    assert_eq!(listed, json!({"operations": []}));
    house.end().await;
}

#[tokio::test]
async fn an_acknowledged_result_is_owed_no_more() {
    let house = House::new().await;
    house.vendor.hold();
    let mut call = create("service-1");
    call["deadline_ms"] = 50.into();
    let id = house.operate(&call).await["operation_id"]
        .as_str()
        .unwrap()
        .to_owned();
    house.vendor.let_go();
    let listed = loop {
        let (_, listed) = house.get("/v1/operations?owed=true").await;
        if listed["operations"][0]["status"] != "pending" {
            break listed;
        }
    };
    assert_eq!(listed["operations"][0]["properties"]["license_key"], "SP-1");
    for _ in 0..2 {
        let (status, _) = house
            .post(&format!("/v1/operations/{id}/acknowledge"), &json!({}))
            .await;
        assert_eq!(status, 204);
    }
    let (_, listed) = house.get("/v1/operations?owed=true").await;
    assert_eq!(listed, json!({"operations": []}));
    house.end().await;
}

#[tokio::test]
async fn the_same_call_twice_at_once_makes_one_service() {
    let house = House::new().await;
    let call = create("service-1");
    let (one, other) = tokio::join!(house.operate(&call), house.operate(&call));
    assert_eq!(one["operation_id"], other["operation_id"]);
    assert_eq!(one["properties"], other["properties"]);
    let made = house
        .vendor
        .received()
        .into_iter()
        .filter(|r| r.method == "POST" && r.path == "/v1/services");
    assert_eq!(made.count(), 1);
    house.end().await;
}

#[tokio::test]
async fn a_caller_that_hangs_up_stops_nothing() {
    let house = House::new().await;
    house.vendor.hold();
    let call = create("service-1");
    let calling = house.post("/v1/operations", &call);
    tokio::select! {
        _ = calling => panic!("the vendor is held"),
        () = house.vendor.has_received(1) => {}
    }
    house.vendor.let_go();
    let again = house.operate(&call).await;
    assert_eq!(again["status"], "succeeded");
    let received = house.vendor.received();
    let made = received
        .iter()
        .filter(|r| r.method == "POST" && r.path == "/v1/services");
    assert_eq!(made.count(), 1);
    house.end().await;
}

#[tokio::test]
async fn a_vendor_that_gives_two_services_one_identifier_stops_the_second() {
    let house = House::new().await;
    let mut first = create("service-1");
    first["domain"] = json!("shared.example");
    let mut second = create("service-2");
    second["domain"] = json!("shared.example");
    assert_eq!(house.operate(&first).await["status"], "succeeded");
    let answer = house.operate(&second).await;
    assert_eq!(answer["status"], "needs_attention", "{answer}");
    let message = answer["message"].as_str().unwrap();
    assert!(message.contains("belongs to another service"), "{message}");
    assert_eq!(answer["service_status"], "absent");
    house.end().await;
}
