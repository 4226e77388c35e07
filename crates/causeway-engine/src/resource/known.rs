//! The resource is known: look at the one whose identifier is kept.

use causeway_definition::answer::Seen;
use causeway_definition::{Names, Reading, Resource};

use super::Aim;
use crate::decide::{Decision, Phase, Resume};
use crate::exchange::Outcome;
use crate::machine::{Machine, after};
use crate::message;
use crate::service::ServiceStatus;
use crate::vendor::Reply;

impl Machine<'_> {
    pub(super) fn look_at_known(&mut self) -> Decision {
        match self.resource() {
            Some(resource) if resource.read.is_some() => self.read(),
            Some(resource) if resource.find.is_some() => self.find(),
            _ => {
                self.run.service.doubts.remove(&self.step_name());
                self.step_done()
            }
        }
    }

    pub(crate) fn read(&mut self) -> Decision {
        let Some(read) = self.resource().and_then(|resource| resource.read.as_ref()) else {
            return self.definition_changed();
        };
        let timeout = read.timeout;
        match self.render(&read.request) {
            Ok(request) => {
                self.run.phase = Phase::Reading;
                self.ask("read", request, timeout)
            }
            Err(error) => self.not_renderable(&error),
        }
    }

    pub(crate) fn after_read(&mut self, reply: Reply) -> Decision {
        let definition = self.definition;
        let step = self.step_name();
        let Some(resource) = definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let Some(read) = &resource.read else {
            return self.definition_changed();
        };
        let Reply::Answered(answer) = &reply else {
            return self.not_asked(&reply, Resume::Read);
        };
        match definition.read_read(read, answer, &self.names()) {
            Seen::Item(item) => {
                let names = self.names_of(&item);
                if self.is_the_known_one(resource, &names) {
                    self.note_secrets(&resource.keep, &item);
                    self.note_outcome(Outcome::Done, &reply);
                    return self.seen(resource, &names);
                }
                let reading = Reading::Unknown {
                    status: answer.status,
                    reason: format!("its answer does not show {}", self.held_words(resource)),
                };
                self.not_seen(&reply, &reading, Resume::Read)
            }
            Seen::Gone => {
                self.note_outcome(Outcome::Done, &reply);
                self.known_is_gone(resource)
            }
            Seen::Not(reading) => self.not_seen(&reply, &reading, Resume::Read),
        }
    }

    /// The item that belongs to this service, as the vendor shows it now.
    pub(super) fn seen(&mut self, resource: &Resource, item: &Names) -> Decision {
        let step = self.step_name();
        if self.run.service.doubts.remove(&step).is_some() {
            self.service_changed();
        }
        let holds = |expression: &causeway_definition::Expression| expression.holds(item);
        let (ready, failed) = match &resource.ready {
            None => (Ok(true), Ok(false)),
            Some(ready) => (
                holds(&ready.when),
                ready.failed.as_ref().map_or(Ok(false), holds),
            ),
        };
        let (ready, failed) = match (ready, failed) {
            (Ok(ready), Ok(failed)) => (ready, failed),
            (Err(error), _) | (_, Err(error)) => {
                return self.fail(message::not_readable(
                    self.definition,
                    &step,
                    &error.to_string(),
                ));
            }
        };
        let missing = self.keep(resource, item);
        let identity = self.held_words(resource);
        if failed && self.aim() == Aim::Ensure {
            return self.fail(message::provisioning_failed(
                self.definition,
                &step,
                &identity,
            ));
        }
        if !ready && self.aim() == Aim::Ensure {
            return self.wait_until_ready(resource, &identity);
        }
        match missing {
            Some(error) if self.aim() == Aim::Ensure => self.fail(message::incomplete(
                self.definition,
                &step,
                &identity,
                &error.to_string(),
            )),
            _ => self.step_done(),
        }
    }

    pub(super) fn wait_until_ready(&mut self, resource: &Resource, identity: &str) -> Decision {
        let step = self.step_name();
        let Some(ready) = &resource.ready else {
            return self.step_done();
        };
        let now = self.now;
        let until = *self
            .run
            .tries
            .ready_until
            .get_or_insert_with(|| after(now, ready.within));
        if now >= until || resource.read.is_none() {
            let message = message::not_ready(self.definition, &step, identity, ready.within);
            return self.fail(message);
        }
        self.pause(after(now, ready.every), Resume::Read)
    }

    pub(super) fn known_is_gone(&mut self, resource: &Resource) -> Decision {
        let step = self.step_name();
        if self.run.tries.named_by_person {
            return self.named_is_gone(resource);
        }
        if self.aim() == Aim::Refresh {
            let identity = self.held_words(resource);
            return self.fail(message::gone(self.definition, &step, &identity));
        }
        let identity = self.held_words(resource);
        for name in resource.keep.keys() {
            self.run.service.properties.remove(name);
        }
        if !resource.is_shared() {
            self.run.service.status = ServiceStatus::Absent;
        }
        self.service_changed();
        if std::mem::take(&mut self.run.tries.made) {
            return self.made_is_gone(resource, &identity);
        }
        self.run.service.doubts.remove(&step);
        self.look_for()
    }

    /// The vendor says that it made the resource, and then that it has none: made again and again,
    /// it would be paid for again and again.
    fn made_is_gone(&mut self, resource: &Resource, identity: &str) -> Decision {
        let step = self.step_name();
        self.raise_doubt(&step);
        if resource.find.is_some() {
            // Sent with the same key, the next create would be answered with what is gone.
            if let Some(doubt) = self.run.service.doubts.get_mut(&step) {
                doubt.idempotency_key.push_str("-again");
            }
            let reason = format!("it created {identity}, and then had no such {step}");
            return self.create_unclear(&step, reason);
        }
        self.needs_attention(message::made_is_gone(self.definition, &step, identity))
    }
}
