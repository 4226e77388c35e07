//! Steps that are one call: suspend, terminate, renew and the like.

use std::collections::BTreeSet;

use causeway_definition::answer::item_at;
use causeway_definition::request::Method;
use causeway_definition::{Call, Names, Operation, OperationKind, Reading};
use serde_json::Value;

use crate::backoff;
use crate::decide::{Decision, Phase, Resume};
use crate::exchange::Outcome;
use crate::machine::{Machine, after};
use crate::message;
use crate::names::is_web_address;
use crate::operation::Ending;
use crate::plan::Step;
use crate::vendor::Reply;

/// How often a call that can be repeated is sent within one operation without a clear answer.
const MOST_CALLS: u32 = 3;

impl<'m> Machine<'m> {
    fn described_call(&self) -> Option<&'m Call> {
        let number = match self.step()? {
            Step::Call(number) => *number,
            _ => return None,
        };
        match self.definition.operations.get(&self.run.operation.kind)? {
            Operation::Calls(calls) => calls.get(number),
            Operation::Ensure(_) => None,
        }
    }

    pub fn call(&mut self) -> Decision {
        let Some(call) = self.described_call() else {
            return self.definition_changed();
        };
        let step = self.step_name();
        if self.run.operation.kind == OperationKind::Terminate && !self.names_are_known(call) {
            return self.call_done(call, None);
        }
        if let Some(decision) = self.call_as_resolved(call) {
            return decision;
        }
        let doubted = self.run.service.doubts.contains_key(&step) && self.run.tries.unclear == 0;
        if doubted && !may_repeat(call) {
            let reason = "an earlier request was sent, and its answer was never recorded";
            return self.needs_attention(message::doubtful_call(self.definition, &step, reason));
        }
        let mut request = match self.render(&call.request) {
            Ok(request) => request,
            Err(error) => return self.not_renderable(&error),
        };
        self.run.phase = Phase::Calling;
        if request.method == Method::Get {
            return self.ask("call", request, call.timeout);
        }
        // A call that does no harm twice leaves no doubt behind that anybody would have to settle.
        let idempotency_key = if call.repeatable {
            self.new_idempotency_key(&step)
        } else {
            self.raise_doubt(&step).idempotency_key
        };
        if let Some(header) = &call.idempotency_header {
            request.headers.push((header.clone(), idempotency_key));
        }
        self.change("call", request, call.timeout)
    }

    /// Whether every property that the call needs is kept: what was never made needs no ending.
    fn names_are_known(&self, call: &Call) -> bool {
        let used: BTreeSet<String> = call
            .request
            .templates()
            .iter()
            .flat_map(|template| template.names(false))
            .collect();
        self.definition
            .property_names()
            .iter()
            .filter(|name| used.contains(**name))
            .all(|name| {
                self.run
                    .service
                    .properties
                    .get(*name)
                    .is_some_and(|v| !v.is_null())
            })
    }

    pub fn after_call(&mut self, reply: Reply) -> Decision {
        let definition = self.definition;
        let step = self.step_name();
        let Some(call) = self.described_call() else {
            return self.definition_changed();
        };
        let answer = match &reply {
            Reply::Answered(answer) => answer,
            Reply::NotSent { reason, passing } => {
                return self.change_not_sent(&reply, reason, *passing, Resume::Call);
            }
            Reply::Unknown { reason } => {
                let reason = reason.clone();
                self.note_outcome(Outcome::Unknown, &reply);
                return self.call_unclear(call, &step, &reason);
            }
        };
        match definition.read_call(call, answer) {
            Reading::Done(body) => {
                if !call.keep.is_empty()
                    && let Ok(item) = item_at(call.at.as_ref(), body.clone())
                {
                    self.note_secrets(&call.keep, &item);
                }
                self.note_outcome(Outcome::Done, &reply);
                self.call_done(call, Some(body))
            }
            Reading::AlreadyDone(_) => {
                self.note_outcome(Outcome::Done, &reply);
                self.call_done(call, None)
            }
            Reading::Refused { status, reason } => {
                self.note_outcome(Outcome::Refused, &reply);
                self.lower_doubt(&step);
                self.fail(message::refused(definition, &step, status, &reason))
            }
            Reading::Busy {
                status,
                retry_after,
            } => self.change_busy(&reply, status, retry_after, Resume::Call),
            Reading::Unknown { status, reason } => {
                self.note_outcome(Outcome::Unknown, &reply);
                self.call_unclear(call, &step, &format!("{reason} (HTTP {status})"))
            }
        }
    }

    fn call_unclear(&mut self, call: &Call, step: &str, reason: &str) -> Decision {
        let now = self.now;
        self.run.tries.unclear += 1;
        let sends = self.run.tries.unclear;
        if let Some(doubt) = self.run.service.doubts.get_mut(step) {
            doubt.unanswered = true;
            doubt.under_way = false;
            doubt.since = now;
            self.service_changed();
        }
        if !may_repeat(call) {
            return self.needs_attention(message::doubtful_call(self.definition, step, reason));
        }
        if sends >= MOST_CALLS {
            return self.fail(message::lost_call(self.definition, step, reason, sends));
        }
        let pause = backoff::pause(sends, self.run.operation.id.0);
        self.pause(after(now, pause), Resume::Call)
    }

    pub(crate) fn call_done(&mut self, call: &Call, body: Option<Value>) -> Decision {
        let step = self.step_name();
        let mut redirect = None;
        if let Some(body) = body {
            let item = item_at(call.at.as_ref(), body);
            let names = self.names();
            let values = item.and_then(|item| {
                let names = Names::of_item(&item, &names);
                let redirect = call
                    .redirect
                    .as_ref()
                    .map(|address| address.evaluate(&names));
                let kept: Result<Vec<_>, _> = call
                    .keep
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), value.evaluate(&names)?)))
                    .collect();
                Ok((redirect.transpose()?, kept?))
            });
            match values {
                Ok((address, kept)) => {
                    redirect = address.and_then(|address| address.as_str().map(str::to_owned));
                    if !kept.is_empty() {
                        self.run.service.properties.extend(kept);
                        self.service_changed();
                    }
                }
                Err(error) => return self.call_unclear(call, &step, &error.to_string()),
            }
            if call.redirect.is_some() && !redirect.as_deref().is_some_and(is_web_address) {
                let reason = "its answer holds no web address to go to";
                return self.call_unclear(call, &step, reason);
            }
        }
        for name in &call.forget {
            if self.run.service.properties.remove(name).is_some() {
                self.service_changed();
            }
        }
        if self.run.service.doubts.remove(&step).is_some() {
            self.service_changed();
        }
        match redirect {
            Some(address) => self.end(Ending::Succeeded {
                redirect: Some(address),
            }),
            None => self.step_done(),
        }
    }
}

fn may_repeat(call: &Call) -> bool {
    call.repeatable || call.idempotency_header.is_some()
}
