//! Checks that need the whole definition.

use std::ops::Range;

use indexmap::IndexMap;

use super::names::{self, Declared};
use super::reader::{Reader, Text};
use super::service;
use super::suggest;
use crate::diagnostic::Diagnostic;
use url::Url;

use crate::model::{Definition, OperationKind, Service};

/// Where the parts of a definition are named.
pub(super) struct Places<'a> {
    pub options: IndexMap<String, Range<usize>>,
    pub resources: IndexMap<String, Range<usize>>,
    pub operations: IndexMap<OperationKind, Range<usize>>,
    pub kept: IndexMap<String, Range<usize>>,
    /// Whether the order of `ensure` could be read.
    pub order_is_known: bool,
    pub forgotten: Vec<Text<'a>>,
}

pub(super) fn check(reader: &mut Reader<'_>, definition: &Definition, places: &Places<'_>) {
    unknown_forgotten(reader, places);
    unused_options(reader, definition, places);
    unused_resources(reader, definition, places);
    no_terminate(reader, places);
    unknown_hosts(reader, &definition.service);
    let declared = Declared {
        kept: &places.kept,
        options: &places.options,
        order_is_known: places.order_is_known,
    };
    let problems = names::check(definition, &reader.mentions, &declared);
    reader.diagnostics.extend(problems);
}

fn unknown_forgotten(reader: &mut Reader<'_>, places: &Places<'_>) {
    for text in &places.forgotten {
        if places.kept.contains_key(text.value) {
            continue;
        }
        let near = suggest::nearest(text.value, places.kept.keys().map(String::as_str));
        reader.note(
            Diagnostic::error(
                "causeway::property_never_kept",
                text.span.clone(),
                format!("nothing keeps `{}`", text.value),
            )
            .label("cannot be forgotten")
            .maybe_help(near.map(|near| format!("did you mean \"{near}\"?"))),
        );
    }
}

fn unused_options(reader: &mut Reader<'_>, definition: &Definition, places: &Places<'_>) {
    let used: Vec<Option<String>> = reader
        .mentions
        .iter()
        .filter_map(|mention| mention.option().map(|name| name.map(str::to_owned)))
        .collect();
    if used.contains(&None) {
        return;
    }
    for (name, span) in &places.options {
        let is_read = definition.options.contains_key(name);
        if !is_read || used.iter().flatten().any(|used| used == name) {
            continue;
        }
        reader.note(
            Diagnostic::warning(
                "causeway::unused_option",
                span.clone(),
                format!("nothing uses the option `{name}`"),
            )
            .label("staff fill it in for nothing")
            .help(format!(
                "use it as `{{{{ options.{name} }}}}`, or remove it"
            )),
        );
    }
}

fn unused_resources(reader: &mut Reader<'_>, definition: &Definition, places: &Places<'_>) {
    if !places.order_is_known {
        return;
    }
    let ensured = definition.ensured();
    for (name, span) in &places.resources {
        let is_read = definition.resources.contains_key(name);
        if !is_read || ensured.iter().any(|(ensured, _)| ensured == name) {
            continue;
        }
        reader.note(
            Diagnostic::warning(
                "causeway::unused_resource",
                span.clone(),
                format!("`create` does not ensure [resources.{name}]"),
            )
            .label("never made")
            .help(format!(
                "add \"{name}\" to `ensure` of `create`, or remove it"
            )),
        );
    }
}

fn no_terminate(reader: &mut Reader<'_>, places: &Places<'_>) {
    let Some(create) = places.operations.get(&OperationKind::Create) else {
        return;
    };
    if places.operations.contains_key(&OperationKind::Terminate) {
        return;
    }
    reader.note(
        Diagnostic::warning(
            "causeway::no_terminate",
            create.clone(),
            "services are created and never ended: there is no `terminate`",
        )
        .label("what ends it?")
        .help("add `terminate = { delete = \"/services/{{ service_id }}\" }`, so that a cancelled service is not paid for ever"),
    );
}

/// A whole address in place of a path goes to a host that the definition names.
fn unknown_hosts(reader: &mut Reader<'_>, service: &Service) {
    if service.api == service::unreadable_api() {
        return;
    }
    let unknown: Vec<_> = reader
        .addresses
        .iter()
        .filter(|address| !goes_to_known_host(address.value, service))
        .map(|address| address.span.clone())
        .collect();
    for span in unknown {
        reader.note(
            Diagnostic::error(
                "causeway::unknown_host",
                span,
                "this address goes to a host that [service] does not name",
            )
            .label("unknown host")
            .help(
                "write a path, which is added to `api`, or name the host in `other_hosts` of [service]; \
                 every request carries the credential",
            ),
        );
    }
}

fn goes_to_known_host(address: &str, service: &Service) -> bool {
    // What stands before the first expression must hold the whole host.
    let fixed = address.split("{{").next().unwrap_or_default();
    let host_ends = fixed
        .split_once("://")
        .is_some_and(|(_, rest)| rest.contains('/') || fixed == address);
    let Some(url) = Url::parse(fixed).ok().filter(|_| host_ends) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let host_and_port = url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let is_other = url.scheme() == "https" && service.other_hosts.contains(&host_and_port);
    url.origin() == service.api.origin() || is_other
}
