//! `[resources]`: the things at the vendor that a service needs.

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::mention::Place;
use super::options::is_name;
use super::reader::{Entry, Node, Reader, Table, Text};
use super::requests::{call, keep, request};
use super::service::positive;
use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::expression::Template;
use crate::grammar;
use crate::model::{Adopt, Find, Read, Ready, Resource};

const DEFAULT_KEY: &str = "{{ service.reference }}";
const GONE: [u16; 2] = [404, 410];
const EVERY: Duration = Duration::from_secs(5);
const WITHIN: Duration = Duration::from_secs(3600);

/// The resources, and the places that later checks point at.
#[derive(Default)]
pub(super) struct Resources {
    pub resources: IndexMap<String, Resource>,
    /// Where each resource is named.
    pub places: IndexMap<String, Range<usize>>,
    /// Where each property is kept first.
    pub kept: IndexMap<String, Range<usize>>,
}

pub(super) fn resources<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Resources {
    let mut all = Resources::default();
    for entry in reader.named(node, "[resources]") {
        all.places
            .insert(entry.name.to_owned(), entry.name_span.clone());
        if !is_name(reader, &entry, "a resource") {
            continue;
        }
        if let Some(resource) = resource(reader, &entry, &mut all.kept) {
            all.resources.insert(entry.name.to_owned(), resource);
        }
    }
    all
}

fn resource<'a>(
    reader: &mut Reader<'a>,
    entry: &Entry<'a>,
    kept: &mut IndexMap<String, Range<usize>>,
) -> Option<Resource> {
    let title = format!("[resources.{}]", entry.name);
    let table = reader.table(
        entry.node,
        title,
        entry.name_span.clone(),
        &grammar::RESOURCE,
    )?;
    let making = Place::Making(entry.name.to_owned());
    let knowing = Place::Knowing(entry.name.to_owned());

    let key = if table.get("key").is_some() {
        table.template(reader, "key", &making)
    } else {
        Template::parse(DEFAULT_KEY).ok()
    };
    let find = table
        .get("find")
        .and_then(|node| find(reader, node, &table, &making));
    let adopt = adopt(reader, &table, &making);
    let create = table.get("create").and_then(|node| {
        let title = table.title_of("create");
        let table = reader.table(node, title, place_of(&table, "create"), &grammar::CREATE)?;
        call(reader, &table, &making, false)
    });
    let read = table
        .get("read")
        .and_then(|node| read(reader, node, &table, &knowing));
    let ready = table
        .get("ready")
        .and_then(|node| ready(reader, node, &table, &knowing));
    let own = keep_of(reader, &table, &making, kept);

    if table.get("ready").is_some() && table.get("read").is_none() {
        reader.note(
            Diagnostic::error(
                "causeway::ready_without_read",
                place_of(&table, "ready"),
                format!(
                    "{} waits with `ready`, and has no `read` to look with",
                    table.title
                ),
            )
            .label("how is it looked at?")
            .help("add `read = { get = \"…\" }`"),
        );
    }
    let resource = Resource {
        key: key?,
        find,
        adopt: adopt?,
        create: create?,
        read,
        ready,
        keep: own,
    };
    warn_of_doubling(reader, &table, &resource);
    warn_of_own_key(reader, &table, &resource);
    warn_of_adopting_blindly(reader, &table, &resource);
    Some(resource)
}

fn keep_of<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    place: &Place,
    kept: &mut IndexMap<String, Range<usize>>,
) -> IndexMap<String, crate::expression::Expression> {
    let is_empty = |node: Node<'a>| {
        node.get_ref()
            .as_table()
            .is_some_and(|table| table.is_empty())
    };
    if table.get("keep").is_some_and(is_empty) {
        reader.note(
            Diagnostic::error(
                "causeway::nothing_kept",
                place_of(table, "keep"),
                format!("{} keeps nothing", table.title),
            )
            .label("at least one")
            .help(
                "the first name in `keep` identifies the resource: keep = { service_id = \"id\" }",
            ),
        );
    }
    let mut own = IndexMap::new();
    for (name, (expression, span)) in keep(reader, table, place) {
        if let Some(first) = kept.get(&name) {
            reader.note(
                Diagnostic::error(
                    "causeway::kept_twice",
                    span,
                    format!("`{name}` is kept by another resource, too"),
                )
                .label("again here")
                .also(first.clone(), "first here")
                .help("one name is one value of a service: choose another"),
            );
        } else {
            kept.insert(name.clone(), span);
        }
        own.extend(expression.map(|expression| (name, expression)));
    }
    own
}

fn place_of(table: &Table<'_>, key: &str) -> Range<usize> {
    table.key_span(key).unwrap_or(table.span.clone())
}

fn adopt<'a>(reader: &mut Reader<'a>, table: &Table<'a>, place: &Place) -> Option<Adopt> {
    if table.get("adopt").is_none() {
        return Some(Adopt::Never);
    }
    let text = table.text(reader, "adopt")?;
    match text.value {
        "never" => Some(Adopt::Never),
        "always" => Some(Adopt::Always),
        other if let Some(meant) = misspelt_word(other) => {
            reader.note(
                Diagnostic::error(
                    "causeway::unknown_word",
                    text.span.clone(),
                    format!("`adopt` is \"never\", \"always\" or an expression, not {other:?}"),
                )
                .label("neither a word nor a condition")
                .help(format!("did you mean \"{meant}\"?")),
            );
            None
        }
        _ => reader.expression(&text, place).map(Adopt::When),
    }
}

/// The word of `adopt` that was meant, where a single name is near to one.
fn misspelt_word(text: &str) -> Option<&'static str> {
    let is_word = text.chars().all(|c| c.is_ascii_alphabetic());
    let word = text.to_ascii_lowercase();
    is_word
        .then(|| suggest::nearest(&word, ["never", "always"]))
        .flatten()
}

fn find<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    resource: &Table<'a>,
    place: &Place,
) -> Option<Find> {
    let title = resource.title_of("find");
    let table = reader.table(node, title, place_of(resource, "find"), &grammar::FIND)?;
    warn_of_first_only(reader, &table);
    let request = request(reader, &table, place);
    let find = Find {
        at: table.expression(reader, "at", &Place::Answer),
        condition: table.expression(reader, "where", place),
        next: table.expression(reader, "next", &Place::Answer),
        absent_when: table.statuses(reader, "absent_when").unwrap_or_default(),
        timeout: positive(reader, &table, "timeout"),
        request: request?,
    };
    Some(find)
}

fn read<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    resource: &Table<'a>,
    place: &Place,
) -> Option<Read> {
    let title = resource.title_of("read");
    let table = reader.table(node, title, place_of(resource, "read"), &grammar::READ)?;
    let request = request(reader, &table, place);
    let read = Read {
        at: table.expression(reader, "at", &Place::Answer),
        condition: table.expression(reader, "where", place),
        gone_when: table
            .statuses(reader, "gone_when")
            .unwrap_or_else(|| GONE.to_vec()),
        timeout: positive(reader, &table, "timeout"),
        request: request?,
    };
    Some(read)
}

fn ready<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    resource: &Table<'a>,
    place: &Place,
) -> Option<Ready> {
    let title = resource.title_of("ready");
    if let DeValue::String(value) = node.get_ref() {
        let span = node.span();
        return Some(Ready {
            when: reader.expression(&Text { value, span }, place)?,
            failed: None,
            every: EVERY,
            within: WITHIN,
        });
    }
    if !node.get_ref().is_table() {
        reader.wrong_type(node, &title, "an expression or a table");
        return None;
    }
    let table = reader.table(node, title, place_of(resource, "ready"), &grammar::READY)?;
    let ready = Ready {
        failed: table.expression(reader, "failed", place),
        every: positive(reader, &table, "every").unwrap_or(EVERY),
        within: positive(reader, &table, "within").unwrap_or(WITHIN),
        when: table.expression(reader, "when", place)?,
    };
    Some(ready)
}

/// `data[0]` with `where` looks at the first item only, though a later one may be the right one.
fn warn_of_first_only<'a>(reader: &mut Reader<'a>, table: &Table<'a>) {
    let Some(DeValue::String(at)) = table.get("at").map(|node| node.get_ref()) else {
        return;
    };
    let Some(list) = at
        .trim()
        .strip_suffix(']')
        .and_then(|at| at.rsplit_once('['))
    else {
        return;
    };
    let is_index = list.1.trim().parse::<i64>().is_ok();
    if !is_index || table.get("where").is_none() {
        return;
    }
    let help = if list.0.is_empty() {
        "leave `at` out: `where` looks through the whole list".to_owned()
    } else {
        format!(
            "write `at = \"{}\"`: `where` looks through the whole list",
            list.0
        )
    };
    reader.note(
        Diagnostic::warning(
            "causeway::first_item_only",
            place_of(table, "at"),
            format!(
                "{} looks at one item only, and `where` may refuse it while another would do",
                table.title
            ),
        )
        .label("one item of the list")
        .help(help),
    );
}

fn warn_of_doubling(reader: &mut Reader<'_>, table: &Table<'_>, resource: &Resource) {
    // What was written and could not be read has its own diagnostic.
    let looks = table.get("find").is_some();
    if looks || resource.create.idempotency_header.is_some() || resource.create.repeatable {
        return;
    }
    reader.note(
        Diagnostic::warning(
            "causeway::could_be_doubled",
            place_of(table, "create"),
            format!(
                "{} could be doubled: when the vendor creates it and the answer is lost, nothing \
                 tells whether it is there",
                table.title
            ),
        )
        .label("neither `find` nor `idempotency_header`")
        .help(
            "add `find`, which looks before it is sent again, or `idempotency_header` if the vendor \
             takes one; without either, a lost answer stops the purchase for a person to look",
        ),
    );
}

fn warn_of_own_key(reader: &mut Reader<'_>, table: &Table<'_>, resource: &Resource) {
    if !resource.is_shared() || !resource.key.names(true).contains("service.reference") {
        return;
    }
    let written = table.get("key").is_some();
    reader.note(
        Diagnostic::warning(
            "causeway::key_not_shared",
            if written {
                place_of(table, "key")
            } else {
                table.span.clone()
            },
            format!(
                "{} is shared by several services (adopt = \"always\"), and its key is another for each",
                table.title
            ),
        )
        .label(if written {
            "differs from service to service"
        } else {
            "the default key is the service's reference"
        })
        .help("two purchases at once would both create it; take what they share: key = \"{{ client.email | lower }}\""),
    );
}

fn warn_of_adopting_blindly(reader: &mut Reader<'_>, table: &Table<'_>, resource: &Resource) {
    if matches!(resource.adopt, Adopt::Never) || table.get("find").is_some() {
        return;
    }
    reader.note(
        Diagnostic::warning(
            "causeway::adopt_without_find",
            place_of(table, "adopt"),
            format!("{} may be adopted, and nothing looks for one", table.title),
        )
        .label("what is adopted?")
        .help("add `find`, which looks whether it is there"),
    );
}
