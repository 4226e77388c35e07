//! What a supervisor sees.

use reqwest::Method;

use crate::support::{House, create};

#[tokio::test]
async fn a_gateway_that_runs_is_alive_and_ready() {
    let house = House::new().await;
    for path in ["/healthz", "/readyz"] {
        let response = house.request(Method::GET, path, None).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    house.end().await;
}

#[tokio::test]
async fn metrics_count_requests_and_operations() {
    let house = House::new().await;
    house.operate(&create("service-1")).await;
    house
        .request(Method::GET, "/nonsense/1", None)
        .send()
        .await
        .unwrap();
    let text = house
        .request(Method::GET, "/metrics", None)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for line in [
        r#"causeway_http_requests_total{path="/v1/operations",method="POST",status="200"}"#,
        r#"causeway_http_request_seconds_bucket{path="/v1/operations",method="POST",le="10"}"#,
        r#"causeway_http_requests_total{path="unknown",method="GET",status="404"}"#,
        r#"causeway_operation_answers_total{definition="shield",operation="create",status="succeeded"}"#,
        "causeway_operations_in_flight ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("nonsense"));
    house.end().await;
}

#[tokio::test]
async fn asking_often_whether_it_is_ready_writes_no_more() {
    let house = House::new().await;
    let before = house.store.statistics().jobs;
    for _ in 0..50 {
        let response = house.request(Method::GET, "/readyz", None).send().await;
        assert_eq!(response.unwrap().status(), 200);
    }
    let written = house.store.statistics().jobs - before;
    assert!((1..10).contains(&written), "{written}");
    house.end().await;
}

#[tokio::test]
async fn metrics_are_not_told_through_a_proxy() {
    let house = House::new().await;
    for name in ["x-forwarded-for", "forwarded"] {
        let request = house.request(Method::GET, "/metrics", None);
        let response = request.header(name, "for=10.0.0.1").send().await.unwrap();
        assert_eq!(response.status(), 403, "{name}");
        assert!(!response.text().await.unwrap().contains("causeway_"));
    }
    house.end().await;
}
