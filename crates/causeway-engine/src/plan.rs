//! What an operation has to do, given where its service stands.

use causeway_definition::{Definition, Operation as Described, OperationKind};

use crate::message;
use crate::operation::{Ending, Input};
use crate::service::{ServiceRecord, ServiceStatus};

/// One step of an operation. The list for one operation never changes while it is open: how many
/// steps are done is all that the journal keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// See to it that the resource exists.
    Ensure(String),
    /// Find out whether an unfinished create has made the resource.
    Settle(String),
    /// Look at the resource and bring its properties up to date.
    Refresh(String),
    /// Make the call of that number.
    Call(usize),
}

/// The steps, or the end that is reached without any.
pub(crate) fn plan(
    definition: &Definition,
    kind: OperationKind,
    input: &Input,
    service: &ServiceRecord,
) -> Result<Vec<Step>, Ending> {
    if let Some(ending) = ends_at_once(definition, kind, input, service) {
        return Err(ending);
    }
    let ensured = definition
        .ensured()
        .into_iter()
        .map(|(name, _)| name.to_owned());
    let steps = match (kind, definition.operations.get(&kind)) {
        (OperationKind::Refresh, _) => ensured.map(Step::Refresh).collect(),
        (_, Some(Described::Ensure(names))) => names.iter().cloned().map(Step::Ensure).collect(),
        (OperationKind::Terminate, Some(Described::Calls(calls))) => {
            let settled = definition
                .ensured()
                .into_iter()
                .filter(|(_, resource)| !resource.is_shared())
                .map(|(name, _)| Step::Settle(name.to_owned()));
            settled.chain((0..calls.len()).map(Step::Call)).collect()
        }
        (_, Some(Described::Calls(calls))) => (0..calls.len()).map(Step::Call).collect(),
        (_, None) => {
            return Err(Ending::Failed {
                message: message::not_offered(definition, kind),
            });
        }
    };
    Ok(steps)
}

fn ends_at_once(
    definition: &Definition,
    kind: OperationKind,
    input: &Input,
    service: &ServiceRecord,
) -> Option<Ending> {
    use OperationKind as Kind;
    let failed = |message| Some(Ending::Failed { message });
    match (kind, service.status) {
        (Kind::TestConnection, _) => None,
        (Kind::Create, _) => None,
        (Kind::Terminate, ServiceStatus::Absent | ServiceStatus::Terminated) => {
            let nothing_there = service.doubts.is_empty()
                && service.resolutions.is_empty()
                && !definition.ensured().iter().any(|(_, resource)| {
                    !resource.is_shared()
                        && resource
                            .identity()
                            .is_some_and(|name| service.properties.contains_key(name))
                });
            nothing_there.then_some(Ending::Succeeded { redirect: None })
        }
        (_, ServiceStatus::Absent) => failed(message::never_created(definition, kind, service)),
        (_, ServiceStatus::Terminated) => failed(message::terminated(definition, kind)),
        (Kind::Renew, _) => {
            let due = &input.service.next_due_date;
            (!due.is_empty() && service.renewed_for.as_ref() == Some(due))
                .then_some(Ending::Succeeded { redirect: None })
        }
        _ => None,
    }
}
