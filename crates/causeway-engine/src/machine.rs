//! What every step needs of the machine: beginning and ending steps, exchanges, pauses, commits.

use std::time::Duration;

use causeway_definition::{
    Answer, Definition, EvaluationError, Names, OperationKind, Request, RequestTemplate,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::backoff;
use crate::decide::{Action, Decision, Phase, Resume, Run, Tries, Unsaved};
use crate::exchange::{Exchange, ExchangeDetail, Outcome};
use crate::masking::shortened;
use crate::message;
use crate::names::names;
use crate::operation::{Ending, Standing};
use crate::plan::{Step, plan};
use crate::secret_forms::in_one_line;
use crate::service::{Identity, ServiceStatus};
use crate::store::{Claim, Commit, Origin};
use crate::vendor::Reply;

pub(crate) struct Machine<'m> {
    pub definition: &'m Definition,
    pub run: &'m mut Run,
    pub now: Timestamp,
}

impl Machine<'_> {
    pub fn start(&mut self) -> Decision {
        self.doubt_what_was_under_way();
        self.take_over_from_billing_side();
        if let Some(refused) = self.run.refused_claim.take()
            && let Some(decision) = self.after_refused_claim(&refused)
        {
            return decision;
        }
        self.begin_next_life();
        let run = &mut *self.run;
        match plan(
            self.definition,
            run.operation.kind,
            &run.operation.input,
            &run.service,
        ) {
            Ok(steps) => run.plan = steps,
            Err(ending) => return self.end(ending),
        }
        self.begin_step()
    }

    /// Whatever was under way when a run was lost is in doubt now, and the vendor may still be at it
    /// for as long as its answer would have been waited for. That counts from now: whoever sent it may
    /// have had another clock.
    fn doubt_what_was_under_way(&mut self) {
        let definition = self.definition;
        let ends = self.run.operation.kind == OperationKind::Terminate;
        for (step, doubt) in &mut self.run.service.doubts {
            if doubt.unanswered && !doubt.under_way {
                continue;
            }
            doubt.unanswered = true;
            doubt.under_way = false;
            if let Some(resource) = definition.resources.get(step)
                && (ends || !resource.create.repeatable)
            {
                doubt.since = after(self.now, resource.create_timeout(definition));
            }
        }
    }

    /// What follows when another service holds what this one claimed; nothing, where the next look
    /// will show the same.
    fn after_refused_claim(&mut self, refused: &Claim) -> Option<Decision> {
        let identity = &refused.identity;
        match refused.origin {
            Origin::Made => {
                let message = message::made_for_another(self.definition, identity);
                Some(self.needs_attention_at(Some(identity.resource.clone()), message))
            }
            Origin::Adopted if self.run.unsaved.claims.contains(refused) => {
                let message = message::held_by_another(self.definition, identity);
                self.run.unsaved = Unsaved::default();
                Some(self.fail(message))
            }
            Origin::Adopted
                if self
                    .run
                    .service
                    .resolutions
                    .contains_key(&identity.resource) =>
            {
                let step = identity.resource.clone();
                self.run.service.resolutions.remove(&step);
                self.service_changed();
                let message = message::held_by_another(self.definition, identity);
                Some(self.needs_attention_at(Some(step), message))
            }
            Origin::Adopted => None,
        }
    }

    // --- steps ---------------------------------------------------------------------------------

    pub fn step(&self) -> Option<&Step> {
        self.run.plan.get(self.run.operation.steps_done as usize)
    }

    pub fn step_name(&self) -> String {
        self.run.step_name()
    }

    fn begin_step(&mut self) -> Decision {
        self.run.tries = Tries::default();
        match self.step() {
            Some(Step::Ensure(_) | Step::Settle(_) | Step::Refresh(_)) => self.take_turn(),
            Some(Step::Call(_)) => self.call(),
            None => self.all_steps_done(),
        }
    }

    fn all_steps_done(&mut self) -> Decision {
        let creates = self.run.operation.kind == OperationKind::Create;
        if creates && self.run.service.status == ServiceStatus::Suspended {
            return self.fail(message::create_while_suspended(self.definition));
        }
        self.end(Ending::Succeeded { redirect: None })
    }

    pub fn step_done(&mut self) -> Decision {
        self.run.operation.steps_done += 1;
        self.begin_step()
    }

    pub fn end(&mut self, ending: Ending) -> Decision {
        if matches!(ending, Ending::Succeeded { .. }) {
            self.settle_status();
        }
        self.run.operation.standing = Standing::Ended(ending);
        self.run.operation.ended_at = Some(self.now);
        self.run.phase = Phase::Idle;
        self.committing(Action::End)
    }

    pub fn fail(&mut self, message: String) -> Decision {
        let message = self.readable(&message);
        self.end(Ending::Failed { message })
    }

    pub fn needs_attention(&mut self, message: String) -> Decision {
        let step = self.step_name();
        self.needs_attention_at(Some(step), message)
    }

    fn needs_attention_at(&mut self, step: Option<String>, message: String) -> Decision {
        let message = self.readable(&message);
        self.end(Ending::NeedsAttention { step, message })
    }

    /// One line without secrets, whatever the vendor's and the customer's words in it are.
    fn readable(&self, message: &str) -> String {
        shortened(in_one_line(&self.run.secrets.mask(message)))
    }

    fn settle_status(&mut self) {
        let due = self.run.operation.input.service.next_due_date.clone();
        let service = &mut self.run.service;
        let before = service.status;
        match self.run.operation.kind {
            OperationKind::Create => service.status = ServiceStatus::Active,
            OperationKind::Suspend => service.status = ServiceStatus::Suspended,
            OperationKind::Unsuspend => service.status = ServiceStatus::Active,
            OperationKind::Terminate if before != ServiceStatus::Absent || service.known => {
                service.status = ServiceStatus::Terminated;
            }
            OperationKind::Renew if !due.is_empty() => {
                service.renewed_for = Some(due);
                self.run.unsaved.service = true;
            }
            _ => {}
        }
        if before != self.run.service.status {
            self.service_changed();
        }
    }

    // --- exchanges -----------------------------------------------------------------------------

    pub fn names(&self) -> Names {
        let run = &*self.run;
        let fixed = || names(&run.operation.input, &run.service, &run.credential);
        run.names
            .get_or_init(|| {
                run.fixed_names
                    .get_or_init(fixed)
                    .with(&run.service.properties)
            })
            .clone()
    }

    pub fn render(&self, template: &RequestTemplate) -> Result<Request, EvaluationError> {
        template.render(&self.definition.auth, &self.names())
    }

    /// Sends a request that changes nothing at the vendor: what is not saved yet can wait, because
    /// nothing would be lost with it.
    pub fn ask(&mut self, purpose: &str, request: Request, timeout: Option<Duration>) -> Decision {
        self.run.under_way = Some(self.exchange(purpose, &request));
        Decision {
            commit: None,
            action: self.sending(request, timeout),
        }
    }

    /// Sends a request that may change something at the vendor: its intent is committed first.
    pub fn change(
        &mut self,
        purpose: &str,
        request: Request,
        timeout: Option<Duration>,
    ) -> Decision {
        let exchange = self.exchange(purpose, &request);
        self.run.unsaved.exchanges.push(exchange.clone());
        self.run.under_way = Some(exchange);
        let action = self.sending(request, timeout);
        self.committing(action)
    }

    fn sending(&self, request: Request, timeout: Option<Duration>) -> Action {
        Action::Send {
            request,
            timeout: timeout.unwrap_or(self.definition.service.timeout),
        }
    }

    fn exchange(&mut self, purpose: &str, request: &Request) -> Exchange {
        self.run.last_exchange += 1;
        let secrets = &self.run.secrets;
        let body = request
            .body
            .as_ref()
            .map(|body| shortened(secrets.mask_value(body).to_string()));
        Exchange {
            number: self.run.last_exchange,
            step: self.step_name(),
            purpose: purpose.to_owned(),
            sent_at: self.now,
            ended_at: None,
            outcome: Outcome::Intended,
            status: None,
            detail: ExchangeDetail {
                request: secrets.mask(&format!("{} {}", request.method.as_str(), request.target)),
                request_body: body,
                answer: None,
            },
        }
    }

    /// Notes what came of the exchange that is under way, for the next commit.
    pub fn note_outcome(&mut self, outcome: Outcome, reply: &Reply) {
        let (status, answer) = match reply {
            Reply::Answered(answer) => (Some(answer.status), self.masked_body(answer)),
            Reply::NotSent { reason, .. } | Reply::Unknown { reason } => {
                (None, self.run.secrets.mask(reason))
            }
        };
        if let Some(mut exchange) = self.run.under_way.take() {
            exchange.ended_at = Some(self.now);
            exchange.outcome = outcome;
            exchange.status = status;
            exchange.detail.answer = Some(answer);
            self.run.unsaved.exchanges.push(exchange);
        }
    }

    /// The body of an answer as it may be written down; a success of single sign-on holds an
    /// address that logs somebody in.
    fn masked_body(&self, answer: &Answer) -> String {
        if self.run.operation.kind == OperationKind::SingleSignOn && answer.status < 300 {
            return "***".to_owned();
        }
        self.run.secrets.mask_body(&answer.body)
    }

    // --- pauses --------------------------------------------------------------------------------

    /// Waits for a vendor that is away or busy, or gives up with `message` when patience has ended.
    pub fn pause_or_fail(
        &mut self,
        wait: Option<Duration>,
        resume: Resume,
        message: String,
    ) -> Decision {
        self.run.tries.away += 1;
        let pause = wait
            .map(|wait| wait.max(Duration::from_millis(100)))
            .unwrap_or_else(|| backoff::pause(self.run.tries.away, self.run.operation.id.0));
        let until = after(self.now, pause);
        if until > self.run.give_up_at {
            return self.fail(message);
        }
        self.pause(until, resume)
    }

    /// A request that would have changed something never left: nothing was done by it.
    pub fn change_not_sent(
        &mut self,
        reply: &Reply,
        reason: &str,
        passing: bool,
        resume: Resume,
    ) -> Decision {
        let step = self.step_name();
        let message = message::unreachable(self.definition, &step, reason);
        self.note_outcome(Outcome::NotSent, reply);
        self.lower_doubt(&step);
        if passing {
            self.pause_or_fail(None, resume, message)
        } else {
            self.fail(message)
        }
    }

    /// The vendor asked to come back later with a change: nothing was done.
    pub fn change_busy(
        &mut self,
        reply: &Reply,
        status: u16,
        retry_after: Option<Duration>,
        resume: Resume,
    ) -> Decision {
        let step = self.step_name();
        self.note_outcome(Outcome::Busy, reply);
        self.lower_doubt(&step);
        let message = message::busy(self.definition, &step, status, retry_after);
        self.pause_or_fail(retry_after, resume, message)
    }

    pub fn pause(&mut self, until: Timestamp, resume: Resume) -> Decision {
        self.run.phase = Phase::Pause(resume);
        self.committing(Action::Wait(until))
    }

    // --- decisions -----------------------------------------------------------------------------

    /// The action, after everything that is not saved yet is committed.
    pub fn committing(&mut self, action: Action) -> Decision {
        let Unsaved {
            service,
            exchanges,
            claims,
        } = std::mem::take(&mut self.run.unsaved);
        let ended = matches!(self.run.operation.standing, Standing::Ended(_));
        let nothing = !service && !ended && exchanges.is_empty() && claims.is_empty();
        if service {
            self.run.service.known = true;
        }
        let commit = (!nothing).then(|| Commit {
            operation: self.run.operation.id,
            standing: self.run.operation.standing.clone(),
            steps_done: self.run.operation.steps_done,
            service: service.then(|| self.run.service.clone()),
            exchanges,
            claims,
            at: self.now,
        });
        Decision { commit, action }
    }

    pub fn service_changed(&mut self) {
        self.run.unsaved.service = true;
        self.run.names.take();
    }

    pub fn claim(&mut self, identity: Identity, origin: Origin) {
        self.run.unsaved.claims.push(Claim { identity, origin });
    }

    pub fn definition_changed(&mut self) -> Decision {
        let step = self.step_name();
        self.fail(message::definition_changed(&step))
    }

    pub fn not_renderable(&mut self, error: &EvaluationError) -> Decision {
        let step = self.step_name();
        self.fail(message::not_renderable(&step, &error.to_string()))
    }
}

pub(crate) fn after(now: Timestamp, pause: Duration) -> Timestamp {
    SignedDuration::try_from(pause)
        .ok()
        .and_then(|pause| now.checked_add(pause).ok())
        .unwrap_or(Timestamp::MAX)
}

pub(crate) fn identity(resource: &str, value: &Value) -> Identity {
    // A number and its text are one identity: the billing side hands numbers back as texts.
    let value = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    Identity {
        resource: resource.to_owned(),
        value,
    }
}
