//! What the log tells, and what it keeps to itself.

use reqwest::Method;

use crate::support::{CREDENTIAL, House, create, log, operation};

#[tokio::test]
async fn no_secret_is_in_the_log_and_operations_are_named() {
    let house = House::new().await;
    let made = house.operate(&create("service-1")).await;
    let signed_on = house
        .operate(&operation("single_sign_on", "service-1"))
        .await;
    let stranger = "cw_guessed-token-of-a-stranger";
    house
        .request(Method::GET, "/v1/operations?owed=true", Some(stranger))
        .send()
        .await
        .unwrap();
    let broken = r#"{"password": "s3cret-of-the-client", "client": "broken-secret"}"#;
    let request = house.request(Method::POST, "/v1/operations", Some(house.token.expose()));
    assert_eq!(request.body(broken).send().await.unwrap().status(), 400);
    let token = house.token.expose().to_owned();
    house.end().await;

    let own = log::own_lines();
    let answered = own
        .iter()
        .find(|line| {
            line.contains("http::request_log: answered")
                && line.contains(made["operation_id"].as_str().unwrap())
        })
        .unwrap_or_else(|| panic!("no line for the operation:\n{own:#?}"));
    for part in [
        "method=POST",
        "path=\"/v1/operations\"",
        "status=200",
        "milliseconds=",
        "provider=\"acme\"",
    ] {
        assert!(answered.contains(part), "{part}: {answered}");
    }
    assert_eq!(signed_on["status"], "succeeded");
    for secret in [
        &token,
        stranger,
        CREDENTIAL,
        "s3cret-of-the-client",
        "broken-secret",
        "one-time",
        "ada@example.com",
    ] {
        let told = own.iter().find(|line| line.contains(secret));
        assert!(told.is_none(), "{secret}: {told:?}");
    }
}
