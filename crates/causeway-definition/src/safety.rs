//! What happens to each step when its answer is lost: for the author to read before the field does.

use crate::model::{Call, Definition, Operation, OperationKind, Resource};

/// What happens when the answer to a step is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepSafety {
    /// The step: `create user`, `suspend`, `terminate (call 2)`.
    pub step: String,
    /// Whether the operation goes on by itself.
    pub goes_on: bool,
    /// What is done about it, in a few words.
    pub what: String,
}

impl Definition {
    /// For every step that changes something at the vendor: what happens when its answer is lost.
    pub fn safety(&self) -> Vec<StepSafety> {
        let creates = self
            .ensured()
            .into_iter()
            .map(|(name, resource)| of_resource(name, resource));
        let calls =
            self.operations
                .iter()
                .filter_map(|(kind, operation)| match operation {
                    Operation::Calls(calls) => Some((*kind, calls)),
                    Operation::Ensure(_) => None,
                })
                .flat_map(|(kind, calls)| {
                    let several = calls.len() > 1;
                    calls.iter().enumerate().map(move |(number, call)| {
                        of_call(kind, several.then_some(number + 1), call)
                    })
                });
        creates.chain(calls).collect()
    }
}

fn of_resource(name: &str, resource: &Resource) -> StepSafety {
    let create = &resource.create;
    let what = match (&resource.find, &create.idempotency_header) {
        (Some(_), Some(header)) => {
            format!("looks before it sends again (find), and sends with the same key ({header})")
        }
        (Some(_), None) => "looks before it sends again (find)".to_owned(),
        (None, _) => sent_again(create),
    };
    StepSafety {
        step: format!("create {name}"),
        goes_on: resource.find.is_some() || can_be_sent_again(create),
        what,
    }
}

fn of_call(kind: OperationKind, number: Option<usize>, call: &Call) -> StepSafety {
    StepSafety {
        step: number.map_or_else(
            || kind.to_string(),
            |number| format!("{kind} (call {number})"),
        ),
        goes_on: can_be_sent_again(call),
        what: sent_again(call),
    }
}

fn can_be_sent_again(call: &Call) -> bool {
    call.repeatable || call.idempotency_header.is_some()
}

fn sent_again(call: &Call) -> String {
    match &call.idempotency_header {
        Some(header) => format!("is sent again with the same key ({header})"),
        None if call.repeatable => "can be sent again".to_owned(),
        None => "stops for a person after an unknown answer".to_owned(),
    }
}
