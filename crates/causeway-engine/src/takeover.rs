//! Where a service comes from: a life that begins anew, or one that began before the journal.

use causeway_definition::OperationKind;
use serde_json::Value;

use crate::machine::{Machine, identity};
use crate::service::ServiceStatus;

impl Machine<'_> {
    /// A service that the journal does not know, and that the billing side has saved properties of,
    /// is taken over as it is: it was made before Causeway came, or the journal was lost.
    pub(crate) fn take_over_from_billing_side(&mut self) {
        let input = &self.run.operation.input;
        if self.run.service.known || input.properties.is_empty() {
            return;
        }
        let kept = self.definition.property_names();
        let saved: serde_json::Map<String, Value> = input
            .properties
            .iter()
            .filter(|(name, value)| kept.contains(&name.as_str()) && !is_blank(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let complete = self.definition.ensured().iter().all(|(_, resource)| {
            resource.is_shared()
                || resource
                    .identity()
                    .is_some_and(|identity| saved.contains_key(identity))
        });
        if !complete || saved.is_empty() {
            return;
        }
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
        for (name, resource) in self.definition.ensured() {
            if let Some(value) = resource
                .identity()
                .and_then(|name| self.run.service.properties.get(name))
                && !resource.is_shared()
            {
                self.run.unsaved.claims.push(identity(name, value));
            }
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}
