//! Where a service comes from: a life that begins anew, or one that began before the journal.

use causeway_definition::{Definition, OperationKind};
use serde_json::{Map, Value};

use crate::machine::{Machine, identity};
use crate::operation::Input;
use crate::service::{Identity, ServiceStatus};
use crate::store::{Claim, Origin};

impl Machine<'_> {
    /// A service that the journal does not know, and that the billing side has saved properties of,
    /// is taken over as it is: it was made before Causeway came, or the journal was lost.
    pub(crate) fn take_over_from_billing_side(&mut self) {
        let input = &self.run.operation.input;
        if self.run.service.known || input.properties.is_empty() {
            return;
        }
        let Some(saved) = saved_by_billing_side(self.definition, input) else {
            return;
        };
        let suspended = input.service.status.eq_ignore_ascii_case("suspended");
        let service = &mut self.run.service;
        service.status = if suspended {
            ServiceStatus::Suspended
        } else {
            ServiceStatus::Active
        };
        service.properties = saved;
        self.claim_what_is_kept();
        self.service_changed();
    }

    pub(crate) fn begin_next_life(&mut self) {
        let service = &mut self.run.service;
        if self.run.operation.kind != OperationKind::Create
            || service.status != ServiceStatus::Terminated
        {
            return;
        }
        service.status = ServiceStatus::Absent;
        service.generation += 1;
        service.renewed_for = None;
        // What was in doubt about calls on the last one ended with it.
        let resources = &self.definition.resources;
        service
            .doubts
            .retain(|step, _| resources.contains_key(step));
        service
            .resolutions
            .retain(|step, _| resources.contains_key(step));
        for (_, resource) in self.definition.ensured() {
            if !resource.is_shared() {
                resource.keep.keys().for_each(|name| {
                    service.properties.remove(name);
                });
            }
        }
        self.service_changed();
    }

    fn claim_what_is_kept(&mut self) {
        let claimed = identities_among(self.definition, &self.run.service.properties);
        self.run
            .unsaved
            .claims
            .extend(claimed.map(|identity| Claim {
                identity,
                origin: Origin::Adopted,
            }));
    }
}

/// What a call on a service that the journal does not know would take over: whoever runs it makes sure
/// first that no other service holds these. A value that was copied from one service to another must
/// not end the first one's life.
pub fn taken_over(definition: &Definition, input: &Input) -> Vec<Identity> {
    saved_by_billing_side(definition, input).map_or_else(Vec::new, |saved| {
        identities_among(definition, &saved).collect()
    })
}

/// What the billing side has saved, when it names everything that a service consists of.
fn saved_by_billing_side(definition: &Definition, input: &Input) -> Option<Map<String, Value>> {
    if input.properties.is_empty() {
        return None;
    }
    let kept = definition.property_names();
    let saved: Map<String, Value> = input
        .properties
        .iter()
        .filter(|(name, value)| kept.contains(&name.as_str()) && !is_blank(value))
        .map(|(name, value)| (name.clone(), trimmed(value)))
        .collect();
    let complete = definition.ensured().iter().all(|(_, resource)| {
        resource.is_shared()
            || resource
                .identity()
                .is_some_and(|identity| saved.contains_key(identity))
    });
    (complete && !saved.is_empty()).then_some(saved)
}

/// The identities of what belongs to one service alone.
fn identities_among<'a>(
    definition: &'a Definition,
    properties: &'a Map<String, Value>,
) -> impl Iterator<Item = Identity> + 'a {
    definition
        .ensured()
        .into_iter()
        .filter(|(_, resource)| !resource.is_shared())
        .filter_map(|(name, resource)| {
            let value = properties.get(resource.identity()?)?;
            Some(identity(name, value))
        })
}

/// People paste identifiers with blanks around them, and `" 42"` would pass for another one than `42`.
fn trimmed(value: &Value) -> Value {
    value
        .as_str()
        .map_or_else(|| value.clone(), |text| text.trim().into())
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
