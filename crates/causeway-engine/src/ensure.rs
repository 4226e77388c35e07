//! Steps at a resource: see to it that it exists, find out about an unfinished create, or refresh it.

use causeway_definition::answer::{Found, Seen, item_at, item_names};
use causeway_definition::{Adopt, EvaluationError, Find, Reading, Request, Resource};
use serde_json::Value;

use crate::backoff;
use crate::decide::{Action, Decision, Machine, Phase, Resume, after, identity};
use crate::exchange::Outcome;
use crate::message;
use crate::operation::Ending;
use crate::plan::Step;
use crate::service::{Doubt, Holder};
use crate::vendor::Reply;

/// A list with more pages than this is not looked through.
const MOST_PAGES: u32 = 100;

/// How often a create is sent within one operation while its outcome stays unclear.
const MOST_CREATES: u32 = 2;

/// How often a create with an idempotency key, and without a `find`, is sent within one operation.
const MOST_CREATES_WITH_KEY: u32 = 3;

/// A look for a resource, over all pages of the list.
#[derive(Debug)]
pub(crate) struct Look {
    request: Request,
    pages: u32,
    items: Vec<Value>,
}

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

    pub fn take_turn(&mut self) -> Decision {
        let step = self.step_name();
        if self.aim() == Aim::Settle && !self.run.service.doubts.contains_key(&step) {
            return self.step_done();
        }
        let Some(resource) = self.definition.resources.get(&step) else {
            return self.definition_changed();
        };
        match resource.key.text(&self.names()) {
            Ok(key) => {
                self.run.phase = Phase::Turn;
                self.committing(Action::TakeTurn(format!("{step}:{key}")))
            }
            Err(error) => self.not_renderable(&error),
        }
    }

    pub fn begin_with_turn(&mut self) -> Decision {
        let step = self.step_name();
        let Some(resource) = self.definition.resources.get(&step) else {
            return self.definition_changed();
        };
        match self.aim() {
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

    // --- the resource is known -----------------------------------------------------------------

    fn look_at_known(&mut self) -> Decision {
        match self.resource() {
            Some(resource) if resource.read.is_some() => self.read(),
            Some(resource) if resource.find.is_some() => self.find(),
            _ => self.step_done(),
        }
    }

    pub fn read(&mut self) -> Decision {
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

    pub fn after_read(&mut self, reply: Reply) -> Decision {
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
                self.note_outcome(Outcome::Done, &reply);
                self.seen(resource, &item)
            }
            Seen::Gone => {
                self.note_outcome(Outcome::Done, &reply);
                self.known_is_gone(resource)
            }
            Seen::Not(reading) => self.not_seen(&reply, &reading, Resume::Read),
        }
    }

    /// The item that belongs to this service, as the vendor shows it now.
    fn seen(&mut self, resource: &Resource, item: &Value) -> Decision {
        let step = self.step_name();
        let names = item_names(item, &self.names());
        let holds = |expression: &causeway_definition::Expression| expression.holds(&names);
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

    fn wait_until_ready(&mut self, resource: &Resource, identity: &str) -> Decision {
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

    fn known_is_gone(&mut self, resource: &Resource) -> Decision {
        let step = self.step_name();
        if self.aim() == Aim::Refresh {
            let identity = self.held_words(resource);
            return self.fail(message::gone(self.definition, &step, &identity));
        }
        for name in resource.keep.keys() {
            self.run.service.properties.remove(name);
        }
        self.run.service.doubts.remove(&step);
        self.service_changed();
        self.look_for()
    }

    // --- the resource is looked for ------------------------------------------------------------

    fn look_for(&mut self) -> Decision {
        match self.resource() {
            Some(resource) if resource.find.is_some() => self.find(),
            Some(_) => self.create(),
            None => self.definition_changed(),
        }
    }

    /// A create has an unknown outcome: look, before anything is sent.
    fn look_after_doubt(&mut self) -> Decision {
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

    pub fn find(&mut self) -> Decision {
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

    pub fn after_find(&mut self, mut look: Look, reply: Reply) -> Decision {
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

    fn next_page(&mut self, mut look: Look, find: &Find, address: String) -> Decision {
        look.pages += 1;
        let request = look
            .request
            .following(&address, &self.definition.service.api);
        self.run.phase = Phase::Finding(look);
        self.ask("find", request, find.timeout)
    }

    fn look_up_holders(&mut self, resource: &Resource, look: Look) -> Decision {
        if resource.is_shared() || look.items.is_empty() {
            return self.judge(resource, look.items);
        }
        let step = self.step_name();
        let identities: Result<Vec<_>, EvaluationError> = look
            .items
            .iter()
            .map(|item| {
                self.identity_of(resource, item)
                    .map(|value| identity(&step, &value))
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
    pub fn after_holders(&mut self, look: Look, holders: &[Option<Holder>]) -> Decision {
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

    fn judge(&mut self, resource: &Resource, items: Vec<Value>) -> Decision {
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
                    .filter_map(|item| match condition.holds(&item_names(item, &names)) {
                        Ok(true) => Some(Ok(item)),
                        Ok(false) => None,
                        Err(error) => Some(Err(error)),
                    })
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
    fn judge_known(&mut self, resource: &Resource, held: &Value, items: &[Value]) -> Decision {
        let held = identity("", held);
        let ours = items.iter().find(|item| {
            self.identity_of(resource, item)
                .is_ok_and(|value| identity("", &value) == held)
        });
        match ours {
            Some(item) => self.seen(resource, item),
            None if self.run.tries.looked => self.known_is_gone(resource),
            None => {
                // A list may lag behind: what was known is not called gone after one look.
                self.run.tries.looked = true;
                let until = after(self.now, self.definition.service.settle);
                self.pause(until, Resume::Find)
            }
        }
    }

    fn nothing_found_after_doubt(&mut self, resource: &Resource) -> Decision {
        let step = self.step_name();
        let settle = self.definition.service.settle;
        let since = self
            .run
            .service
            .doubts
            .get(&step)
            .map_or(self.now, |doubt| doubt.since);
        let believed_from = after(since, settle);
        if self.now < believed_from {
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

    fn adopt(&mut self, resource: &Resource, item: &Value) -> Decision {
        let step = self.step_name();
        match self.identity_of(resource, item) {
            Ok(_) => {
                self.run.service.doubts.remove(&step);
                self.service_changed();
                if self.aim() == Aim::Settle {
                    self.keep(resource, item);
                    return self.step_done();
                }
                self.seen(resource, item)
            }
            Err(error) => self.fail(message::not_readable(
                self.definition,
                &step,
                &error.to_string(),
            )),
        }
    }

    // --- the resource is made ------------------------------------------------------------------

    pub fn create(&mut self) -> Decision {
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
    pub fn raise_doubt(&mut self, step: &str) -> Doubt {
        let new_key = self.new_idempotency_key(step);
        let now = self.now;
        let doubt = self
            .run
            .service
            .doubts
            .entry(step.to_owned())
            .and_modify(|doubt| doubt.since = now)
            .or_insert(Doubt {
                since: now,
                idempotency_key: new_key,
                unanswered: false,
            })
            .clone();
        self.service_changed();
        doubt
    }

    /// The key of an exchange that no earlier operation has left in doubt: a resumed operation sends
    /// the same one.
    pub fn new_idempotency_key(&self, step: &str) -> String {
        format!("causeway-{}-{step}", self.run.operation.id)
    }

    pub fn after_create(&mut self, reply: Reply) -> Decision {
        let definition = self.definition;
        let step = self.step_name();
        let Some(resource) = definition.resources.get(&step) else {
            return self.definition_changed();
        };
        let answer = match &reply {
            Reply::Answered(answer) => answer,
            Reply::NotSent { reason, passing } => {
                let (reason, passing) = (reason.clone(), *passing);
                self.note_outcome(Outcome::NotSent, &reply);
                self.lower_doubt(&step);
                let message = message::unreachable(definition, &step, &reason);
                return if passing {
                    self.pause_or_fail(None, Resume::Create, message)
                } else {
                    self.fail(message)
                };
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
                let doubted = self
                    .run
                    .service
                    .doubts
                    .get(&step)
                    .is_some_and(|d| d.unanswered);
                if doubted && resource.find.is_some() {
                    // "Already taken", perhaps by the very create whose answer was lost.
                    self.run.tries.refused = Some(message);
                    return self.find_after_commit();
                }
                self.lower_doubt(&step);
                self.fail(message)
            }
            Reading::Busy {
                status,
                retry_after,
            } => {
                self.note_outcome(Outcome::Busy, &reply);
                self.lower_doubt(&step);
                let message = message::busy(definition, &step, status, retry_after);
                self.pause_or_fail(retry_after, Resume::Create, message)
            }
            Reading::Unknown { status, reason } => {
                self.note_outcome(Outcome::Unknown, &reply);
                self.create_unclear(&step, format!("{reason} (HTTP {status})"))
            }
        }
    }

    fn created(&mut self, resource: &Resource, body: Value, reply: &Reply) -> Decision {
        let step = self.step_name();
        let item = item_at(resource.create.at.as_ref(), body)
            .and_then(|item| self.identity_of(resource, &item).map(|_| item));
        match item {
            Ok(item) => {
                self.note_outcome(Outcome::Done, reply);
                self.run.service.doubts.remove(&step);
                self.service_changed();
                if resource.ready.is_none()
                    && resource.read.is_some()
                    && self.missing(resource, &item).is_some()
                {
                    // The answer to a create is often shorter than the answer to a read.
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

    fn create_unclear(&mut self, step: &str, reason: String) -> Decision {
        let now = self.now;
        if let Some(doubt) = self.run.service.doubts.get_mut(step) {
            doubt.unanswered = true;
            doubt.since = now;
        }
        self.service_changed();
        self.run.tries.unclear += 1;
        self.run.tries.reason = self.run.secrets.mask(&reason);
        let decision = self.look_after_doubt();
        self.with_commit(decision)
    }

    fn find_after_commit(&mut self) -> Decision {
        let decision = self.find();
        self.with_commit(decision)
    }

    fn read_after_commit(&mut self) -> Decision {
        let decision = self.read();
        self.with_commit(decision)
    }

    /// The same action, after everything that is not saved yet is committed.
    fn with_commit(&mut self, decision: Decision) -> Decision {
        match decision.commit {
            Some(_) => decision,
            None => self.committing(decision.action),
        }
    }

    /// Nothing was done by the exchange that just ended: only an earlier one can still be in doubt.
    pub fn lower_doubt(&mut self, step: &str) {
        if self
            .run
            .service
            .doubts
            .get(step)
            .is_some_and(|doubt| !doubt.unanswered)
        {
            self.run.service.doubts.remove(step);
            self.service_changed();
        }
    }

    // --- values --------------------------------------------------------------------------------

    fn identity_of(&self, resource: &Resource, item: &Value) -> Result<Value, EvaluationError> {
        let names = item_names(item, &self.names());
        let Some((name, expression)) = resource.keep.first() else {
            return Err(missing_value("keep"));
        };
        match expression.evaluate(&names)? {
            Value::Null => Err(missing_value(expression.source())),
            Value::Object(_) | Value::Array(_) => Err(missing_value(name)),
            value => Ok(value),
        }
    }

    /// Remembers what the definition keeps of an item; the first value that is missing is returned,
    /// and what was known of it stays.
    fn keep(&mut self, resource: &Resource, item: &Value) -> Option<EvaluationError> {
        let step = self.step_name();
        let names = item_names(item, &self.names());
        let mut missing = None;
        for (name, expression) in &resource.keep {
            match expression.evaluate(&names) {
                Ok(Value::Null) => {
                    missing.get_or_insert_with(|| missing_value(expression.source()));
                }
                Ok(value) => {
                    if self.run.service.properties.get(name) != Some(&value) {
                        if self
                            .definition
                            .properties
                            .get(name)
                            .is_some_and(|p| p.secret)
                        {
                            self.run.secrets.add(value.as_str().unwrap_or_default());
                        }
                        self.run.service.properties.insert(name.clone(), value);
                        self.service_changed();
                    }
                }
                Err(error) => {
                    missing.get_or_insert(error);
                }
            }
        }
        if !resource.is_shared()
            && let Some(held) = self.held(resource)
        {
            let claimed = identity(&step, held);
            self.claim(claimed);
        }
        missing
    }

    fn missing(&self, resource: &Resource, item: &Value) -> Option<EvaluationError> {
        let names = item_names(item, &self.names());
        resource
            .keep
            .values()
            .find_map(|expression| match expression.evaluate(&names) {
                Ok(Value::Null) => Some(missing_value(expression.source())),
                Ok(_) => None,
                Err(error) => Some(error),
            })
    }

    fn item_words(&self, resource: &Resource, item: &Value) -> String {
        let name = resource.identity().unwrap_or("id");
        match self.identity_of(resource, item) {
            Ok(value) => words(name, &value),
            Err(_) => format!("one without {name}"),
        }
    }

    fn last_reason(&self) -> String {
        if self.run.tries.reason.is_empty() {
            "an earlier request was sent, and its answer was never recorded".to_owned()
        } else {
            self.run.tries.reason.clone()
        }
    }

    // --- looks that did not come to an answer ----------------------------------------------------

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

fn missing_value(expression: &str) -> EvaluationError {
    EvaluationError::Undefined {
        expression: expression.to_owned(),
        reason: "the answer has none".to_owned(),
    }
}

fn words(name: &str, value: &Value) -> String {
    let value = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    format!("{name} {value}")
}
