//! Who is let in.

use causeway_engine::Store as _;
use causeway_gateway::{GatewaySettings, Token};
use jiff::Timestamp;
use reqwest::Method;

use crate::support::{House, read, settings};

const SOME_SERVICE: &str = "/v1/services/shield/service-1";

async fn asked_with(house: &House, token: Option<&str>) -> (u16, String) {
    let response = house
        .request(Method::GET, SOME_SERVICE, token)
        .send()
        .await
        .unwrap();
    let (status, body) = read(response).await;
    let code = body["error"]["code"].as_str().unwrap_or_default();
    (status.as_u16(), code.to_owned())
}

#[tokio::test]
async fn only_a_valid_token_is_let_in() {
    let house = House::new().await;
    let stranger = Token::generate().unwrap();
    let unauthorized = (401, "unauthorized".to_owned());
    assert_eq!(asked_with(&house, None).await, unauthorized);
    assert_eq!(asked_with(&house, Some("")).await, unauthorized);
    assert_eq!(asked_with(&house, Some("cw_short")).await, unauthorized);
    assert_eq!(
        asked_with(&house, Some(stranger.expose())).await,
        unauthorized
    );
    let basic = house.request(Method::GET, SOME_SERVICE, None);
    let basic = basic.header("authorization", format!("Basic {}", house.token.expose()));
    assert_eq!(basic.send().await.unwrap().status(), 401);
    // Let in: the service is not known, and that is another matter.
    assert_eq!(asked_with(&house, Some(house.token.expose())).await.0, 404);
    house.end().await;
}

#[tokio::test]
async fn a_rotated_token_ends_at_once_and_the_new_one_is_good() {
    let house = House::new().await;
    assert_eq!(asked_with(&house, Some(house.token.expose())).await.0, 404);
    let next = Token::generate().unwrap();
    // By the command line, which is another process.
    house
        .tool()
        .rotate_token("acme", next.hash(), Timestamp::now())
        .await
        .unwrap();
    assert_eq!(asked_with(&house, Some(house.token.expose())).await.0, 401);
    assert_eq!(asked_with(&house, Some(next.expose())).await.0, 404);
    house.end().await;
}

#[tokio::test]
async fn a_removed_provider_is_let_in_no_more() {
    let house = House::new().await;
    house
        .store
        .remove_provider("acme", Timestamp::now())
        .await
        .unwrap();
    assert_eq!(asked_with(&house, Some(house.token.expose())).await.0, 401);
    house.end().await;
}

#[tokio::test]
async fn who_tries_tokens_is_told_to_wait_and_a_valid_token_is_not() {
    let house = House::with(GatewaySettings {
        failed_tokens_per_minute: 3,
        ..settings()
    })
    .await
    .unwrap();
    for _ in 0..3 {
        assert_eq!(asked_with(&house, Some("cw_guess")).await.0, 401);
    }
    let response = house
        .request(Method::GET, SOME_SERVICE, Some("cw_guess"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 429);
    let seconds: u32 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=61).contains(&seconds));
    assert_eq!(asked_with(&house, Some(house.token.expose())).await.0, 404);
    house.end().await;
}

#[tokio::test]
async fn behind_a_proxy_each_client_is_counted_by_itself() {
    let house = House::with(GatewaySettings {
        failed_tokens_per_minute: 1,
        behind_proxy: true,
        ..settings()
    })
    .await
    .unwrap();
    for (client, status) in [
        ("203.0.113.1", 401),
        ("203.0.113.1", 429),
        ("203.0.113.2", 401),
        // What stands before the proxy's own word is the client's invention.
        ("198.51.100.7, 203.0.113.1", 429),
    ] {
        let request = house.request(Method::GET, SOME_SERVICE, Some("cw_guess"));
        let response = request
            .header("x-forwarded-for", client)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{client}");
    }
    house.end().await;
}
