//! The resource is not known: look for it, over every page, and judge what was found.

use causeway_definition::answer::Found;
use causeway_definition::{Adopt, EvaluationError, Find, Names, Request, Resource};
use jiff::Timestamp;
use serde_json::Value;

use super::Aim;
use super::create::{MOST_CREATES, MOST_CREATES_WITH_KEY};
use super::keep::identity_of;
use crate::backoff;
use crate::decide::{Action, Decision, Phase, Resume};
use crate::exchange::Outcome;
use crate::machine::{Machine, after, identity};
use crate::message;
use crate::service::Holder;
use crate::store::Origin;
use crate::vendor::Reply;

/// A list with more pages than this is not looked through.
const MOST_PAGES: u32 = 100;

/// A look for a resource, over all pages of the list.
#[derive(Debug)]
pub(crate) struct Look {
    request: Request,
    pages: u32,
    items: Vec<Value>,
}

impl Machine<'_> {
    pub(super) fn look_for(&mut self) -> Decision {
        match self.resource() {
            Some(resource) if resource.find.is_some() => self.find(),
            Some(_) => self.create(),
            None => self.definition_changed(),
        }
    }

    /// A create has an unknown outcome: look, before anything is sent.
    pub(super) fn look_after_doubt(&mut self) -> Decision {
        let step = self.step_name();
        let Some(resource) = self.resource() else {
            return self.definition_changed();
        };
        if resource.find.is_some() {
            return self.find();
        }
        let may_repeat = self.aim() == Aim::Ensure
            && (resource.create.idempotency_header.is_some() || resource.create.repeatable);
        let reason = self.last_reason();
        if !may_repeat {
            return self.needs_attention(message::doubtful_create(self.definition, &step, &reason));
        }
        if self.run.tries.unclear >= MOST_CREATES_WITH_KEY {
            return self.fail(message::not_readable(self.definition, &step, &reason));
        }
        if self.run.tries.unclear == 0 {
            return self.create();
        }
        let pause = backoff::pause(self.run.tries.unclear, self.run.operation.id.0);
        self.pause(after(self.now, pause), Resume::Create)
    }

    pub(crate) fn find(&mut self) -> Decision {
        let Some(find) = self.resource().and_then(|resource| resource.find.as_ref()) else {
            return self.definition_changed();
        };
        let timeout = find.timeout;
        let names = self.names();
        let rendered = find
            .request
            .refuse_empty_filters(&names)
            .and_then(|()| find.request.render(&self.definition.auth, &names));
        match rendered {
            Ok(request) => {
                let look = Look {
                    request: request.clone(),
                    pages: 1,
                    items: Vec::new(),
                };
                self.run.phase = Phase::Finding(look);
                self.ask("find", request, timeout)
            }
            Err(error) => self.not_renderable(&error),
        }
    }

    pub(crate) fn after_find(&mut self, mut look: Look, reply: Reply) -> Decision {
        let definition = self.definition;
        let step = self.step_name();
        let Some(resource) = definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let Some(find) = &resource.find else {
            return self.definition_changed();
        };
        let Reply::Answered(answer) = &reply else {
            return self.not_asked(&reply, Resume::Find);
        };
        match definition.read_find(find, answer, &self.names()) {
            Found::Items { items, next } => {
                for item in &items {
                    self.note_secrets(&resource.keep, item);
                }
                self.note_outcome(Outcome::Done, &reply);
                self.run.tries.away = 0;
                look.items.extend(items);
                match next {
                    Some(_) if look.pages >= MOST_PAGES => {
                        self.fail(message::too_many_pages(definition, &step))
                    }
                    Some(address) => self.next_page(look, find, address),
                    None => self.look_up_holders(resource, look),
                }
            }
            Found::Not(reading) => self.not_seen(&reply, &reading, Resume::Find),
        }
    }

    pub(super) fn next_page(&mut self, mut look: Look, find: &Find, address: String) -> Decision {
        look.pages += 1;
        let api = self
            .run
            .api
            .as_ref()
            .unwrap_or(&self.definition.service.api);
        let request = look.request.following(&address, api);
        self.run.phase = Phase::Finding(look);
        self.ask("find", request, find.timeout)
    }

    pub(super) fn look_up_holders(&mut self, resource: &Resource, look: Look) -> Decision {
        if resource.is_shared() || look.items.is_empty() {
            return self.judge(resource, look.items);
        }
        let step = self.step_name();
        let identities: Result<Vec<_>, EvaluationError> = look
            .items
            .iter()
            .map(|item| {
                identity_of(resource, &self.names_of(item)).map(|value| identity(&step, &value))
            })
            .collect();
        match identities {
            Ok(identities) => {
                self.run.phase = Phase::Holders(look);
                Decision {
                    commit: None,
                    action: Action::LookUp(identities),
                }
            }
            Err(error) => self.fail(message::not_readable(
                self.definition,
                &step,
                &error.to_string(),
            )),
        }
    }

    /// What belongs to another service, or to an earlier life of this one, is not ours.
    pub(crate) fn after_holders(&mut self, look: Look, holders: &[Option<Holder>]) -> Decision {
        let Some(resource) = self.definition.resources.get(&self.step_name()) else {
            return self.definition_changed();
        };
        let service = &self.run.service;
        let free = |holder: &Option<Holder>| {
            holder.as_ref().is_none_or(|holder| {
                holder.reference == service.key.reference && holder.generation == service.generation
            })
        };
        let items = look
            .items
            .into_iter()
            .zip(holders)
            .filter(|(_, holder)| free(holder))
            .map(|(item, _)| item)
            .collect();
        self.judge(resource, items)
    }

    pub(super) fn judge(&mut self, resource: &Resource, items: Vec<Value>) -> Decision {
        let step = self.step_name();
        if let Some(held) = self.held(resource).cloned() {
            return self.judge_known(resource, &held, &items);
        }
        let in_doubt = self.run.service.doubts.contains_key(&step);
        let found: Vec<String> = items
            .iter()
            .map(|item| self.item_words(resource, item))
            .collect();
        match (items.as_slice(), &resource.adopt) {
            ([], _) if in_doubt => self.nothing_found_after_doubt(resource),
            ([], _) => self.create(),
            ([_], _) if in_doubt && self.may_be_anothers(resource) => {
                self.run.tries.settled = true;
                let shown_from = self.believed_from(resource, &step);
                self.pause(shown_from, Resume::Find)
            }
            ([item], _) if in_doubt => self.adopt(resource, item),
            ([item], Adopt::Always) => self.adopt(resource, item),
            ([_], Adopt::Never) => {
                self.fail(message::exists_already(self.definition, &step, &found))
            }
            ([_, _, ..], Adopt::Never) if !in_doubt => {
                self.fail(message::exists_already(self.definition, &step, &found))
            }
            (_, Adopt::When(condition)) if !in_doubt => {
                let names = self.names();
                let fitting: Result<Vec<&Value>, EvaluationError> = items
                    .iter()
                    .filter_map(
                        |item| match condition.holds(&Names::of_item(item, &names)) {
                            Ok(true) => Some(Ok(item)),
                            Ok(false) => None,
                            Err(error) => Some(Err(error)),
                        },
                    )
                    .collect();
                match fitting.as_deref() {
                    Ok([item]) => self.adopt(resource, item),
                    Ok([]) => self.fail(message::exists_already(self.definition, &step, &found)),
                    Ok(_) => self.needs_attention(message::several(self.definition, &step, &found)),
                    Err(error) => self.fail(message::not_readable(
                        self.definition,
                        &step,
                        &error.to_string(),
                    )),
                }
            }
            _ => self.needs_attention(message::several(self.definition, &step, &found)),
        }
    }

    /// The resource is known, and `find` is the only way to look at it.
    pub(super) fn judge_known(
        &mut self,
        resource: &Resource,
        held: &Value,
        items: &[Value],
    ) -> Decision {
        let held = identity("", held);
        let ours = items.iter().map(|item| self.names_of(item)).find(|item| {
            identity_of(resource, item).is_ok_and(|value| identity("", &value) == held)
        });
        match ours {
            Some(item) => self.seen(resource, &item),
            None if self.run.tries.looked => self.known_is_gone(resource),
            None => {
                // A list may lag behind: what was known is not called gone after one look.
                self.run.tries.looked = true;
                let until = after(self.now, self.definition.service.settle);
                self.pause(until, Resume::Find)
            }
        }
    }

    pub(super) fn nothing_found_after_doubt(&mut self, resource: &Resource) -> Decision {
        let step = self.step_name();
        if !self.run.tries.settled {
            self.run.tries.settled = true;
            let believed_from = self.believed_from(resource, &step);
            return self.pause(believed_from, Resume::Find);
        }
        if self.aim() == Aim::Settle {
            self.run.service.doubts.remove(&step);
            self.service_changed();
            return self.step_done();
        }
        if let Some(refusal) = self.run.tries.refused.take() {
            return self.fail(refusal);
        }
        if self.run.tries.unclear >= MOST_CREATES && !resource.create.repeatable {
            let (reason, sends) = (self.last_reason(), self.run.tries.unclear);
            return self.fail(message::not_made(self.definition, &step, &reason, sends));
        }
        self.create()
    }

    /// Whether what was found may be what another service's create has made, while the list does not
    /// show yet what this one's has: adopted, it would leave this one's to nobody. A key lets the vendor
    /// say which is whose, and so does our reference in what is looked for.
    fn may_be_anothers(&self, resource: &Resource) -> bool {
        let tells_apart = resource.create.idempotency_header.is_some()
            || resource.find.as_ref().is_some_and(Find::names_service);
        !resource.is_shared() && !tells_apart && !self.run.tries.settled
    }

    /// When an empty look is believed: never before this run itself has waited for `settle`, because
    /// the clock may have been set since the request was sent, or be another one; and not later than
    /// the request and the list can take.
    fn believed_from(&self, resource: &Resource, step: &str) -> Timestamp {
        let settle = self.definition.service.settle;
        let since = self.run.service.doubts.get(step);
        let since = since.map_or(self.now, |doubt| doubt.since);
        let longest = resource.create_timeout(self.definition) + settle;
        after(since, settle).clamp(after(self.now, settle), after(self.now, longest))
    }

    pub(super) fn adopt(&mut self, resource: &Resource, item: &Value) -> Decision {
        let step = self.step_name();
        let item = self.names_of(item);
        match identity_of(resource, &item) {
            Ok(value) => {
                self.run.service.doubts.remove(&step);
                self.service_changed();
                self.claim_item(resource, &value, Origin::Adopted);
                if self.aim() == Aim::Settle {
                    self.keep(resource, &item);
                    return self.step_done();
                }
                self.seen(resource, &item)
            }
            Err(error) => self.fail(message::not_readable(
                self.definition,
                &step,
                &error.to_string(),
            )),
        }
    }
}
