//! What staff read: each one line that says what happened and what to do next.

use std::time::Duration;

use causeway_definition::{Definition, OperationKind};

use crate::service::{Identity, ServiceRecord};

fn words(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create => "create the service",
        OperationKind::Suspend => "suspend the service",
        OperationKind::Unsuspend => "unsuspend the service",
        OperationKind::Terminate => "terminate the service",
        OperationKind::Renew => "renew the service",
        OperationKind::ChangePackage => "change the package",
        OperationKind::ChangePassword => "change the password",
        OperationKind::TestConnection => "answer the connection test",
        OperationKind::SingleSignOn => "open a sign-on link",
        OperationKind::Refresh => "look at the service",
    }
}

pub(crate) fn not_offered(definition: &Definition, kind: OperationKind) -> String {
    format!(
        "{} does not offer to {}.",
        definition.service.title,
        words(kind)
    )
}

pub(crate) fn create_while_suspended(definition: &Definition) -> String {
    format!(
        "This service exists at {} and is suspended; unsuspend it instead of creating it.",
        definition.service.title
    )
}

pub(crate) fn never_created(
    definition: &Definition,
    kind: OperationKind,
    service: &ServiceRecord,
) -> String {
    let state = if service.properties.is_empty() && service.doubts.is_empty() {
        "it was never created"
    } else {
        "its creation never finished"
    };
    format!(
        "{} cannot {}: {state}. Run Create first.",
        definition.service.title,
        words(kind)
    )
}

pub(crate) fn terminated(definition: &Definition, kind: OperationKind) -> String {
    format!(
        "{} cannot {}: it was terminated. Run Create to begin a new one.",
        definition.service.title,
        words(kind)
    )
}

pub(crate) fn refused(definition: &Definition, step: &str, status: u16, reason: &str) -> String {
    let title = &definition.service.title;
    match status {
        401 => format!(
            "{title} does not accept the credential kept for this provider ({reason}, HTTP 401, step {step}). Give it the present one with `causeway provider change`."
        ),
        _ => format!("{title} refused {step}: {reason} (HTTP {status})"),
    }
}

pub(crate) fn unreachable(definition: &Definition, step: &str, reason: &str) -> String {
    format!(
        "{} could not be reached for {step}: {reason}. Nothing was changed there; try again later.",
        definition.service.title
    )
}

pub(crate) fn busy(
    definition: &Definition,
    step: &str,
    status: u16,
    wait: Option<Duration>,
) -> String {
    let wait = wait
        .map(|wait| format!(" and asks to wait {} s", wait.as_secs()))
        .unwrap_or_default();
    format!(
        "{} is too busy for {step} (HTTP {status}){wait}. Nothing was changed there; try again later.",
        definition.service.title
    )
}

pub(crate) fn not_readable(definition: &Definition, step: &str, reason: &str) -> String {
    format!(
        "{} could not be asked about {step}: {reason}. The next try looks again before it changes anything.",
        definition.service.title
    )
}

pub(crate) fn not_made(definition: &Definition, step: &str, reason: &str, sends: u32) -> String {
    format!(
        "{} did not create {step}: {reason} (tried {sends} times; each time it was looked for afterwards and was not there). Nothing is doubled; try again later.",
        definition.service.title
    )
}

pub(crate) fn doubtful_create(definition: &Definition, step: &str, reason: &str) -> String {
    format!(
        "{} may or may not have created {step}: {reason}. It was not sent again, because there is no `find` and no idempotency key to tell. Look at {} whether it is there.",
        definition.service.title, definition.service.title
    )
}

pub(crate) fn made_is_gone(definition: &Definition, step: &str, identity: &str) -> String {
    format!(
        "{} created {step} ({identity}), and then said that there is no such one. It was not created a second time. Look at {} whether it is there.",
        definition.service.title, definition.service.title
    )
}

pub(crate) fn several(definition: &Definition, step: &str, found: &[String]) -> String {
    format!(
        "{} has {} that could be {step} of this service ({}), and nothing tells which. Remove the surplus there, then try again.",
        definition.service.title,
        found.len(),
        listed(found)
    )
}

pub(crate) fn made_for_another(definition: &Definition, identity: &Identity) -> String {
    format!(
        "{} answered the create of {} with {}, which belongs to another service here. One of the two would be lost, so nothing was recorded. Look there whether a new one was made, and adopt that one; if there is none, abandon this one and create it again.",
        definition.service.title,
        identity.resource,
        readable(&identity.value)
    )
}

pub(crate) fn held_by_another(definition: &Definition, identity: &Identity) -> String {
    format!(
        "{} {} at {} belongs to another service, and the same value is saved for this one; nothing was done. Correct the value that is saved here, or empty it, and try again.",
        identity.resource,
        readable(&identity.value),
        definition.service.title
    )
}

pub(crate) fn exists_already(definition: &Definition, step: &str, found: &[String]) -> String {
    format!(
        "{} already has {step} ({}) that this service did not create, and the definition does not adopt it. Remove it there, or allow it with `adopt`.",
        definition.service.title,
        listed(found)
    )
}

/// A short piece of one line; a vendor can put anything into an identifier.
pub(crate) fn readable(value: &str) -> String {
    const LONGEST: usize = 100;
    value
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(LONGEST)
        .collect()
}

pub(crate) fn named_is_not_there(definition: &Definition, step: &str, identity: &str) -> String {
    format!(
        "{} has no {step} with {identity}, which was named as this service's. Nothing was sent. Look there which one it is, and resolve it again.",
        definition.service.title
    )
}

/// The first few: a vendor's list can be long, and staff read one line.
fn listed(found: &[String]) -> String {
    const MOST_NAMED: usize = 5;
    let named = &found[..found.len().min(MOST_NAMED)];
    match found.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

pub(crate) fn says_exists(definition: &Definition, step: &str, status: u16) -> String {
    format!(
        "{} says that {step} exists already (HTTP {status}), and the definition has no `find` to look at it. Look there which one it is.",
        definition.service.title
    )
}

pub(crate) fn incomplete(
    definition: &Definition,
    step: &str,
    identity: &str,
    reason: &str,
) -> String {
    format!(
        "{} created {step} ({identity}), but its answer lacks what is needed: {reason}. It is recorded and not created again; try again later.",
        definition.service.title
    )
}

pub(crate) fn provisioning_failed(definition: &Definition, step: &str, identity: &str) -> String {
    format!(
        "{} reports that building {step} ({identity}) failed. Ask its support; the next try looks at the same one.",
        definition.service.title
    )
}

pub(crate) fn not_ready(
    definition: &Definition,
    step: &str,
    identity: &str,
    within: Duration,
) -> String {
    format!(
        "{} has not finished {step} ({identity}) within {} min. The next try goes on waiting for the same one.",
        definition.service.title,
        within.as_secs() / 60
    )
}

pub(crate) fn gone(definition: &Definition, step: &str, identity: &str) -> String {
    format!(
        "{step} ({identity}) is no longer there at {}.",
        definition.service.title
    )
}

pub(crate) fn lost_call(definition: &Definition, step: &str, reason: &str, sends: u32) -> String {
    format!(
        "{} gave no clear answer to {step}: {reason} (sent {sends} times). It can be sent again without harm; try again later.",
        definition.service.title
    )
}

pub(crate) fn doubtful_call(definition: &Definition, step: &str, reason: &str) -> String {
    format!(
        "{} may or may not have done {step}: {reason}. It was not sent again, because doing it twice would do harm. Look there whether it was done.",
        definition.service.title
    )
}

pub(crate) fn not_renderable(step: &str, reason: &str) -> String {
    format!("The request for {step} cannot be written: {reason}. Nothing was sent.")
}

pub(crate) fn definition_changed(step: &str) -> String {
    format!(
        "The definition no longer has {step}, which this operation needs; load the earlier definition, or try again."
    )
}

pub(crate) fn too_many_pages(definition: &Definition, step: &str) -> String {
    format!(
        "The list in which {} would show {step} has too many pages to look through; narrow `find` down. Nothing was changed there.",
        definition.service.title
    )
}
