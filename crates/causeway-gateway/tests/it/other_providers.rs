//! What belongs to one provider is not there for another.

use reqwest::Method;

use crate::support::{House, add_provider, create, operation, read};

#[tokio::test]
async fn another_providers_services_and_operations_are_not_found() {
    let house = House::new().await;
    let other = add_provider(&*house.store, "other").await;
    let made = house.operate(&create("service-1")).await;
    let id = made["operation_id"].as_str().unwrap();
    for (method, path) in [
        (Method::GET, format!("/v1/operations/{id}")),
        (Method::GET, format!("/v1/operations/{id}?wait_ms=100000")),
        (Method::POST, format!("/v1/operations/{id}/acknowledge")),
        (Method::GET, "/v1/services/shield/service-1".to_owned()),
    ] {
        let request = house.request(method.clone(), &path, Some(other.expose()));
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(
            (status.as_u16(), &body["error"]["code"]),
            (404, &"not_found".into()),
            "{path}"
        );
        let request = house.request(method, &path, Some(house.token.expose()));
        assert!(
            request.send().await.unwrap().status().is_success(),
            "{path}"
        );
    }
    house.end().await;
}

#[tokio::test]
async fn one_reference_of_two_providers_names_two_services() {
    let house = House::new().await;
    let other = add_provider(&*house.store, "other").await;
    house.operate(&create("service-1")).await;
    let suspend = house.request(Method::POST, "/v1/operations", Some(other.expose()));
    let suspend = suspend
        .json(&operation("suspend", "service-1"))
        .send()
        .await
        .unwrap();
    let (status, answer) = read(suspend).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&answer["status"], &answer["service_status"]),
        (&"failed".into(), &"absent".into())
    );
    let (_, mine) = house.get("/v1/services/shield/service-1").await;
    assert_eq!(mine["status"], "active");
    house.end().await;
}

#[tokio::test]
async fn what_is_owed_to_one_is_not_listed_for_another() {
    let house = House::new().await;
    let other = add_provider(&*house.store, "other").await;
    house.vendor.hold();
    let mut call = create("service-1");
    call["deadline_ms"] = 50.into();
    assert_eq!(house.operate(&call).await["status"], "pending");
    let listed = house.request(
        Method::GET,
        "/v1/operations?owed=true",
        Some(other.expose()),
    );
    let (_, listed) = read(listed.send().await.unwrap()).await;
    assert_eq!(listed["operations"].as_array().unwrap().len(), 0);
    let (_, listed) = house.get("/v1/operations?owed=true").await;
    assert_eq!(listed["operations"].as_array().unwrap().len(), 1);
    house.vendor.let_go();
    house.end().await;
}
