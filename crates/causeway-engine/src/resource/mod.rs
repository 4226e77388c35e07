//! Steps at a resource: see to it that it exists, find out about an unfinished create, or refresh it.

mod create;
mod keep;
mod known;
mod resolved;
mod search;

use causeway_definition::{Reading, Resource};
use serde_json::Value;

use crate::decide::{Action, Decision, Phase, Resume};
use crate::exchange::Outcome;
use crate::machine::Machine;
use crate::message;
use crate::operation::Ending;
use crate::plan::Step;
use crate::vendor::Reply;

use self::keep::words;
pub(crate) use self::search::Look;

/// What a step at a resource is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Ensure,
    Settle,
    Refresh,
}

impl Machine<'_> {
    fn aim(&self) -> Aim {
        match self.step() {
            Some(Step::Settle(_)) => Aim::Settle,
            Some(Step::Refresh(_)) => Aim::Refresh,
            _ => Aim::Ensure,
        }
    }

    pub(crate) fn take_turn(&mut self) -> Decision {
        let step = self.step_name();
        let service = &self.run.service;
        if self.aim() == Aim::Settle
            && !service.doubts.contains_key(&step)
            && !service.resolutions.contains_key(&step)
        {
            return self.step_done();
        }
        let Some(resource) = self.definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let key = match resource.key.text(&self.names()) {
            Ok(key) => key,
            Err(error) => return self.not_renderable(&error),
        };
        self.run.phase = Phase::Turn;
        let action = Action::TakeTurn(format!("{step}:{key}"));
        if self.last_step_would_be_found_again() {
            Decision {
                commit: None,
                action,
            }
        } else {
            self.committing(action)
        }
    }

    /// Whether the outcome of the step before can wait for the next commit: until then its doubt
    /// stands in the journal, and after a crash the look that the doubt leads to finds what was made.
    fn last_step_would_be_found_again(&self) -> bool {
        let before = (self.run.operation.steps_done as usize).checked_sub(1);
        match before.and_then(|number| self.run.plan.get(number)) {
            Some(Step::Ensure(name)) => self
                .definition
                .resources
                .get(name)
                .is_some_and(|resource| resource.find.is_some()),
            Some(_) => false,
            None => true,
        }
    }

    pub(crate) fn begin_with_turn(&mut self) -> Decision {
        let step = self.step_name();
        let Some(resource) = self.definition.resources.get(&step) else {
            return self.definition_changed();
        };
        if let Some(decision) = self.go_by_resolution(resource) {
            return decision;
        }
        match self.aim() {
            Aim::Settle if !self.run.service.doubts.contains_key(&step) => self.step_done(),
            Aim::Settle => self.look_after_doubt(),
            Aim::Ensure | Aim::Refresh if self.held(resource).is_some() => self.look_at_known(),
            Aim::Refresh => self.step_done(),
            Aim::Ensure if self.run.service.doubts.contains_key(&step) => self.look_after_doubt(),
            Aim::Ensure => self.look_for(),
        }
    }

    fn resource(&self) -> Option<&Resource> {
        self.definition.resources.get(&self.step_name())
    }

    /// The vendor's identifier of the resource, when it is known.
    fn held(&self, resource: &Resource) -> Option<&Value> {
        self.run
            .service
            .properties
            .get(resource.identity()?)
            .filter(|value| !value.is_null())
    }

    fn held_words(&self, resource: &Resource) -> String {
        let name = resource.identity().unwrap_or("id");
        match self.held(resource) {
            Some(value) => words(name, value),
            None => name.to_owned(),
        }
    }

    fn not_asked(&mut self, reply: &Reply, resume: Resume) -> Decision {
        let step = self.step_name();
        let (outcome, reason, passing) = match reply {
            Reply::NotSent { reason, passing } => (Outcome::NotSent, reason.clone(), *passing),
            Reply::Unknown { reason } => (Outcome::Unknown, reason.clone(), true),
            Reply::Answered(_) => return self.definition_changed(),
        };
        self.note_outcome(outcome, reply);
        let message = message::not_readable(self.definition, &step, &reason);
        if passing {
            self.pause_or_fail(None, resume, message)
        } else {
            self.fail(message)
        }
    }

    fn not_seen(&mut self, reply: &Reply, reading: &Reading, resume: Resume) -> Decision {
        let step = self.step_name();
        match reading {
            Reading::Refused { status, reason } => {
                self.note_outcome(Outcome::Refused, reply);
                self.fail(message::refused(self.definition, &step, *status, reason))
            }
            Reading::Busy {
                status,
                retry_after,
            } => {
                self.note_outcome(Outcome::Busy, reply);
                let message = message::busy(self.definition, &step, *status, *retry_after);
                self.pause_or_fail(*retry_after, resume, message)
            }
            Reading::Unknown { status, reason } => {
                self.note_outcome(Outcome::Unknown, reply);
                let reason = format!("{reason} (HTTP {status})");
                let message = message::not_readable(self.definition, &step, &reason);
                self.pause_or_fail(None, resume, message)
            }
            Reading::Done(_) | Reading::AlreadyDone(_) => self.end(Ending::Failed {
                message: message::definition_changed(&step),
            }),
        }
    }
}
