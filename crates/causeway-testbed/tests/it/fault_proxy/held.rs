//! Faults that hold an exchange: until its caller gives up, or until they are disarmed.

use std::time::{Duration, Instant};

use causeway_definition::request::Method;
use causeway_testbed::fault_proxy::{Fault, Given};

use super::{Bench, IMPATIENT, PATIENT, answered, at, creates, unknown};

/// Returns when the condition holds.
async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn hang_after_ends_when_the_caller_gives_up() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::HangAfter, creates(), 1).await;
    let reply = bench
        .send_within(&bench.service("a.example"), IMPATIENT)
        .await;
    assert!(unknown(reply).contains("no answer from"));
    assert_eq!(bench.domains(), ["a.example"]);
    let exchange = bench.recorded().await;
    assert_eq!(exchange.given, Given::CallerGaveUp);
    assert_eq!(exchange.deliveries.len(), 1);
    assert_eq!(bench.proxy.struck(), [1]);
}

#[tokio::test]
async fn act_late_acts_after_the_caller_gave_up() {
    let late = Duration::from_millis(100);
    let bench = Bench::set_up_with(|settings| settings.acts_late_by = late).await;
    bench.arm(Fault::ActLate, creates(), 1).await;
    let reply = bench
        .send_within(&bench.service("a.example"), IMPATIENT)
        .await;
    unknown(reply);
    assert_eq!(bench.domains().len(), 0, "the vendor has acted too early");
    let exchange = bench.recorded().await;
    assert_eq!(bench.domains(), ["a.example"]);
    assert_eq!(exchange.given, Given::CallerGaveUp);
    assert!(exchange.deliveries[0].sent >= exchange.ended.unwrap() + late);
}

#[tokio::test]
async fn answer_late_holds_its_answer_until_the_caller_has_tried_again() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::AnswerLate, creates(), 1).await;
    let reply = bench
        .send_within(&bench.service("a.example"), IMPATIENT)
        .await;
    unknown(reply);
    assert_eq!(bench.domains(), ["a.example"]);
    until(|| bench.proxy.record()[0].given == Given::CallerGaveUp).await;
    // A request of another place lets nothing go.
    answered(bench.send(&bench.get("/services")).await, 200);
    let settles = tokio::time::timeout(IMPATIENT, bench.proxy.settled());
    assert!(settles.await.is_err(), "the answer was not held");
    answered(bench.send(&bench.service("a.example")).await, 201);
    assert_eq!(bench.record().await.len(), 3);
}

#[tokio::test]
async fn disarming_lets_go_what_is_held() {
    for fault in Fault::ALL
        .into_iter()
        .filter(|fault| fault.outlasts_the_caller())
    {
        let bench = Bench::set_up().await;
        bench.arm(fault, creates(), 1).await;
        let create = bench.service("a.example");
        let (reply, ()) = tokio::join!(bench.send_within(&create, PATIENT), async {
            until(|| bench.proxy.struck() == [1]).await;
            bench.proxy.disarm().await;
        });
        match fault {
            Fault::HangAfter => drop(unknown(reply)),
            _ => assert_eq!(answered(reply, 201)["domain"], "a.example"),
        }
        assert_eq!(bench.domains(), ["a.example"], "{fault}");
        assert_ne!(bench.recorded().await.given, Given::CallerGaveUp);
    }
}

#[tokio::test]
async fn disarming_lets_go_what_waits_behind_a_caller_who_gave_up() {
    let bench = Bench::set_up_with(|settings| settings.acts_late_by = PATIENT).await;
    for fault in [Fault::ActLate, Fault::AnswerLate] {
        bench.arm(fault, creates(), 1).await;
        unknown(
            bench
                .send_within(&bench.service("a.example"), IMPATIENT)
                .await,
        );
        until(|| bench.proxy.record()[0].given == Given::CallerGaveUp).await;
        bench.proxy.disarm().await;
        bench.proxy.settled().await;
    }
    assert_eq!(bench.domains().len(), 2);
}

#[tokio::test]
async fn arming_anew_lets_go_what_is_held_and_keeps_it_out_of_the_new_record() {
    let bench = Bench::set_up().await;
    bench.arm(Fault::HangAfter, creates(), 1).await;
    let create = bench.service("a.example");
    let (reply, ()) = tokio::join!(bench.send(&create), async {
        until(|| bench.proxy.struck() == [1]).await;
        bench.arm(Fault::ResetAfter, creates(), 2).await;
    });
    unknown(reply);
    assert_eq!(bench.record().await, []);
    assert_eq!(bench.proxy.struck(), [0]);
}

#[tokio::test]
async fn slow_drip_takes_its_time_and_says_the_truth() {
    let drips_for = Duration::from_millis(400);
    let bench = Bench::set_up_with(|settings| settings.drips_for = drips_for).await;
    let place = at(Method::Get, "/users/{{ user_id }}");
    bench.arm(Fault::SlowDrip, place, 1).await;
    let begin = Instant::now();
    let user = answered(bench.send(&bench.get("/users/1")).await, 200);
    let took = begin.elapsed();
    assert_eq!(user["email"], "ada@example.com");
    assert!(took >= drips_for * 9 / 10, "{took:?}");
    assert_eq!(bench.proxy.struck(), [1]);
    let Given::Answer { status: 200, body } = bench.recorded().await.given else {
        panic!("no answer");
    };
    assert!(body.contains("ada@example.com"));
}

#[tokio::test]
async fn dropped_the_proxy_cuts_what_it_holds() {
    let Bench {
        vendor: _vendor,
        proxy,
        token,
        ..
    } = Bench::set_up().await;
    let place = at(Method::Get, "/account");
    proxy.arm([super::armed(Fault::HangAfter, place, 1)]).await;
    let url = format!("{}/account", proxy.api());
    let asked = tokio::spawn(reqwest::Client::new().get(&url).bearer_auth(token).send());
    until(|| proxy.struck() == [1]).await;
    drop(proxy);
    asked.await.unwrap().unwrap_err();
}
