//! Each fault that strikes a request: its caller, its vendor, its record.

use causeway_definition::request::Method;
use causeway_testbed::fault_proxy::{Delivery, DeliveryOutcome, Fault, Given};
use serde_json::{Value, json};

use super::{Bench, answer_of, answered, at, creates, given_status, unknown};

/// Sends a create that the fault strikes, and checks the vendor's books and the record with what the
/// fault says of itself.
async fn struck_create(fault: Fault) -> (Bench, causeway_engine::Reply) {
    let bench = Bench::set_up().await;
    bench.arm(fault, creates(), 1).await;
    let reply = bench.send(&bench.service("a.example")).await;

    let exchange = bench.recorded().await;
    assert_eq!(bench.proxy.struck(), [1], "{exchange:#?}");
    assert_eq!(exchange.fault, Some(fault));
    let deliveries = match fault.delivery() {
        Delivery::Never => 0,
        Delivery::Once | Delivery::Late => 1,
        Delivery::Twice => 2,
    };
    assert_eq!(bench.domains().len(), deliveries, "{fault}");
    assert_eq!(exchange.deliveries.len(), deliveries, "{fault}");
    for delivery in &exchange.deliveries {
        let Some(DeliveryOutcome::Answered { status: 201, body }) = &delivery.outcome else {
            panic!("{fault}: {delivery:?}");
        };
        assert!(body.contains("a.example"), "{fault}: {body}");
        assert!(exchange.began <= delivery.sent, "{fault}");
        assert!(delivery.sent <= exchange.ended.unwrap(), "{fault}");
    }
    // It is over: the same call is undisturbed now.
    answered(bench.send(&bench.service("b.example")).await, 201);
    assert_eq!(bench.proxy.struck(), [1]);
    (bench, reply)
}

#[tokio::test]
async fn a_reset_leaves_the_caller_in_the_dark() {
    for fault in [Fault::ResetBefore, Fault::ResetAfter] {
        let (bench, reply) = struck_create(fault).await;
        unknown(reply);
        assert_eq!(bench.record().await[0].given, Given::Reset);
    }
}

#[tokio::test]
async fn a_status_in_the_vendors_place() {
    let json = |message: &str| json!({ "message": message });
    let cases = [
        (Fault::TooManyRequests, 429, json("Too Many Attempts.")),
        (
            Fault::TooManyRequestsRetryAfter,
            429,
            json("Too Many Attempts."),
        ),
        (Fault::Unauthorized, 401, json("Unauthenticated.")),
        (Fault::Redirect, 307, json("Temporary Redirect")),
        (Fault::ServerErrorBefore, 500, json("Server Error")),
        (Fault::ServerErrorAfter, 500, json("Server Error")),
    ];
    for (fault, status, body) in cases {
        let (bench, reply) = struck_create(fault).await;
        let answer = answer_of(reply.clone());
        assert_eq!(answered(reply, status), body, "{fault}");
        assert_eq!(given_status(&bench.record().await[0]), status);
        let told_to_wait = fault == Fault::TooManyRequestsRetryAfter;
        let second = std::time::Duration::from_secs(1);
        assert_eq!(
            answer.retry_after,
            told_to_wait.then_some(second),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_page_in_the_vendors_place() {
    let cases = [
        (Fault::ServerErrorPageBefore, 500),
        (Fault::BadGatewayBefore, 502),
        (Fault::BadGatewayAfter, 502),
        (Fault::GatewayTimeoutBefore, 504),
        (Fault::GatewayTimeoutAfter, 504),
    ];
    for (fault, status) in cases {
        let (_, reply) = struck_create(fault).await;
        let answer = answer_of(reply);
        assert_eq!(answer.status, status, "{fault}");
        assert!(answer.body.starts_with(b"<html>"), "{fault}");
    }
}

#[tokio::test]
async fn a_spoiled_success() {
    let (_, reply) = struck_create(Fault::HalfJson).await;
    let answer = answer_of(reply);
    assert_eq!(answer.status, 201);
    assert!(answer.body.starts_with(br#"{"id":1,"#), "{answer:?}");
    serde_json::from_slice::<Value>(&answer.body).unwrap_err();

    let (_, reply) = struck_create(Fault::EmptyBody).await;
    let answer = answer_of(reply);
    assert_eq!((answer.status, answer.body.len()), (201, 0));

    let (_, reply) = struck_create(Fault::OtherShape).await;
    let body = answered(reply, 201);
    assert!(body.is_object() && body.get("id").is_none(), "{body}");

    let (_, reply) = struck_create(Fault::WrongTypes).await;
    let body = answered(reply, 201);
    assert_eq!(body["id"], json!({ "value": 1 }));
    assert_eq!(body["domain"], json!(["a.example"]));
    assert!(body["license"]["key"].is_array(), "{body}");
}

#[tokio::test]
async fn a_web_page_in_the_vendors_place() {
    let (_, reply) = struck_create(Fault::WebPage).await;
    let answer = answer_of(reply);
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with(b"<!doctype html>"), "{answer:?}");
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let (bench, reply) = struck_create(Fault::CutBody).await;
    let reason = unknown(reply);
    assert!(reason.contains("in the middle of its answer"), "{reason}");
    let given = bench.record().await.swap_remove(0).given;
    let Given::PartOfAnswer { status: 201, body } = given else {
        panic!("{given:?}");
    };
    assert!(body.starts_with(r#"{"id":1,"#), "{body}");
}

#[tokio::test]
async fn delivered_twice_and_answered_once() {
    let (bench, reply) = struck_create(Fault::DeliveredTwice).await;
    assert_eq!(answered(reply, 201)["id"], 1);
    assert_eq!(bench.domains(), ["a.example", "a.example", "b.example"]);
}

#[tokio::test]
async fn a_success_without_a_body_is_spoiled_as_far_as_it_can_be() {
    for (fault, strikes) in [
        (Fault::HalfJson, true),
        (Fault::CutBody, true),
        (Fault::OtherShape, true),
        (Fault::EmptyBody, false),
        (Fault::WrongTypes, false),
    ] {
        let bench = Bench::set_up().await;
        answered(bench.send(&bench.service("a.example")).await, 201);
        let place = at(Method::Delete, "/services/{{ service_id }}");
        bench.arm(fault, place, 1).await;
        let reply = bench.send(&bench.delete("/services/1")).await;
        assert_eq!(bench.domains().len(), 0, "{fault}");
        assert_eq!(bench.proxy.struck(), [u32::from(strikes)], "{fault}");
        let exchange = bench.recorded().await;
        assert_eq!(exchange.fault, strikes.then_some(fault));
        match fault {
            Fault::CutBody => drop(unknown(reply)),
            _ => assert_eq!(answer_of(reply).status, if strikes { 200 } else { 204 }),
        }
    }
}

#[tokio::test]
async fn a_refusal_of_the_vendor_is_not_made_a_success() {
    for fault in Fault::ALL
        .into_iter()
        .filter(|fault| fault.needs_a_success())
    {
        let bench = Bench::set_up().await;
        bench.arm(fault, creates(), 1).await;
        let refused = bench.send(&bench.post("/services", json!({}))).await;
        assert!(answered(refused, 422)["errors"].is_object(), "{fault}");
        assert_eq!(bench.proxy.struck(), [0], "{fault}");
        assert_eq!(bench.recorded().await.fault, None, "{fault}");
    }
}

#[tokio::test]
async fn a_redirect_that_is_followed_is_recorded() {
    let bench = Bench::set_up().await;
    bench
        .arm(Fault::Redirect, at(Method::Get, "/users"), 1)
        .await;
    let following = reqwest::Client::new()
        .get(format!("{}/users?email=ada@example.com", bench.proxy.api()))
        .bearer_auth(&bench.token);
    let page: Value = following.send().await.unwrap().json().await.unwrap();
    assert_eq!(page["meta"]["total"], 1);

    let record = bench.record().await;
    let requests = record.iter().map(|exchange| {
        let request = exchange.request.as_ref().unwrap();
        (request.target.as_str(), request.followed_redirect)
    });
    let target = "/v1/users?email=ada@example.com";
    assert_eq!(
        requests.collect::<Vec<_>>(),
        [(target, false), (target, true)]
    );
    let asked = bench.vendor.requests();
    assert_eq!(asked.last().unwrap().path, target);
}
