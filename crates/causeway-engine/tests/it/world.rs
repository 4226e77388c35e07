//! One vendor, one journal, one clock, and runs that are driven by hand.

use std::time::Duration;

use causeway_definition::{Definition, OperationKind};
use causeway_engine::{
    Action, Ending, Event, Input, Operation, OperationId, Provider, ProviderId, Run, ServiceKey,
    ServiceRecord, Standing, decide,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use crate::journal::Journal;
use crate::vendor::{Fault, Vendor};

pub const CREDENTIAL: &str = "vendor-credential-1";
pub const PASSWORD: &str = "s3cret-Passw0rd";

pub struct World {
    pub definition: Definition,
    pub vendor: Vendor,
    pub journal: Journal,
    pub now: Timestamp,
    pub next_operation: u128,
}

/// What stops a run before its end.
pub enum Stopped {
    Ended(Ending),
    Crashed,
}

impl World {
    pub fn new() -> Self {
        Self::with(include_str!("../../../../examples/shieldpress.toml"))
    }

    pub fn with(definition: &str) -> Self {
        let (definition, _) = Definition::parse(definition)
            .map_err(|problems| format!("{problems:?}"))
            .expect("the definition is right");
        Self {
            definition,
            vendor: Vendor {
                next_id: 40,
                ..Vendor::default()
            },
            journal: Journal::default(),
            now: "2026-01-01T09:00:00Z".parse().unwrap(),
            next_operation: 1,
        }
    }

    pub fn key(reference: &str) -> ServiceKey {
        ServiceKey {
            provider: ProviderId(Uuid::from_u128(1)),
            definition: "shieldpress".to_owned(),
            reference: reference.to_owned(),
        }
    }

    pub fn service(&self, reference: &str) -> ServiceRecord {
        self.journal.service(&Self::key(reference))
    }

    pub fn accept(&mut self, kind: OperationKind, reference: &str, input: Input) -> OperationId {
        let id = OperationId(Uuid::from_u128(self.next_operation));
        self.next_operation += 1;
        let operation = Operation {
            id,
            service: Self::key(reference),
            kind,
            fingerprint: String::new(),
            input,
            accepted_at: self.now,
            standing: Standing::Open,
            ended_at: None,
            steps_done: 0,
            owed: false,
        };
        self.journal.operations.insert(id, operation);
        id
    }

    fn provider(&self) -> Provider {
        Provider {
            id: ProviderId(Uuid::from_u128(1)),
            name: "sunny".to_owned(),
            credential: SecretString::from(CREDENTIAL),
            api: None,
            added_at: self.now,
            token_made_at: self.now,
            removed_at: None,
        }
    }

    /// Takes an operation up, as a start of the gateway does.
    pub fn take_up(&self, id: OperationId) -> Run {
        let operation = self.journal.operations[&id].clone();
        let service = self.journal.service(&operation.service);
        let exchanges = self.journal.exchanges_of(id).len();
        Run::new(
            &self.definition,
            &self.provider(),
            operation,
            service,
            u32::try_from(exchanges).unwrap(),
            self.now,
        )
    }

    /// Drives one run to its end. `fault` is asked before each exchange; `crash` before and after
    /// each commit and each exchange.
    pub fn drive(
        &mut self,
        run: &mut Run,
        fault: &mut dyn FnMut() -> Option<Fault>,
        crash: &mut dyn FnMut() -> bool,
    ) -> Stopped {
        let mut event = Event::Start;
        for _ in 0..10_000 {
            let decision = decide(&self.definition, run, event, self.now);
            if crash() {
                return Stopped::Crashed;
            }
            if let Some(commit) = decision.commit {
                self.journal.commit(commit);
            }
            if crash() {
                return Stopped::Crashed;
            }
            event = match decision.action {
                Action::TakeTurn(_) => Event::TurnTaken,
                Action::Send { request, timeout } => {
                    let reply = self.vendor.exchange(&request, fault());
                    self.pass(timeout / 100);
                    if crash() {
                        return Stopped::Crashed;
                    }
                    Event::Replied(reply)
                }
                Action::Wait(until) => {
                    self.now = self.now.max(until);
                    Event::WaitOver
                }
                Action::LookUp(identities) => Event::Holders(self.journal.holders(&identities)),
                Action::End => return Stopped::Ended(run.ending().unwrap().clone()),
            };
        }
        panic!("the operation never ends: {:?}", self.vendor.log.last());
    }

    pub fn pass(&mut self, time: Duration) {
        self.now = self
            .now
            .checked_add(SignedDuration::try_from(time).unwrap())
            .unwrap();
    }

    /// One operation from its call to its end, with these faults in order and no crash.
    pub fn operate(
        &mut self,
        kind: OperationKind,
        reference: &str,
        input: Input,
        faults: &[Option<Fault>],
    ) -> Ending {
        let id = self.accept(kind, reference, input);
        let mut run = self.take_up(id);
        let mut faults = faults.iter().copied();
        match self.drive(&mut run, &mut || faults.next().flatten(), &mut || false) {
            Stopped::Ended(ending) => ending,
            Stopped::Crashed => unreachable!("no crash was asked for"),
        }
    }
}

/// What a billing system says of one service of one client.
pub fn input(email: &str, domain: &str) -> Input {
    let as_map = |value: serde_json::Value| value.as_object().unwrap().clone();
    Input {
        domain: domain.to_owned(),
        password: Some(PASSWORD.to_owned()),
        client: as_map(json!({"firstname": "Ada", "lastname": "Lovelace", "email": email})),
        options: as_map(json!({"plan": "pro"})),
        ..Input::default()
    }
}

pub fn succeeded() -> Ending {
    Ending::Succeeded { redirect: None }
}
