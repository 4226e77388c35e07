//! One exchange with the vendor: the request leaves, arrives, is acted on; the answer comes back. Each
//! is a moment of its own, at which the gateway can be gone.

use std::rc::Rc;
use std::time::Duration;

use causeway_definition::request::Method;
use causeway_definition::{Call, Definition, Find, Operation, Request};
use causeway_engine::{Reply, Run};

use super::Gateway;
use crate::fault::Fault;
use crate::guarantee::{self, ExchangeKind};
use crate::invariants;
use crate::met::Situation;
use crate::runtime::{Sender, Waited, signal};
use crate::vendor::{SentFor, answered, bad_answer};
use crate::world::World;

/// A request that has passed the last look at the lease and has not left yet, or a call on its way into
/// the journal.
#[derive(Debug, Clone, Copy)]
pub enum Leaving {
    Accept,
    Look,
    Create { timeout: Duration },
    Call,
}

/// Takes note as long as it lives.
pub struct LeavingNow<'w> {
    gateway: Rc<Gateway<'w>>,
    number: u64,
}

impl Drop for LeavingNow<'_> {
    fn drop(&mut self) {
        self.gateway.leaving.borrow_mut().remove(&self.number);
    }
}

impl<'w> Gateway<'w> {
    pub(super) async fn exchange(
        self: &Rc<Self>,
        run: &Run,
        request: &Request,
        timeout: Duration,
    ) -> Reply {
        let world = &self.world;
        let kind = kind_of(world.definition, run, request);
        self.until_lease_is_held().await;
        let leaving = self.note_leaving(match kind {
            ExchangeKind::Look => Leaving::Look,
            ExchangeKind::Create { .. } => Leaving::Create { timeout },
            ExchangeKind::Call { .. } => Leaving::Call,
        });
        let looked_at = world.runtime.now();
        world.runtime.sleep(world.latency()).await;
        let was_held = world.runtime.now() - looked_at > world.surroundings.latency;
        drop(leaving);
        world.meet(Situation::Exchange);
        if let (ExchangeKind::Create { .. }, Some((step, _))) = (kind, run.exchange_under_way()) {
            world.note_create(run.operation.id, step);
        }
        let fault = world.next_fault(kind != ExchangeKind::Look);
        let fault = fault.filter(|fault| guarantee::may_happen(*fault, kind, was_held));
        if let Some(fault) = fault {
            world.meet(Situation::Fault(fault));
        }
        let journey = Journey {
            world: Rc::clone(world),
            request: request.clone(),
            sent_for: SentFor {
                reference: run.operation.service.reference.clone(),
            },
            kind,
            fault,
            timeout,
        };
        self.tell(|| journey.told(run));
        let (sender, answer) = signal(&world.runtime);
        let deadline = world.runtime.now() + timeout;
        world.runtime.spawn(world.outside, journey.travel(sender));
        self.on_the_way.set(self.on_the_way.get() + 1);
        let answer = answer.until(deadline).await;
        self.on_the_way.set(self.on_the_way.get().saturating_sub(1));
        match answer {
            Waited::Came(reply) => reply,
            Waited::Never => lost("the connection was closed"),
            Waited::TooLate => lost("no answer in time"),
        }
    }

    pub(super) fn note_leaving(self: &Rc<Self>, leaving: Leaving) -> LeavingNow<'w> {
        let number = self.last_leaving.get() + 1;
        self.last_leaving.set(number);
        let since = self.world.runtime.now();
        self.leaving.borrow_mut().insert(number, (since, leaving));
        LeavingNow {
            gateway: Rc::clone(self),
            number,
        }
    }
}

fn lost(reason: &str) -> Reply {
    Reply::Unknown {
        reason: reason.to_owned(),
    }
}

/// A request on its way to the vendor, and its answer on the way back. A gateway that dies stops
/// neither.
struct Journey<'w> {
    world: Rc<World<'w>>,
    request: Request,
    sent_for: SentFor,
    kind: ExchangeKind,
    fault: Option<Fault>,
    timeout: Duration,
}

impl<'w> Journey<'w> {
    async fn travel(self, caller: Sender<'w, Reply>) {
        let world = Rc::clone(&self.world);
        let fault = self.fault;
        if fault.is_some_and(|fault| !fault.acts()) {
            world.runtime.sleep(world.latency()).await;
            self.answer(&caller, fault.and_then(|fault| bad_answer(fault, None)))
                .await;
            return;
        }
        let changes = self.kind != ExchangeKind::Look;
        if changes {
            self.note_on_the_way(1);
        }
        if fault.is_some_and(Fault::acts_late) {
            self.give_up_then_act(&caller).await;
        } else {
            let arrives = self.arrives();
            world.runtime.sleep(arrives).await;
            let whole = self.act();
            if fault == Some(Fault::TwiceDelivered) {
                self.act();
            }
            if changes {
                self.note_on_the_way(-1);
            }
            world.runtime.sleep(world.latency()).await;
            if fault == Some(Fault::SlowAnswer) {
                world.runtime.sleep(self.timeout / 2).await;
            }
            let reply = match fault {
                Some(fault) => bad_answer(fault, Some(&whole)),
                None => Some(answered(whole.0, &whole.1)),
            };
            self.answer(&caller, reply).await;
            return;
        }
        if changes {
            self.note_on_the_way(-1);
        }
    }

    /// How long it travels; calls arrive in the order in which they were sent.
    fn arrives(&self) -> Duration {
        let world = &self.world;
        let now = world.runtime.now();
        let mut at = now + world.latency();
        if let ExchangeKind::Call { .. } = self.kind {
            at = at.max(world.last_call_arrives.get());
            world.last_call_arrives.set(at);
        }
        at - now
    }

    async fn give_up_then_act(&self, caller: &Sender<'w, Reply>) {
        let world = &self.world;
        let sent_at = world.runtime.now();
        let reply = self.fault.and_then(|fault| bad_answer(fault, None));
        if self.fault.is_some_and(Fault::hangs) {
            world.runtime.sleep(self.timeout).await;
        } else {
            world.runtime.sleep(world.latency()).await;
            self.answer(caller, reply).await;
        }
        let latest = guarantee::latest_act(world.definition, &world.surroundings).as_micros();
        let latest = u64::try_from(latest).unwrap_or_default();
        let later = world.random.borrow_mut().between(0, latest);
        world.runtime.sleep(Duration::from_micros(later)).await;
        if self.kind != ExchangeKind::Look {
            world.meet(Situation::ActedLate);
            world.tell(|| {
                let after = world.runtime.now() - sent_at;
                format!("vendor: acts only now, {after:?} after it was asked")
            });
            self.act();
        }
    }

    async fn answer(&self, caller: &Sender<'w, Reply>, reply: Option<Reply>) {
        match reply {
            Some(reply) => caller.send(reply),
            // Nobody answers, and nobody closes the connection either.
            None => self.world.runtime.sleep(self.timeout * 2).await,
        }
    }

    fn act(&self) -> (u16, serde_json::Value) {
        let world = &self.world;
        let now = world.runtime.now();
        let mut vendor = world.vendor.borrow_mut();
        if vendor.knows_key_of(&self.request) {
            world.meet(Situation::KnownByKey);
        }
        let done = vendor.act(&self.request, &self.sent_for, now);
        drop(vendor);
        world.tell(|| {
            let method = self.request.method.as_str();
            let (status, body) = &done;
            format!("vendor: {method} {} → {status} {body}", self.request.target)
        });
        invariants::hold_now(world);
        done
    }

    fn note_on_the_way(&self, more: i32) {
        let mut vendor = self.world.vendor.borrow_mut();
        let reference = self.sent_for.reference.clone();
        let count = vendor.on_the_way.entry(reference).or_default();
        *count = count.saturating_add_signed(more);
    }

    fn told(&self, run: &Run) -> String {
        let (step, purpose) = run.exchange_under_way().unwrap_or_default();
        let fault = self
            .fault
            .map(|fault| format!(", with {fault}"))
            .unwrap_or_default();
        let method = self.request.method.as_str();
        let reference = &self.sent_for.reference;
        let target = &self.request.target;
        format!("sends {step} ({purpose}) of {reference}: {method} {target}{fault}")
    }
}

fn kind_of(definition: &Definition, run: &Run, request: &Request) -> ExchangeKind {
    let keyed = request
        .headers
        .iter()
        .any(|(name, _)| name == crate::vendor::KEY_HEADER);
    match run.exchange_under_way() {
        Some((step, "create")) => {
            let resource = definition.resources.get(step);
            let told_apart = resource.is_some_and(|resource| {
                let names_service = resource.find.as_ref().is_none_or(Find::names_service);
                resource.is_shared() || names_service
            });
            ExchangeKind::Create { keyed, told_apart }
        }
        Some((step, "call")) if request.method != Method::Get => {
            let call = described_call(definition, run, step);
            let repeatable = keyed || call.is_some_and(|call| call.repeatable);
            ExchangeKind::Call { repeatable }
        }
        _ => ExchangeKind::Look,
    }
}

fn described_call<'d>(definition: &'d Definition, run: &Run, step: &str) -> Option<&'d Call> {
    let number = step
        .split_once('[')
        .and_then(|(_, number)| number.trim_end_matches(']').parse().ok())
        .unwrap_or(0_usize);
    match definition.operations.get(&run.operation.kind)? {
        Operation::Calls(calls) => calls.get(number),
        Operation::Ensure(_) => None,
    }
}
