//! `[operations]`: the lifecycle calls that the vendor offers.

use std::ops::Range;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::mention::Place;
use super::reader::{Entry, Node, Reader, Text};
use super::requests::{call, keep};
use super::resources::Resources;
use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::grammar::{self, OPERATIONS};
use crate::model::{Call, Operation, OperationKind, Resource};
use crate::request::Method;

/// The operations, and the places that later checks point at.
#[derive(Default)]
pub(super) struct Operations<'a> {
    pub operations: IndexMap<OperationKind, Operation>,
    /// Where each operation is named.
    pub places: IndexMap<OperationKind, Range<usize>>,
    /// Every `forget`, checked once everything that is kept is known.
    pub forgotten: Vec<Text<'a>>,
    /// Whether every resource that `ensure` names is known.
    pub order_is_known: bool,
}

pub(super) fn operations<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    resources: &mut Resources,
) -> Operations<'a> {
    let mut all = Operations::default();
    for entry in reader.named(node, "[operations]") {
        let Some(kind) = kind(reader, &entry) else {
            // A misspelt operation is not a missing one, too.
            let meant = suggest::nearest(entry.name, OPERATIONS.names());
            if let Some(meant) = meant.and_then(OperationKind::from_name) {
                all.places.insert(meant, entry.name_span.clone());
            }
            continue;
        };
        all.places.insert(kind, entry.name_span.clone());
        let operation = match kind {
            OperationKind::Create => {
                let ensured = ensure(reader, &entry, resources);
                all.order_is_known = ensured.is_some();
                ensured
            }
            kind => calls(reader, &entry, kind, resources, &mut all.forgotten),
        };
        if let Some(operation) = operation {
            all.operations.insert(kind, operation);
        }
    }
    if !all.places.contains_key(&OperationKind::Create) {
        reader.note(
            Diagnostic::error(
                "causeway::missing_key",
                node.span(),
                "[operations] needs `create`",
            )
            .label("`create` is missing")
            .help(
                "create = { ensure = [\"…\"] } names the resources that a service needs, in order",
            ),
        );
    }
    forget_by_default(&mut all, resources);
    all
}

fn kind(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<OperationKind> {
    let known = OPERATIONS.get(entry.name).is_some();
    let kind = OperationKind::from_name(entry.name);
    if known {
        return kind;
    }
    let help = if kind == Some(OperationKind::Refresh) {
        "it is made from `read` and `find` of the resources".to_owned()
    } else {
        suggest::nearest(entry.name, OPERATIONS.names()).map_or_else(
            || {
                let known: Vec<_> = OPERATIONS.names().map(|name| format!("`{name}`")).collect();
                format!("known are {}", known.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        )
    };
    let message = if kind.is_some() {
        format!("`{}` is not written in a definition", entry.name)
    } else {
        format!("there is no operation `{}`", entry.name)
    };
    reader.note(
        Diagnostic::error(
            "causeway::unknown_operation",
            entry.name_span.clone(),
            message,
        )
        .label("unknown operation")
        .help(help),
    );
    None
}

fn ensure<'a>(
    reader: &mut Reader<'a>,
    entry: &Entry<'a>,
    resources: &Resources,
) -> Option<Operation> {
    if let Some(entries) = entry.node.get_ref().as_table()
        && grammar::METHODS
            .iter()
            .any(|method| entries.contains_key(method.name))
    {
        reader.note(
            Diagnostic::error(
                "causeway::create_is_a_call",
                entry.name_span.clone(),
                "`create` ensures resources, and is not a call itself",
            )
            .label("a call stands here")
            .help(
                "move it to a resource, [resources.subscription] create = { post = \"…\" }, and write \
                 create = { ensure = [\"subscription\"] }: a resource is looked for before it is made again",
            ),
        );
        return None;
    }
    let table = reader.table(
        entry.node,
        "`create`",
        entry.name_span.clone(),
        &grammar::ENSURE,
    )?;
    let texts = table.texts(reader, "ensure")?;
    if texts.is_empty()
        && let Some(node) = table.get("ensure")
    {
        reader.note(
            Diagnostic::error(
                "causeway::nothing_ensured",
                node.span(),
                "`create` ensures nothing",
            )
            .label("no resource"),
        );
    }
    let mut names: Vec<String> = Vec::new();
    let mut readable = !texts.is_empty();
    for text in texts {
        if names.iter().any(|name| name == text.value) {
            reader.note(
                Diagnostic::error(
                    "causeway::ensured_twice",
                    text.span,
                    format!("`{}` is named twice", text.value),
                )
                .label("again"),
            );
        } else if resources.places.contains_key(text.value) {
            names.push(text.value.to_owned());
        } else {
            readable = false;
            let known = resources.places.keys().map(String::as_str);
            let near = suggest::nearest(text.value, known);
            reader.note(
                Diagnostic::error(
                    "causeway::unknown_resource",
                    text.span,
                    format!("there is no resource `{}`", text.value),
                )
                .label("unknown resource")
                .help(near.map_or_else(
                    || format!("declare it: [resources.{}]", text.value),
                    |near| format!("did you mean \"{near}\"?"),
                )),
            );
        }
    }
    readable.then_some(Operation::Ensure(names))
}

fn calls<'a>(
    reader: &mut Reader<'a>,
    entry: &Entry<'a>,
    kind: OperationKind,
    resources: &mut Resources,
    forgotten: &mut Vec<Text<'a>>,
) -> Option<Operation> {
    let nodes: Vec<Node<'a>> = match entry.node.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![entry.node],
    };
    if nodes.is_empty() {
        reader.note(
            Diagnostic::error(
                "causeway::no_calls",
                entry.node.span(),
                format!("`{kind}` makes no call"),
            )
            .label("empty")
            .help("leave the operation out where the vendor has none"),
        );
        return None;
    }
    let several = nodes.len() > 1;
    let mut calls = Vec::with_capacity(nodes.len());
    for (number, node) in nodes.into_iter().enumerate() {
        let title = if several {
            format!("call {} of `{kind}`", number + 1)
        } else {
            format!("`{kind}`")
        };
        let entry = Entry {
            name: entry.name,
            name_span: if several {
                node.span()
            } else {
                entry.name_span.clone()
            },
            node,
        };
        let place = Place::Call(kind, number);
        calls.push(one_call(
            reader, &entry, title, kind, &place, resources, forgotten,
        ));
    }
    if kind == OperationKind::SingleSignOn
        && let Some(Some(last)) = calls.last()
        && last.redirect.is_none()
    {
        reader.note(
            Diagnostic::error(
                "causeway::no_redirect",
                entry.name_span.clone(),
                "`single_sign_on` does not say where the person is sent to",
            )
            .label("`redirect` is missing")
            .help("redirect = \"url\" names the field of the answer that holds the address"),
        );
    }
    let calls: Option<Vec<Call>> = calls.into_iter().collect();
    Some(Operation::Calls(calls?))
}

fn one_call<'a>(
    reader: &mut Reader<'a>,
    entry: &Entry<'a>,
    title: String,
    kind: OperationKind,
    place: &Place,
    resources: &mut Resources,
    forgotten: &mut Vec<Text<'a>>,
) -> Option<Call> {
    if let Some(entries) = entry.node.get_ref().as_table()
        && let Some((ensure, _)) = entries.get_key_value("ensure")
    {
        reader.note(
            Diagnostic::error(
                "causeway::ensure_outside_create",
                ensure.span(),
                format!("only `create` ensures resources; {title} makes calls"),
            )
            .label("only in `create`")
            .help("write the call: { post = \"/services/{{ service_id }}/…\" }"),
        );
        return None;
    }
    let table = reader.table(entry.node, title, entry.name_span.clone(), &grammar::CALL)?;
    let call = call(reader, &table, place, kind != OperationKind::Renew);
    let mut kept = IndexMap::new();
    for (name, (expression, span)) in keep(reader, &table, place) {
        resources.kept.entry(name.clone()).or_insert(span);
        kept.extend(expression.map(|expression| (name, expression)));
    }
    let forget = table.texts(reader, "forget").unwrap_or_default();
    let redirect = table.expression(reader, "redirect", place);
    if let (Some(span), false) = (
        table.key_span("redirect"),
        kind == OperationKind::SingleSignOn,
    ) {
        reader.note(
            Diagnostic::error(
                "causeway::key_does_not_fit",
                span,
                format!("`redirect` has a meaning only in `single_sign_on`, not in `{kind}`"),
            )
            .label("nobody is sent anywhere"),
        );
    }
    let mut call = call?;
    call.keep = kept;
    call.forget = forget.iter().map(|text| text.value.to_owned()).collect();
    call.redirect = redirect;
    forgotten.extend(forget);
    if kind == OperationKind::Terminate {
        let says_done = table.get("done_when").is_some();
        if call.request.method == Method::Delete && !says_done {
            call.done_when = vec![404, 410];
        }
    }
    warn_of_renewing_twice(reader, entry, kind, &call);
    Some(call)
}

fn warn_of_renewing_twice(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    kind: OperationKind,
    call: &Call,
) {
    if kind != OperationKind::Renew || call.repeatable || call.idempotency_header.is_some() {
        return;
    }
    reader.note(
        Diagnostic::warning(
            "causeway::could_renew_twice",
            entry.name_span.clone(),
            "`renew` cannot be sent again: when its answer is lost, a person must look",
        )
        .label("neither repeatable nor with an idempotency key")
        .help(
            "where the vendor takes an end date, send `{{ service.next_due_date }}` and write \
             `repeatable = true`; or name the vendor's `idempotency_header`",
        ),
    );
}

/// A terminated service keeps nothing but what is shared with others, unless `forget` says so.
fn forget_by_default(all: &mut Operations<'_>, resources: &Resources) {
    let of_operations: Vec<String> = all
        .operations
        .values()
        .filter_map(|operation| match operation {
            Operation::Calls(calls) => Some(calls),
            Operation::Ensure(_) => None,
        })
        .flatten()
        .flat_map(|call| call.keep.keys().cloned())
        .collect();
    let Some(Operation::Calls(calls)) = all.operations.get_mut(&OperationKind::Terminate) else {
        return;
    };
    if calls.iter().any(|call| !call.forget.is_empty()) {
        return;
    }
    let shared = |resource: &&Resource| resource.is_shared();
    let kept_by_shared: Vec<&String> = resources
        .resources
        .values()
        .filter(shared)
        .flat_map(|resource| resource.keep.keys())
        .collect();
    let of_resources = resources
        .resources
        .values()
        .flat_map(|resource| resource.keep.keys().cloned());
    let mut forget: Vec<String> = Vec::new();
    for name in of_resources.chain(of_operations) {
        if !kept_by_shared.contains(&&name) && !forget.contains(&name) {
            forget.push(name);
        }
    }
    if let Some(last) = calls.last_mut() {
        last.forget = forget;
    }
}
