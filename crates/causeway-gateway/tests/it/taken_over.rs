//! A service that the journal does not know, and that WHMCS has saved values for.

use serde_json::{Value, json};

use crate::support::{House, create, operation};

fn saved(kind: &str, reference: &str, service_id: &str) -> Value {
    let mut call = operation(kind, reference);
    call["properties"] = json!({"user_id": "5", "service_id": service_id, "license_key": "SP-1"});
    call
}

#[tokio::test]
async fn a_value_copied_from_another_service_reaches_nothing_of_it() {
    let house = House::new().await;
    let made = house.operate(&create("service-1")).await;
    assert_eq!(made["properties"]["service_id"], 17);
    let before = house.vendor.received().len();
    for (kind, copied) in [
        ("suspend", "17"),
        ("terminate", "\t17 "),
        ("single_sign_on", "17"),
        ("create", "17"),
    ] {
        let call = saved(kind, "service-2", copied);
        let (status, answer) = house.post("/v1/operations", &call).await;
        assert_eq!(
            (status.as_u16(), &answer["error"]["code"]),
            (422, &"held_by_another_service".into()),
            "{kind}: {answer}"
        );
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            message.contains("subscription 17 for service-1"),
            "{message}"
        );
    }
    assert_eq!(house.vendor.received().len(), before);
    let (_, first) = house.get("/v1/services/shield/service-1").await;
    assert_eq!(first["status"], "active");
    // What is recorded counts: its own service is not mistaken for the copy.
    let ended = house.operate(&saved("terminate", "service-1", "17")).await;
    assert_eq!(ended["status"], "succeeded");
    house.end().await;
}

#[tokio::test]
async fn a_value_that_nobody_holds_is_taken_over_and_then_held() {
    let house = House::new().await;
    let ended = house.operate(&saved("suspend", "service-3", "99")).await;
    assert_eq!(ended["status"], "succeeded", "{ended}");
    let last = house.vendor.received().pop().unwrap();
    assert_eq!(last.path, "/v1/services/99/suspend");
    let copied = saved("terminate", "service-4", "99");
    assert_eq!(house.post("/v1/operations", &copied).await.0, 422);
    house.end().await;
}
