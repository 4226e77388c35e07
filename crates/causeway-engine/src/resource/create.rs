//! The resource is made: the one exchange that must never happen twice.

use causeway_definition::answer::item_at;
use causeway_definition::{Reading, Resource};
use serde_json::Value;

use super::keep::{identity_of, is_incomplete};
use crate::decide::{Decision, Phase, Resume};
use crate::exchange::Outcome;
use crate::machine::Machine;
use crate::message;
use crate::service::Doubt;
use crate::store::Origin;
use crate::vendor::Reply;

/// How often a create is sent within one operation while its outcome stays unclear.
pub(super) const MOST_CREATES: u32 = 2;

/// How often a create with an idempotency key, and without a `find`, is sent within one operation.
pub(super) const MOST_CREATES_WITH_KEY: u32 = 3;

impl Machine<'_> {
    pub(crate) fn create(&mut self) -> Decision {
        let step = self.step_name();
        let Some(resource) = self.definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let mut request = match self.render(&resource.create.request) {
            Ok(request) => request,
            Err(error) => return self.not_renderable(&error),
        };
        let doubt = self.raise_doubt(&step);
        if let Some(header) = &resource.create.idempotency_header {
            request
                .headers
                .push((header.clone(), doubt.idempotency_key));
        }
        self.run.phase = Phase::Creating;
        self.change("create", request, resource.create.timeout)
    }

    /// Writes down that something is about to be sent whose outcome is not known yet.
    pub(crate) fn raise_doubt(&mut self, step: &str) -> Doubt {
        let new_key = self.new_idempotency_key(step);
        let now = self.now;
        let doubt = self
            .run
            .service
            .doubts
            .entry(step.to_owned())
            .and_modify(|doubt| {
                doubt.since = now;
                doubt.under_way = true;
            })
            .or_insert(Doubt {
                since: now,
                idempotency_key: new_key,
                unanswered: false,
                under_way: true,
            })
            .clone();
        self.service_changed();
        doubt
    }

    /// The key of an exchange that no earlier operation has left in doubt: a resumed operation sends
    /// the same one.
    pub(crate) fn new_idempotency_key(&self, step: &str) -> String {
        format!("causeway-{}-{step}", self.run.operation.id)
    }

    pub(crate) fn after_create(&mut self, reply: Reply) -> Decision {
        let definition = self.definition;
        let step = self.step_name();
        let Some(resource) = definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let answer = match &reply {
            Reply::Answered(answer) => answer,
            Reply::NotSent { reason, passing } => {
                return self.change_not_sent(&reply, reason, *passing, Resume::Create);
            }
            Reply::Unknown { reason } => {
                let reason = reason.clone();
                self.note_outcome(Outcome::Unknown, &reply);
                return self.create_unclear(&step, reason);
            }
        };
        match definition.read_call(&resource.create, answer) {
            Reading::Done(body) => self.created(resource, body, &reply),
            Reading::AlreadyDone(status) => {
                self.note_outcome(Outcome::Refused, &reply);
                if resource.find.is_none() {
                    self.lower_doubt(&step);
                    return self.needs_attention(message::says_exists(definition, &step, status));
                }
                let message = format!("it says that {step} exists already (HTTP {status})");
                self.create_unclear(&step, message)
            }
            Reading::Refused { status, reason } => {
                self.note_outcome(Outcome::Refused, &reply);
                let message = message::refused(definition, &step, status, &reason);
                self.lower_doubt(&step);
                if self.run.service.doubts.contains_key(&step) && resource.find.is_some() {
                    // "Already taken", perhaps by the very create whose answer was lost.
                    self.run.tries.refused = Some(message);
                    return self.find_after_commit();
                }
                self.fail(message)
            }
            Reading::Busy {
                status,
                retry_after,
            } => self.change_busy(&reply, status, retry_after, Resume::Create),
            Reading::Unknown { status, reason } => {
                self.note_outcome(Outcome::Unknown, &reply);
                self.create_unclear(&step, format!("{reason} (HTTP {status})"))
            }
        }
    }

    pub(super) fn created(&mut self, resource: &Resource, body: Value, reply: &Reply) -> Decision {
        let step = self.step_name();
        let item = item_at(resource.create.at.as_ref(), body);
        if let Ok(item) = &item {
            self.note_secrets(&resource.keep, item);
        }
        let seen = item.and_then(|item| {
            let item = self.names_of(&item);
            identity_of(resource, &item).map(|value| (item, value))
        });
        match seen {
            Ok((item, value)) => {
                self.note_outcome(Outcome::Done, reply);
                let doubt = self.run.service.doubts.remove(&step);
                self.service_changed();
                self.claim_item(resource, &value, Origin::Made);
                self.run.tries.made = true;
                let is_short = resource.ready.is_none() && is_incomplete(resource, &item);
                let may_be_old = resource.create.idempotency_header.is_some()
                    && doubt.is_some_and(|doubt| doubt.unanswered);
                if resource.read.is_some() && (is_short || may_be_old) {
                    // The answer to a create is often shorter than the answer to a read; and to a key
                    // that it knows the vendor says again what it said then, whatever became of it.
                    self.keep(resource, &item);
                    return self.read_after_commit();
                }
                self.seen(resource, &item)
            }
            Err(error) => {
                self.note_outcome(Outcome::Unknown, reply);
                self.create_unclear(&step, error.to_string())
            }
        }
    }

    pub(super) fn create_unclear(&mut self, step: &str, reason: String) -> Decision {
        let now = self.now;
        if let Some(doubt) = self.run.service.doubts.get_mut(step) {
            doubt.unanswered = true;
            doubt.under_way = false;
            doubt.since = now;
        }
        self.service_changed();
        self.run.tries.unclear += 1;
        self.run.tries.settled = false;
        self.run.tries.reason = self.run.secrets.mask(&reason);
        let decision = self.look_after_doubt();
        self.with_commit(decision)
    }

    pub(super) fn find_after_commit(&mut self) -> Decision {
        let decision = self.find();
        self.with_commit(decision)
    }

    pub(super) fn read_after_commit(&mut self) -> Decision {
        let decision = self.read();
        self.with_commit(decision)
    }

    /// The same action, after everything that is not saved yet is committed.
    pub(super) fn with_commit(&mut self, decision: Decision) -> Decision {
        match decision.commit {
            Some(_) => decision,
            None => self.committing(decision.action),
        }
    }

    /// Nothing was done by the exchange that just ended: only an earlier one can still be in doubt.
    pub(crate) fn lower_doubt(&mut self, step: &str) {
        let doubts = &mut self.run.service.doubts;
        match doubts.get_mut(step) {
            Some(doubt) if doubt.unanswered => doubt.under_way = false,
            Some(_) => {
                doubts.remove(step);
            }
            None => return,
        }
        self.service_changed();
    }
}
