//! One thing going wrong at one exchange, and what the engine makes of it.

use std::time::Duration;

use causeway_definition::OperationKind as Kind;
use causeway_engine::{Ending, ServiceStatus};

use crate::vendor::Fault;
use crate::world::{Stopped, World, input, succeeded};

fn ada() -> causeway_engine::Input {
    input("ada@example.com", "example.com")
}

/// Every fault at every exchange of a create, then WHMCS's queue tries again until it is done.
#[test]
fn every_fault_at_every_exchange_of_a_create_ends_in_one_service() {
    for fault in Fault::ALL {
        for exchange in 0..4 {
            let mut world = World::new();
            let mut faults = vec![None; exchange];
            faults.push(Some(fault));
            let first = world.operate(Kind::Create, "service-1", ada(), &faults);
            for _ in 0..3 {
                world.operate(Kind::Create, "service-1", ada(), &[]);
            }
            let service = world.service("service-1");
            let place = format!("{fault:?} at exchange {exchange}, first {first:?}");
            assert_eq!(service.status, ServiceStatus::Active, "{place}");
            assert_eq!(world.vendor.users.len(), 1, "{place}");
            assert_eq!(
                world.vendor.live().len(),
                1,
                "{place}: {:#?}",
                world.vendor.log
            );
            assert_eq!(
                service.properties["service_id"],
                serde_json::json!(world.vendor.live()[0].0),
                "{place}"
            );
            assert!(service.doubts.is_empty(), "{place}");
        }
    }
}

#[test]
fn a_lost_answer_is_looked_for_and_adopted_at_once() {
    for fault in [
        Fault::TimeoutAfter,
        Fault::ResetAfter,
        Fault::HalfJsonAfter,
        Fault::EmptyAfter,
    ] {
        let mut world = World::new();
        let faults = [None, None, None, Some(fault)];
        assert_eq!(
            world.operate(Kind::Create, "service-1", ada(), &faults),
            succeeded()
        );
        let creates = world
            .vendor
            .log
            .iter()
            .filter(|line| line.starts_with("POST /services"))
            .count();
        assert_eq!(creates, 1, "{fault:?}: nothing is sent twice");
    }
}

#[test]
fn a_refusal_carries_the_vendors_reason() {
    let mut world = World::new();
    let ending = world.operate(
        Kind::Create,
        "service-1",
        ada(),
        &[None, Some(Fault::Refused)],
    );
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert_eq!(
        message,
        "ShieldPress Security refused user: Not like this. (HTTP 422)"
    );
    assert!(world.service("service-1").doubts.is_empty());
}

#[test]
fn a_server_error_that_made_nothing_fails_with_its_reason_after_a_second_try() {
    let mut world = World::new();
    let broken = Some(Fault::ServerErrorBefore);
    // The create and its repetition fail; the looks in between work.
    let faults = [None, None, None, broken, None, None, broken, None, None];
    let ending = world.operate(Kind::Create, "service-1", ada(), &faults);
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert!(message.contains("Server Error (HTTP 500)") && message.contains("tried 2 times"));
    assert!(world.vendor.live().is_empty());
}

const WITHOUT_FIND: &str = r#"
[service]
name = "plain"
title = "Plain"
api = "https://plain.example"
[auth]
bearer = "{{ credential }}"
[resources.subscription]
create = { post = "/services", body = { domain = "{{ domain }}", user_id = 1, plan = "pro" } }
keep = { service_id = "id" }
[operations]
create = { ensure = ["subscription"] }
renew = { post = "/services/{{ service_id }}/suspend" }
terminate = { delete = "/services/{{ service_id }}" }
"#;

#[test]
fn without_find_and_key_an_unknown_create_stops_for_a_person_and_is_never_sent_again() {
    let mut world = World::with(WITHOUT_FIND);
    for round in 0..3 {
        let faults = if round == 0 {
            vec![Some(Fault::TimeoutAfter)]
        } else {
            vec![]
        };
        let ending = world.operate(Kind::Create, "service-1", ada(), &faults);
        let Ending::NeedsAttention { message, .. } = ending else {
            panic!("{ending:?}")
        };
        assert!(
            message.contains("may or may not have created subscription"),
            "{message}"
        );
    }
    assert_eq!(world.vendor.live().len(), 1);
    let ending = world.operate(Kind::Terminate, "service-1", ada(), &[]);
    assert!(
        matches!(ending, Ending::NeedsAttention { .. }),
        "an orphan is not shrugged off"
    );
}

#[test]
fn a_renewal_that_does_harm_twice_stops_for_a_person() {
    let mut world = World::with(WITHOUT_FIND);
    world.operate(Kind::Create, "service-1", ada(), &[]);
    for faults in [vec![Some(Fault::ResetAfter)], vec![]] {
        let ending = world.operate(Kind::Renew, "service-1", ada(), &faults);
        assert!(
            matches!(ending, Ending::NeedsAttention { .. }),
            "{ending:?}"
        );
    }
    let sent = world
        .vendor
        .log
        .iter()
        .filter(|line| line.contains("/suspend"))
        .count();
    assert_eq!(sent, 1);
}

#[test]
fn with_an_idempotency_key_the_same_key_is_sent_again() {
    let definition = WITHOUT_FIND.replace(
        "plan = \"pro\" } }",
        "plan = \"pro\" }, idempotency_header = \"Idempotency-Key\" }",
    );
    let mut world = World::with(&definition);
    world.vendor.honours_idempotency_keys = true;
    let ending = world.operate(
        Kind::Create,
        "service-1",
        ada(),
        &[Some(Fault::TimeoutAfter)],
    );
    assert_eq!(ending, succeeded());
    assert_eq!(world.vendor.live().len(), 1);
}

#[test]
fn terminating_finds_and_ends_what_an_unfinished_create_made() {
    let mut world = World::new();
    // The answer is lost, and so is every look for it: the create ends without knowing.
    let mut faults = vec![None, None, None, Some(Fault::TimeoutAfter)];
    faults.extend(vec![Some(Fault::Refused); 1]);
    let ending = world.operate(Kind::Create, "service-1", ada(), &faults);
    assert!(matches!(ending, Ending::Failed { .. }), "{ending:?}");
    assert_eq!(world.vendor.live().len(), 1);
    assert_eq!(
        world.operate(Kind::Terminate, "service-1", ada(), &[]),
        succeeded()
    );
    assert!(world.vendor.live().is_empty(), "nothing is orphaned");
}

#[test]
fn a_vendor_that_is_away_for_long_fails_without_doubt() {
    let mut world = World::new();
    let faults = vec![Some(Fault::ConnectionRefused); 200];
    let ending = world.operate(Kind::Create, "service-1", ada(), &faults);
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert!(message.contains("connection refused"), "{message}");
    assert!(world.service("service-1").doubts.is_empty());
}

#[test]
fn a_vendor_that_acts_after_the_first_look_is_looked_at_again() {
    for exchange in [1, 3] {
        let mut world = World::new();
        let mut faults = vec![None; exchange];
        faults.push(Some(Fault::ActsLate));
        assert_eq!(
            world.operate(Kind::Create, "service-1", ada(), &faults),
            succeeded()
        );
        assert_eq!(
            (world.vendor.users.len(), world.vendor.live().len()),
            (1, 1)
        );
    }
}

#[test]
fn an_answer_about_another_item_never_takes_the_place_of_what_is_known() {
    for kind in [Kind::Create, Kind::Refresh] {
        let mut world = World::new();
        world.operate(Kind::Create, "service-1", ada(), &[]);
        let service = world.service("service-1");
        for exchange in 0..2 {
            let mut faults = vec![None; exchange];
            faults.push(Some(Fault::OtherItemAfter));
            world.operate(kind, "service-1", ada(), &faults);
            assert_eq!(world.service("service-1"), service, "{kind}, {exchange}");
        }
    }
}

/// A `read` whose path is wrong answers 404 to everything.
#[test]
fn what_was_made_and_is_said_to_be_gone_is_not_made_without_end() {
    let wrong_read = WITHOUT_FIND
        .replace("[operations]", "ready = { when = \"status == 'active'\" }\n[operations]")
        .replace(
            "keep = {",
            "read = { get = \"/services/{{ service_id }}/nowhere\", gone_when = [404, 405] }\nkeep = {",
        )
        .replace("status == 'active'", "status == 'live'");
    let mut world = World::with(&wrong_read);
    let ending = world.operate(Kind::Create, "service-1", ada(), &[]);
    let Ending::NeedsAttention { message, .. } = ending else {
        panic!("{ending:?}")
    };
    assert!(
        message.contains("said that there is no such one"),
        "{message}"
    );
    assert_eq!(world.vendor.live().len(), 1);
    let ending = world.operate(Kind::Create, "service-1", ada(), &[]);
    assert!(
        matches!(ending, Ending::NeedsAttention { .. }),
        "{ending:?}"
    );
    assert_eq!(world.vendor.live().len(), 1, "it is still in doubt");
}

/// A create is sent again, and the gateway dies while the vendor is still at it.
#[test]
fn a_second_create_that_was_under_way_is_waited_for_like_the_first() {
    let mut world = World::new();
    let id = world.accept(Kind::Create, "service-1", ada());
    let broken = Some(Fault::ServerErrorBefore);
    let faults = [
        None,
        None,
        None,
        broken,
        None,
        None,
        Some(Fault::ResetBefore),
    ];
    let sent = std::cell::Cell::new(0);
    let mut run = world.take_up(id);
    let stopped = world.drive(
        &mut run,
        &mut || {
            sent.set(sent.get() + 1);
            faults[sent.get() - 1]
        },
        &mut || sent.get() == faults.len(),
    );
    assert!(matches!(stopped, Stopped::Crashed));
    world.pass(Duration::from_secs(5));
    let taken_up_at = world.now;
    let mut run = world.take_up(id);
    world.drive(&mut run, &mut || None, &mut || false);
    assert_eq!(world.vendor.live().len(), 1);
    let waited = world.now.duration_since(taken_up_at);
    assert!(waited.as_secs() >= 17, "timeout and settle, not {waited:#}");
}

/// What is found at once may be another service's, while the list does not show this one's yet.
#[test]
fn what_only_looks_like_ours_is_adopted_when_the_list_must_show_ours() {
    let keyed = include_str!("../../../../examples/shieldpress.toml");
    let without_key = keyed.replace(", idempotency_header = \"Idempotency-Key\"", "");
    let named = without_key.replace(
        "user_id = \"{{ user_id }}\" }, at",
        "user_id = \"{{ user_id }}\", reference = \"{{ service.reference }}\" }, at",
    );
    for (definition, waits) in [(keyed, false), (&without_key, true), (&named, false)] {
        let mut world = World::with(definition);
        let begun_at = world.now;
        let faults = [None, None, None, Some(Fault::ResetAfter)];
        let ending = world.operate(Kind::Create, "service-1", ada(), &faults);
        assert_eq!(ending, succeeded());
        assert_eq!(world.vendor.live().len(), 1);
        let settle = world.definition.service.settle.as_secs_f64();
        let waited = world.now.duration_since(begun_at).as_secs_f64();
        assert_eq!(waited >= settle, waits, "{waited} s");
    }
}
