//! What the two providers do: B lives its honest life, A tries everything.

use causeway_definition::OperationKind;
use proptest::prelude::*;
use proptest::sample::Index;

/// What happens at one time: a step of B's life, and beside it what A tries.
#[derive(Debug, Clone)]
pub struct Turn {
    pub honest: Honest,
    pub tried: Vec<Attempt>,
}

/// A step of B's honest life.
#[derive(Debug, Clone)]
pub enum Honest {
    Nothing,
    Operate {
        kind: OperationKind,
        service: u8,
    },
    /// Buys a service that the vendor is slow to make: the call is answered "pending".
    OrderSlowly,
    /// The vendor makes at last what it was slow to make.
    Receive,
    LookAtService(u8),
    ListOwed,
    LookAtOperation(Index),
    Acknowledge(Index),
}

/// One request with A's token.
#[derive(Debug, Clone)]
pub enum Attempt {
    Operate {
        kind: OperationKind,
        reference: Reference,
        properties: Vec<(&'static str, Copied)>,
        as_their_client: bool,
    },
    LookAtOperation {
        id: OperationName,
        wait: bool,
    },
    Acknowledge(OperationName),
    LookAtService {
        definition: &'static str,
        reference: Reference,
    },
    ListOwed {
        query: &'static str,
    },
    Odd {
        method: &'static str,
        path: String,
    },
}

/// A service's reference. Billing systems count alike: two providers' references are often equal.
#[derive(Debug, Clone)]
pub enum Reference {
    Service(u8),
    Odd(&'static str),
}

/// A value that A copies into a call.
#[derive(Debug, Clone)]
pub enum Copied {
    /// Something that B keeps for a service.
    Theirs(Index),
    Guessed(String),
}

/// An operation's id, as A writes it.
#[derive(Debug, Clone)]
pub enum OperationName {
    Theirs(Index, Spelling),
    Own(Index),
    Guessed([u8; 16]),
}

/// A way to write an id, or one beside it.
#[derive(Debug, Clone, Copy)]
pub enum Spelling {
    Plain,
    UpperCase,
    WithoutHyphens,
    InBraces,
    AsUrn,
    Next,
}

pub fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (honest(), prop::collection::vec(attempt(), 0..5))
        .prop_map(|(honest, tried)| Turn { honest, tried });
    prop::collection::vec(turn, 1..9)
}

fn honest() -> impl Strategy<Value = Honest> {
    prop_oneof![
        2 => Just(Honest::Nothing),
        5 => (kind(), 0_u8..3).prop_map(|(kind, service)| Honest::Operate { kind, service }),
        2 => Just(Honest::OrderSlowly),
        1 => Just(Honest::Receive),
        1 => (0_u8..3).prop_map(Honest::LookAtService),
        1 => Just(Honest::ListOwed),
        1 => any::<Index>().prop_map(Honest::LookAtOperation),
        1 => any::<Index>().prop_map(Honest::Acknowledge),
    ]
}

fn kind() -> impl Strategy<Value = OperationKind> {
    prop_oneof![
        4 => Just(OperationKind::Create),
        5 => prop::sample::select(OperationKind::ALL.to_vec()),
    ]
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let properties = prop::collection::vec(
        (
            prop::sample::select(vec![
                "site_id",
                "license_key",
                "user_id",
                "api_secret",
                "odd",
            ]),
            copied(),
        ),
        0..5,
    );
    let operate = (kind(), reference(), properties, any::<bool>()).prop_map(
        |(kind, reference, properties, as_their_client)| Attempt::Operate {
            kind,
            reference,
            properties,
            as_their_client,
        },
    );
    let definition = prop::sample::select(vec!["sites", "sites", "SITES", "other", "%2e%2e"]);
    let query = prop::sample::select(vec![
        "owed=true",
        "owed=true&definition=sites",
        "owed=true&definition=other",
        "owed=false",
        "owed=true&provider=rival",
        "owed=true&limit=100000",
        "",
    ]);
    prop_oneof![
        6 => operate,
        4 => (operation_name(), any::<bool>())
            .prop_map(|(id, wait)| Attempt::LookAtOperation { id, wait }),
        3 => operation_name().prop_map(Attempt::Acknowledge),
        3 => (definition, reference())
            .prop_map(|(definition, reference)| Attempt::LookAtService { definition, reference }),
        2 => query.prop_map(|query| Attempt::ListOwed { query }),
        1 => (
            prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
            "/(v1/|v2/)?(operations|services|providers|openapi.json|healthz|readyz|metrics)?(/[a-z0-9.%-]{0,12}){0,3}",
        )
            .prop_map(|(method, path)| Attempt::Odd { method, path }),
    ]
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        6 => (0_u8..8).prop_map(Reference::Service),
        1 => prop::sample::select(vec![
            "SERVICE-1", "service-1.", "..", "service-1%00", "service%2d1", "../services", "service-%", "",
            "service-1' OR '1'='1", "service-_", "*",
        ])
        .prop_map(Reference::Odd),
    ]
}

fn copied() -> impl Strategy<Value = Copied> {
    prop_oneof![
        5 => any::<Index>().prop_map(Copied::Theirs),
        1 => "[ -~]{0,12}".prop_map(Copied::Guessed),
    ]
}

fn operation_name() -> impl Strategy<Value = OperationName> {
    let spelling = prop::sample::select(vec![
        Spelling::Plain,
        Spelling::Plain,
        Spelling::UpperCase,
        Spelling::WithoutHyphens,
        Spelling::InBraces,
        Spelling::AsUrn,
        Spelling::Next,
    ]);
    prop_oneof![
        5 => (any::<Index>(), spelling).prop_map(|(which, how)| OperationName::Theirs(which, how)),
        2 => any::<Index>().prop_map(OperationName::Own),
        1 => any::<[u8; 16]>().prop_map(OperationName::Guessed),
    ]
}
