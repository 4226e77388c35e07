//! A person has decided what became of a step that only a person could judge.

use causeway_definition::{Call, Resource};
use serde_json::Value;

use super::Aim;
use crate::decide::Decision;
use crate::machine::{Machine, identity};
use crate::message;
use crate::service::Resolution;
use crate::store::Origin;

impl Machine<'_> {
    /// Goes by what a person has decided about the resource of this step, when somebody has.
    pub(super) fn go_by_resolution(&mut self, resource: &Resource) -> Option<Decision> {
        let step = self.step_name();
        let resolution = self.run.service.resolutions.remove(&step)?;
        self.service_changed();
        match (resolution, self.aim()) {
            (Resolution::Adopt(identifier), _) => Some(self.adopt_named(resource, &identifier)),
            (Resolution::Again, Aim::Ensure) => Some(self.create()),
            (Resolution::Again | Resolution::Done | Resolution::Abandon, _) => {
                self.run.service.doubts.remove(&step);
                None
            }
        }
    }

    /// The doubt stays until the one that was named has been seen.
    fn adopt_named(&mut self, resource: &Resource, identifier: &str) -> Decision {
        let Some(name) = resource.identity() else {
            return self.definition_changed();
        };
        let value = as_given(identifier);
        if !resource.is_shared() {
            let named = identity(&self.step_name(), &value);
            self.claim(named, Origin::Adopted);
        }
        self.run.service.properties.insert(name.to_owned(), value);
        self.run.tries.named_by_person = true;
        self.look_at_known()
    }

    /// What a person named is not there: what is in doubt stays so.
    pub(super) fn named_is_gone(&mut self, resource: &Resource) -> Decision {
        let step = self.step_name();
        let words = self.held_words(resource);
        if let Some(name) = resource.identity() {
            self.run.service.properties.remove(name);
        }
        self.run.unsaved.claims.clear();
        self.service_changed();
        self.needs_attention(message::named_is_not_there(self.definition, &step, &words))
    }

    /// Goes by what a person has decided about the call of this step, when somebody has.
    pub(crate) fn call_as_resolved(&mut self, call: &Call) -> Option<Decision> {
        let step = self.step_name();
        let resolution = self.run.service.resolutions.remove(&step)?;
        self.service_changed();
        match resolution {
            Resolution::Done | Resolution::Adopt(_) => Some(self.call_done(call, None)),
            Resolution::Again | Resolution::Abandon => {
                self.run.service.doubts.remove(&step);
                None
            }
        }
    }
}

/// What was typed is a number where it is written as one: most vendors number what they have.
fn as_given(identifier: &str) -> Value {
    let identifier = identifier.trim();
    match identifier.parse::<i64>() {
        Ok(number) if number.to_string() == identifier => number.into(),
        _ => identifier.into(),
    }
}
