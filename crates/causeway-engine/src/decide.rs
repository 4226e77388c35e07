//! The step machine: what happened, in; what to commit and what to do next, out.

use std::sync::OnceLock;
use std::time::Duration;

use causeway_definition::{Definition, Names, Request};
use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

use crate::exchange::Exchange;
use crate::machine::{Machine, after};
use crate::masking::Secrets;
use crate::operation::{Ending, Operation, Standing};
use crate::plan::Step;
use crate::provider::Provider;
use crate::resource::Look;
use crate::service::{Holder, Identity, ServiceRecord};
use crate::store::{Claim, Commit};
use crate::vendor::Reply;

/// What happened since the last decision.
#[derive(Debug)]
pub enum Event {
    /// The operation begins, or goes on after a restart.
    Start,
    /// The turn that [`Action::TakeTurn`] asked for has come.
    TurnTaken,
    /// What came of [`Action::Send`].
    Replied(Reply),
    /// The time of [`Action::Wait`] has come.
    WaitOver,
    /// The holders that [`Action::LookUp`] asked for, in its order.
    Holders(Vec<Option<Holder>>),
}

/// What to do next; after the commit, never before it.
#[derive(Debug)]
pub enum Action {
    /// Give back the turn that is held, wait for the turn with this key, and hold it.
    TakeTurn(String),
    /// Send the request, once, and wait at most so long for the answer.
    Send {
        /// What to send.
        request: Request,
        /// How long to wait.
        timeout: Duration,
    },
    /// Wait until then.
    Wait(Timestamp),
    /// Ask the journal who holds these identities.
    LookUp(Vec<Identity>),
    /// The operation has ended: give back the turn, tell the callers.
    End,
}

/// What one event leads to.
#[derive(Debug)]
pub struct Decision {
    /// What must be durable before the action begins.
    pub commit: Option<Commit>,
    /// What to do then.
    pub action: Action,
}

/// An operation being worked on.
#[derive(Debug)]
pub struct Run {
    /// The operation, as far as it has come.
    pub operation: Operation,
    /// The service, as far as it has come.
    pub service: ServiceRecord,
    pub(crate) credential: SecretString,
    /// The provider's own API, when it is another one than the definition's.
    pub(crate) api: Option<Url>,
    pub(crate) secrets: Secrets,
    pub(crate) plan: Vec<Step>,
    pub(crate) phase: Phase,
    pub(crate) tries: Tries,
    pub(crate) give_up_at: Timestamp,
    pub(crate) last_exchange: u32,
    pub(crate) under_way: Option<Exchange>,
    pub(crate) unsaved: Unsaved,
    /// What the journal did not let this operation have, when it begins again because of that.
    pub(crate) refused_claim: Option<Claim>,
    /// The names that stay the same while the service lives the same life.
    pub(crate) fixed_names: OnceLock<Names>,
    /// All names, as they were last asked for; made anew when the service changes.
    pub(crate) names: OnceLock<Names>,
}

/// What the next event will be about.
#[derive(Debug)]
pub(crate) enum Phase {
    /// Nothing is under way.
    Idle,
    /// The turn at a resource.
    Turn,
    /// A pause, and what comes after it.
    Pause(Resume),
    /// The answer of a look at the known resource.
    Reading,
    /// The answer of a look for the resource.
    Finding(Look),
    /// Who holds what was found.
    Holders(Look),
    /// The answer of a create.
    Creating,
    /// The answer of a call.
    Calling,
}

/// What comes after a pause.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resume {
    Read,
    Find,
    Create,
    Call,
}

/// What the present step has tried so far, in this run.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// How often something that changes the vendor was sent and got no clear answer.
    pub unclear: u32,
    /// How often the vendor was away or busy in a row.
    pub away: u32,
    /// The last unclear or refusing answer, for the message.
    pub reason: String,
    /// Whether this run has waited for as long as a list may lag behind what is in doubt.
    pub settled: bool,
    /// Whether this run has made the known resource.
    pub made: bool,
    /// A create that followed an unclear one was refused: look once more before believing it.
    pub refused: Option<String>,
    /// Until when to wait for the resource to be ready.
    pub ready_until: Option<Timestamp>,
    /// Whether the known resource was already looked at by `find`.
    pub looked: bool,
    /// Whether the known resource is known because a person has named it.
    pub named_by_person: bool,
}

/// What the next commit has to hold.
#[derive(Debug, Default)]
pub(crate) struct Unsaved {
    pub service: bool,
    pub exchanges: Vec<Exchange>,
    pub claims: Vec<Claim>,
}

impl Run {
    /// An operation that was just begun, or that is taken up again after a restart: then
    /// `exchanges_so_far` says how many of its exchanges the journal has.
    pub fn new(
        definition: &Definition,
        provider: &Provider,
        operation: Operation,
        service: ServiceRecord,
        exchanges_so_far: u32,
        now: Timestamp,
    ) -> Self {
        let credential = provider.credential.clone();
        let secrets = Secrets::of(
            definition,
            &credential,
            &operation.input,
            &service.properties,
        );
        Self {
            operation,
            service,
            credential,
            api: provider.api.as_deref().and_then(|api| Url::parse(api).ok()),
            secrets,
            plan: Vec::new(),
            phase: Phase::Idle,
            tries: Tries::default(),
            give_up_at: after(now, definition.service.patience),
            last_exchange: exchanges_so_far,
            under_way: None,
            unsaved: Unsaved::default(),
            refused_claim: None,
            fixed_names: OnceLock::new(),
            names: OnceLock::new(),
        }
    }

    /// The same operation from what the journal has of it, after a commit that the journal refused
    /// because another service holds what it claims.
    pub fn begin_again(
        &mut self,
        definition: &Definition,
        operation: Operation,
        service: ServiceRecord,
        refused: Claim,
    ) {
        self.secrets = Secrets::of(
            definition,
            &self.credential,
            &operation.input,
            &service.properties,
        );
        self.operation = operation;
        self.service = service;
        self.phase = Phase::Idle;
        self.tries = Tries::default();
        self.under_way = None;
        self.unsaved = Unsaved::default();
        self.refused_claim = Some(refused);
        self.fixed_names = OnceLock::new();
        self.names = OnceLock::new();
    }

    /// The name of the present step, as in the journal and in messages.
    pub fn step_name(&self) -> String {
        let kind = self.operation.kind;
        match self.plan.get(self.operation.steps_done as usize) {
            Some(Step::Ensure(name) | Step::Settle(name) | Step::Refresh(name)) => name.clone(),
            Some(Step::Call(number)) => {
                let several = self
                    .plan
                    .iter()
                    .filter(|step| matches!(step, Step::Call(_)))
                    .count();
                if several > 1 {
                    format!("{kind}[{number}]")
                } else {
                    kind.to_string()
                }
            }
            None => kind.to_string(),
        }
    }

    /// The exchange that is under way: its step and its purpose.
    pub fn exchange_under_way(&self) -> Option<(&str, &str)> {
        self.under_way
            .as_ref()
            .map(|exchange| (exchange.step.as_str(), exchange.purpose.as_str()))
    }

    /// The ending, once there is one.
    pub fn ending(&self) -> Option<&Ending> {
        match &self.operation.standing {
            Standing::Open => None,
            Standing::Ended(ending) => Some(ending),
        }
    }
}

/// Decides what follows from an event. A function of its arguments alone.
pub fn decide(definition: &Definition, run: &mut Run, event: Event, now: Timestamp) -> Decision {
    let mut machine = Machine {
        definition,
        run,
        now,
    };
    let phase = std::mem::replace(&mut machine.run.phase, Phase::Idle);
    match (phase, event) {
        (_, Event::Start) => machine.start(),
        (Phase::Turn, Event::TurnTaken) => machine.begin_with_turn(),
        (Phase::Pause(Resume::Read), Event::WaitOver) => machine.read(),
        (Phase::Pause(Resume::Find), Event::WaitOver) => machine.find(),
        (Phase::Pause(Resume::Create), Event::WaitOver) => machine.create(),
        (Phase::Pause(Resume::Call), Event::WaitOver) => machine.call(),
        (Phase::Reading, Event::Replied(reply)) => machine.after_read(reply),
        (Phase::Finding(look), Event::Replied(reply)) => machine.after_find(look, reply),
        (Phase::Holders(look), Event::Holders(holders)) => machine.after_holders(look, &holders),
        (Phase::Creating, Event::Replied(reply)) => machine.after_create(reply),
        (Phase::Calling, Event::Replied(reply)) => machine.after_call(reply),
        (phase, event) => {
            let message = format!(
                "This is a fault of Causeway's own: {event:?} came while {phase:?} was awaited. Please report it; try again."
            );
            machine.fail(message)
        }
    }
}
