//! A service's life when nothing goes wrong, and calls that come in the wrong order.

use causeway_definition::OperationKind as Kind;
use causeway_engine::{Ending, ServiceStatus};
use serde_json::json;

use crate::world::{CREDENTIAL, PASSWORD, World, input, succeeded};

fn ada() -> causeway_engine::Input {
    input("Ada@Example.com", "example.com")
}

#[test]
fn a_purchase_makes_one_user_and_one_service_and_keeps_their_ids() {
    let mut world = World::new();
    assert_eq!(
        world.operate(Kind::Create, "service-1", ada(), &[]),
        succeeded()
    );
    let service = world.service("service-1");
    assert_eq!(service.status, ServiceStatus::Active);
    assert_eq!(
        serde_json::Value::Object(service.properties),
        json!({"user_id": 41, "service_id": 42, "license_key": "SP-0042"})
    );
    assert!(service.doubts.is_empty());
    assert_eq!(
        (world.vendor.users.len(), world.vendor.live().len()),
        (1, 1)
    );
}

#[test]
fn the_whole_life_of_a_service() {
    let mut world = World::new();
    for (kind, status) in [
        (Kind::Create, ServiceStatus::Active),
        (Kind::Suspend, ServiceStatus::Suspended),
        (Kind::Unsuspend, ServiceStatus::Active),
        (Kind::ChangePackage, ServiceStatus::Active),
        (Kind::ChangePassword, ServiceStatus::Active),
        (Kind::Renew, ServiceStatus::Active),
        (Kind::Refresh, ServiceStatus::Active),
        (Kind::Terminate, ServiceStatus::Terminated),
    ] {
        assert_eq!(
            world.operate(kind, "service-1", ada(), &[]),
            succeeded(),
            "{kind}"
        );
        assert_eq!(world.service("service-1").status, status, "{kind}");
    }
    assert!(world.vendor.live().is_empty());
    assert_eq!(
        world
            .service("service-1")
            .properties
            .keys()
            .collect::<Vec<_>>(),
        ["user_id"],
        "what was forgotten is gone, the client's user stays known"
    );
}

#[test]
fn created_again_after_termination_is_a_new_service_and_never_the_old_one() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.operate(Kind::Terminate, "service-1", ada(), &[]);
    // The vendor goes on showing the terminated one as if it were there.
    world.vendor.services.get_mut(&42).unwrap().status = "closing".to_owned();
    assert_eq!(
        world.operate(Kind::Create, "service-1", ada(), &[]),
        succeeded()
    );
    let service = world.service("service-1");
    assert_eq!(
        (service.generation, &service.properties["service_id"]),
        (2, &json!(43))
    );
}

#[test]
fn creating_twice_answers_with_the_same_service() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let before = world.service("service-1").properties;
    assert_eq!(
        world.operate(Kind::Create, "service-1", ada(), &[]),
        succeeded()
    );
    assert_eq!(world.service("service-1").properties, before);
    assert_eq!(world.vendor.live().len(), 1);
}

#[test]
fn a_service_that_was_removed_by_hand_is_made_again_by_create_and_terminates_without_complaint() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.vendor.services.clear();
    assert_eq!(
        world.operate(Kind::Create, "service-1", ada(), &[]),
        succeeded()
    );
    assert_eq!(world.vendor.live().len(), 1);
    world.vendor.services.clear();
    assert_eq!(
        world.operate(Kind::Terminate, "service-1", ada(), &[]),
        succeeded()
    );
}

#[test]
fn two_services_of_one_client_share_the_user_and_never_each_others_subscription() {
    let mut world = World::new();
    for reference in ["service-1", "service-2"] {
        // The same domain, too: the vendor's list shows both as candidates.
        assert_eq!(
            world.operate(Kind::Create, reference, ada(), &[]),
            succeeded()
        );
    }
    assert_eq!(
        (world.vendor.users.len(), world.vendor.live().len()),
        (1, 2)
    );
    assert_ne!(
        world.service("service-1").properties["service_id"],
        world.service("service-2").properties["service_id"]
    );
}

#[test]
fn a_long_list_of_candidates_is_still_one_readable_line() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let one = world.vendor.services[&42].clone();
    for id in 1_000..2_000 {
        world.vendor.services.insert(id, one.clone());
    }
    world.journal = crate::journal::Journal::default();
    let ending = world.operate(Kind::Create, "service-1", ada(), &[]);
    let message = ending.message().unwrap();
    assert!(
        message.contains("service_id 42") && message.contains("and 996 more"),
        "{message}"
    );
    assert!(message.len() < 400, "{message}");
}

#[test]
fn what_was_not_made_by_us_is_not_taken() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.journal = crate::journal::Journal::default();
    let ending = world.operate(Kind::Create, "service-1", ada(), &[]);
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert!(
        message.contains("already has subscription (service_id 42)"),
        "{message}"
    );
    assert_eq!(world.vendor.live().len(), 1);
}

#[test]
fn what_the_billing_side_has_saved_is_taken_over() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.journal = crate::journal::Journal::default();
    let mut known = ada();
    known.properties = json!({"user_id": "41", "service_id": "42"})
        .as_object()
        .unwrap()
        .clone();
    assert_eq!(
        world.operate(Kind::Suspend, "service-1", known, &[]),
        succeeded()
    );
    assert_eq!(world.vendor.services[&42].status, "suspended");
}

#[test]
fn calls_in_the_wrong_order_say_so() {
    let mut world = World::new();
    for kind in [
        Kind::Suspend,
        Kind::Unsuspend,
        Kind::Renew,
        Kind::ChangePackage,
    ] {
        let ending = world.operate(kind, "service-1", ada(), &[]);
        let Ending::Failed { message } = ending else {
            panic!("{kind}: {ending:?}")
        };
        assert!(message.contains("never created"), "{message}");
    }
    assert_eq!(
        world.operate(Kind::Terminate, "service-1", ada(), &[]),
        succeeded()
    );
    assert!(
        world.vendor.log.is_empty(),
        "nothing was asked of the vendor"
    );
}

#[test]
fn one_renewal_for_one_due_date() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let mut paid = ada();
    paid.service.next_due_date = "2026-03-01".to_owned();
    for _ in 0..2 {
        assert_eq!(
            world.operate(Kind::Renew, "service-1", paid.clone(), &[]),
            succeeded()
        );
    }
    let renewals = world
        .vendor
        .log
        .iter()
        .filter(|line| line.contains("/renewal"))
        .count();
    assert_eq!(renewals, 1);
}

#[test]
fn single_sign_on_gives_an_address_and_a_test_needs_no_service() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let ending = world.operate(Kind::SingleSignOn, "service-1", ada(), &[]);
    let Ending::Succeeded { redirect } = ending else {
        panic!("{ending:?}")
    };
    assert_eq!(
        redirect.as_deref(),
        Some("https://app.example/login?t=one-time")
    );
    let ending = world.operate(Kind::TestConnection, "", Default::default(), &[]);
    assert_eq!(ending, succeeded());
}

#[test]
fn the_journal_holds_no_secret() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.operate(Kind::ChangePassword, "service-1", ada(), &[]);
    world.operate(Kind::SingleSignOn, "service-1", ada(), &[]);
    let written = format!("{:?}", world.journal.exchanges);
    assert!(written.contains("POST /users") && written.contains("***"));
    for secret in [CREDENTIAL, PASSWORD, "one-time"] {
        assert!(!written.contains(secret), "{secret} is in the journal");
    }
}

#[test]
fn a_secret_property_is_masked_in_the_answer_that_brings_it() {
    let definition = include_str!("../../../../examples/shieldpress.toml").replace(
        "{ label = \"License Key\" }",
        "{ label = \"License Key\", secret = true }",
    );
    let mut world = World::with(&definition);
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let other = world.vendor.services[&42].clone();
    world.vendor.services.insert(43, other);
    world.operate(Kind::Create, "service-2", ada(), &[]);
    let properties = &world.service("service-1").properties;
    assert_eq!(properties["license_key"], "SP-0042");
    let written = format!("{:?}", world.journal.exchanges);
    assert!(
        written.contains("***") && written.contains("\\\"id\\\":42"),
        "{written}"
    );
    // Made for it, and seen among others.
    for secret in ["SP-0042", "SP-0043"] {
        assert!(!written.contains(secret), "{secret} is in {written}");
    }
}

#[test]
fn a_client_without_an_email_is_never_taken_for_the_first_user_of_the_list() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    let ending = world.operate(Kind::Create, "service-2", input("", "other.example"), &[]);
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert!(
        message.contains("client.email") && message.contains("Nothing was sent"),
        "{message}"
    );
}

#[test]
fn creating_what_is_suspended_says_so_unless_it_is_gone_at_the_vendor() {
    let mut world = World::new();
    world.operate(Kind::Create, "service-1", ada(), &[]);
    world.operate(Kind::Suspend, "service-1", ada(), &[]);
    let ending = world.operate(Kind::Create, "service-1", ada(), &[]);
    let Ending::Failed { message } = ending else {
        panic!("{ending:?}")
    };
    assert!(message.contains("is suspended; unsuspend it"), "{message}");
    world.vendor.services.clear();
    assert_eq!(
        world.operate(Kind::Create, "service-1", ada(), &[]),
        succeeded()
    );
    assert_eq!(world.service("service-1").status, ServiceStatus::Active);
}
