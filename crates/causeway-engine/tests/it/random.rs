//! Random histories: faults and crashes anywhere, then calm; the truth must be right in the end.

use causeway_definition::OperationKind as Kind;
use causeway_engine::{Ending, ServiceStatus, Standing};
use proptest::prelude::*;

use crate::vendor::Fault;
use crate::world::{Stopped, World, input};

/// One call of the billing side, and what goes wrong while it runs.
#[derive(Debug, Clone)]
struct Turbulence {
    kind: Kind,
    service: u8,
    faults: Vec<Option<Fault>>,
    crashes: Vec<bool>,
}

fn turbulence() -> impl Strategy<Value = Turbulence> {
    let kind = prop_oneof![
        5 => Just(Kind::Create),
        1 => Just(Kind::Suspend),
        1 => Just(Kind::Unsuspend),
        1 => Just(Kind::ChangePackage),
        2 => Just(Kind::Terminate),
        1 => Just(Kind::Refresh),
    ];
    let fault = prop_oneof![
        2 => Just(None),
        1 => prop::sample::select(Fault::ALL.to_vec()).prop_map(Some),
    ];
    let crash = prop_oneof![9 => Just(false), 1 => Just(true)];
    (
        kind,
        0_u8..2,
        prop::collection::vec(fault, 0..12),
        prop::collection::vec(crash, 0..60),
    )
        .prop_map(|(kind, service, faults, crashes)| Turbulence {
            kind,
            service,
            faults,
            crashes,
        })
}

fn play(history: &[Turbulence], honours_keys: bool) {
    let mut world = World::new();
    world.vendor.honours_idempotency_keys = honours_keys;
    let reference = |service: u8| format!("service-{service}");
    // Both services belong to one client and carry one domain: the hardest to tell apart.
    let client = || input("ada@example.com", "example.com");
    for call in history {
        let reference = reference(call.service);
        let id = world.accept(call.kind, &reference, client());
        let mut faults = call.faults.iter().copied();
        let mut crashes = call.crashes.iter().copied();
        loop {
            let mut run = world.take_up(id);
            let stopped = world.drive(&mut run, &mut || faults.next().flatten(), &mut || {
                crashes.next().unwrap_or(false)
            });
            // A crash after the last commit: the operation has ended all the same.
            let ended = world.journal.operations[&id].standing != Standing::Open;
            if ended || matches!(stopped, Stopped::Ended(_)) {
                break;
            }
        }
    }
    // Calm: the billing side calls again, as its queue does, and ends one of the two.
    let live = |world: &World| world.vendor.live().len();
    // Twice: what one of them has left in doubt at the vendor may be in the way of the other one,
    // until the first has looked.
    for service in [0, 1, 0, 1] {
        for kind in [Kind::Unsuspend, Kind::Create] {
            world.operate(kind, &reference(service), client(), &[]);
        }
    }
    for service in 0..2 {
        let record = world.service(&reference(service));
        assert_eq!(
            record.status,
            ServiceStatus::Active,
            "{:#?}",
            world.vendor.log
        );
        assert!(record.doubts.is_empty());
    }
    assert_eq!(world.vendor.users.len(), 1);
    assert_eq!(
        live(&world),
        2,
        "one service for each paid one: {:#?}",
        world.vendor.log
    );
    for service in 0..2 {
        let ending = world.operate(Kind::Terminate, &reference(service), client(), &[]);
        assert_eq!(ending, Ending::Succeeded { redirect: None });
    }
    assert_eq!(live(&world), 0, "none is orphaned: {:#?}", world.vendor.log);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn every_history_ends_right(
        history in prop::collection::vec(turbulence(), 1..8),
        honours_keys: bool,
    ) {
        play(&history, honours_keys);
    }
}
