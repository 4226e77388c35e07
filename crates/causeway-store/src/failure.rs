//! What went wrong, in words that both kinds of journal share.

use causeway_engine::{OperationId, ProviderId, ServiceKey, StoreError};

/// What is there is not what Causeway wrote.
pub(crate) fn damaged(what: impl Into<String>) -> StoreError {
    StoreError::Damaged(what.into())
}

/// A provider cannot be added under a name that is in use.
pub(crate) fn provider_is_there(name: &str) -> StoreError {
    StoreError::Provider(format!(
        "there is a provider named `{name}` already; choose another name, or give that one a new token with `causeway provider rotate`"
    ))
}

/// No provider of that name can be changed.
pub(crate) fn no_provider(name: &str) -> StoreError {
    StoreError::Provider(format!(
        "there is no provider named `{name}`; `causeway provider list` shows those that there are"
    ))
}

/// No provider of that id can take a call.
pub(crate) fn no_provider_with_id(id: ProviderId) -> StoreError {
    StoreError::Provider(format!("there is no provider with the id {id}"))
}

/// An operation's commit brings another service than its own.
pub(crate) fn foreign_service(key: &ServiceKey) -> StoreError {
    damaged(format!(
        "an operation was to change the service {key}, which is not its own; report this as a defect"
    ))
}

/// Whether a person may decide about an operation, as the journal has it: its standing, and whether
/// it is the last one of its service.
pub(crate) fn refuse_unresolvable(
    id: OperationId,
    found: Option<(&str, bool)>,
) -> Result<(), StoreError> {
    let why = match found {
        Some(("needs_attention", true)) => return Ok(()),
        None => format!("the journal has no operation {id}"),
        Some(("needs_attention", false)) => format!(
            "the service of operation {id} has had another operation since; look at that one"
        ),
        Some((standing, _)) => {
            format!("operation {id} is {standing}: it does not wait for a decision")
        }
    };
    Err(StoreError::NotResolvable(why))
}
