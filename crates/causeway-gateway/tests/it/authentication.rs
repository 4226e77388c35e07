//! Who is let in.

use std::time::{Duration, Instant};

use causeway_engine::Store as _;
use causeway_gateway::{GatewaySettings, Token};
use jiff::Timestamp;
use reqwest::Method;

use crate::support::{House, log, read, settings};

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
async fn a_token_that_is_almost_right_is_refused_like_any_other() {
    let house = House::with(GatewaySettings {
        failed_tokens_per_minute: 1_000,
        ..settings()
    })
    .await
    .unwrap();
    let good = house.token.expose().to_owned();
    let answer = async |token: &str| {
        let request = house.request(Method::GET, SOME_SERVICE, Some(token));
        let response = request.send().await.unwrap();
        let headers: Vec<_> = response.headers().keys().cloned().collect();
        (response.status(), headers, response.text().await.unwrap())
    };
    let stranger = answer(Token::generate().unwrap().expose()).await;
    assert_eq!(stranger.0, 401);
    for place in 3..good.len() - 1 {
        let other = if &good[place..=place] == "A" {
            "B"
        } else {
            "A"
        };
        let mut almost = good.clone();
        almost.replace_range(place..=place, other);
        assert_eq!(answer(&almost).await, stranger, "{place}");
    }
    assert_eq!(answer(&good).await.0, 404);
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
    let before = Instant::now();
    let guess = house.request(Method::GET, SOME_SERVICE, Some("cw_guess"));
    let response = guess.send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert!(before.elapsed() >= Duration::from_secs(1));
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
async fn who_tries_tokens_takes_nobodys_place_while_he_waits() {
    let house = House::with(GatewaySettings {
        failed_tokens_per_minute: 0,
        requests: 1,
        behind_proxy: true,
        ..settings()
    })
    .await
    .unwrap();
    let guess = house.request(Method::GET, SOME_SERVICE, Some("cw_guess"));
    let guess = guess.header("x-forwarded-for", "198.51.100.77");
    let guess = tokio::spawn(guess.send());
    let is_noted = |line: &String| line.contains("198.51.100.77") && line.contains("too many");
    while !log::own_lines().iter().any(is_noted) {
        tokio::task::yield_now().await;
    }
    // One that comes while the guess is looked at is too many; one that comes later is not.
    while asked_with(&house, Some(house.token.expose())).await.0 == 503 {}
    assert!(!guess.is_finished(), "the guess waits on");
    assert_eq!(guess.await.unwrap().unwrap().status(), 429);
    house.end().await;
}

#[tokio::test]
async fn what_is_refused_without_a_token_counts_and_what_is_not_there_does_not() {
    let house = House::with(GatewaySettings {
        failed_tokens_per_minute: 2,
        ..settings()
    })
    .await
    .unwrap();
    for _ in 0..5 {
        let nowhere = house.request(Method::GET, "/v1/nowhere", None);
        assert_eq!(nowhere.send().await.unwrap().status(), 404);
    }
    for (path, status) in [
        ("/v1/operations", 401),
        (SOME_SERVICE, 401),
        (SOME_SERVICE, 429),
    ] {
        let request = house.request(Method::DELETE, path, None);
        assert_eq!(request.send().await.unwrap().status(), status, "{path}");
    }
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
        ("2001:db8:1:2::1", 401),
        ("2001:db8:1:ffff::2", 429),
        ("[2001:db8:1:3::4]:5", 429),
        ("2001:db8:2::1", 401),
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
