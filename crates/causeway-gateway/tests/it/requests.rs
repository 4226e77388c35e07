//! What is not taken, and how the gateway says so.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{House, create, operation, read};

async fn refused(house: &House, body: &str) -> (u16, String, String) {
    let request = house.request(Method::POST, "/v1/operations", Some(house.token.expose()));
    let (status, answer) = read(request.body(body.to_owned()).send().await.unwrap()).await;
    let word = |name: &str| {
        answer["error"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    (status.as_u16(), word("code"), word("message"))
}

fn with(path: &str, value: Value) -> String {
    let mut call = create("service-1");
    *call.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    call.to_string()
}

#[tokio::test]
async fn malformed_requests_name_what_is_wrong() {
    let house = House::new().await;
    let mut unknown = create("service-1");
    unknown["colour"] = "red".into();
    let mut unknown_within = create("service-1");
    unknown_within["client"]["shoe_size"] = 44.into();
    let mut object_as_text = create("service-1");
    object_as_text["options"]["plan"] = json!({"a": 1});
    for (body, named) in [
        ("", "EOF"),
        ("{\"definition\":", "EOF"),
        ("[]", "OperationRequest"),
        ("{} {}", "definition"),
        (&unknown.to_string(), "colour"),
        (&unknown_within.to_string(), "shoe_size"),
        (&object_as_text.to_string(), "`options.plan`"),
        (&with("/deadline_ms", "soon".into()), "`deadline_ms`"),
        (&with("/deadline_ms", 0.into()), "1 to 120000"),
        (&with("/deadline_ms", 120_001.into()), "1 to 120000"),
        (&with("/operation", "explode".into()), "explode"),
        (&with("/domain", json!({"a": 1})), "`domain`"),
        (&with("/client", "Ada".into()), "`client`"),
        (&with("/reference", "service/17".into()), "`reference`"),
        (&with("/reference", "".into()), "`reference`"),
        (&with("/reference", "x".repeat(65).into()), "`reference`"),
        (
            &with("/client/firstname", "x".repeat(64 * 1024 + 1).into()),
            "`client.firstname`",
        ),
        (
            r#"{"definition":"shield","definition":"shield","operation":"create"}"#,
            "duplicate",
        ),
        (
            r#"{"definition":"shield","operation":"create"} x"#,
            "trailing",
        ),
        (
            r#"{"definition":"shield","operation":"create"}"#,
            "`reference` is missing",
        ),
    ] {
        let (status, _, message) = refused(&house, body).await;
        assert_eq!(status, 400, "{body}: {message}");
        assert!(message.contains(named), "{named}: {message}");
        assert!(!message.contains('\n') && message.len() < 600, "{message}");
    }
    assert!(house.vendor.received().is_empty());
    house.end().await;
}

#[tokio::test]
async fn what_is_understood_but_not_possible_says_why() {
    let house = House::new().await;
    for (body, code, named) in [
        (
            with("/definition", "sheild".into()),
            "unknown_definition",
            "sheild",
        ),
        (
            operation("renew", "service-1").to_string(),
            "operation_not_offered",
            "renew",
        ),
        (
            with("/options/plan", "gold".into()),
            "unfit_option",
            "basic, pro",
        ),
    ] {
        let (status, got, message) = refused(&house, &body).await;
        assert_eq!((status, got.as_str()), (422, code), "{message}");
        assert!(message.contains(named), "{message}");
    }
    house.end().await;
}

#[tokio::test]
async fn php_may_write_empty_arrays_numbers_and_nulls() {
    let house = House::new().await;
    let mut call = create("service-1");
    call["custom_fields"] = json!([]);
    call["properties"] = json!([]);
    call["client"]["id"] = 5.into();
    call["client"]["companyname"] = Value::Null;
    call["service"] = json!({"product_id": 3, "amount": 10.5});
    assert_eq!(house.operate(&call).await["status"], "succeeded");
    let made = house
        .vendor
        .received()
        .into_iter()
        .find(|received| received.method == "POST")
        .unwrap();
    assert_eq!(
        (
            &made.body["client"]["id"],
            &made.body["client"]["companyname"]
        ),
        (&"5".into(), &"".into())
    );
    house.end().await;
}

#[tokio::test]
async fn other_addresses_and_methods_are_answered_in_json() {
    let house = House::new().await;
    let token = Some(house.token.expose());
    for (method, path, expected) in [
        (Method::GET, "/", 404),
        (Method::GET, "/v1/operation", 404),
        (Method::GET, "/v1/operations/not-an-id", 404),
        (
            Method::GET,
            "/v1/operations/0199c7a0-0000-7000-8000-000000000000",
            404,
        ),
        (
            Method::POST,
            "/v1/operations/0199c7a0-0000-7000-8000-000000000000/acknowledge",
            404,
        ),
        (Method::GET, "/v1/services/unknown/service-1", 404),
        (Method::GET, "/v1/services/shield/a%20b", 404),
        (Method::GET, "/v1/services/shield/%ff", 404),
        (Method::DELETE, "/v1/operations", 405),
        (Method::POST, "/healthz", 405),
        (Method::GET, "/v1/operations", 400),
        (Method::GET, "/v1/operations?owed=false", 400),
        (Method::GET, "/v1/operations?owed=true&colour=red", 400),
        (
            Method::GET,
            "/v1/operations/0199c7a0-0000-7000-8000-000000000000?wait_ms=120001",
            400,
        ),
        (
            Method::GET,
            "/v1/operations/0199c7a0-0000-7000-8000-000000000000?wait_ms=-1",
            400,
        ),
    ] {
        let (status, body) = read(house.request(method, path, token).send().await.unwrap()).await;
        assert_eq!(status, expected, "{path}");
        assert!(
            !body["error"]["message"].as_str().unwrap().is_empty(),
            "{path}"
        );
    }
    house.end().await;
}
