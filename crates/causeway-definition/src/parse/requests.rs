//! Requests and calls: what every exchange with the vendor has in common.

use std::ops::Range;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::mention::Place;
use super::names::RESERVED;
use super::options::is_name;
use super::reader::{Reader, Table, Text};
use super::service::positive;
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Template};
use crate::grammar::METHODS;
use crate::model::Call;
use crate::request::{BodyFormat, BodyTemplate, Method, RequestTemplate};

/// The request of a table: exactly one method, and what goes with it.
pub(super) fn request<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    place: &Place,
) -> Option<RequestTemplate> {
    let method = method(reader, table);
    let query = table.template_table(reader, "query", place);
    let headers = headers(reader, table, place);
    let (body, format) = body(
        reader,
        table,
        method.as_ref().map(|(method, _)| *method),
        place,
    );
    let (method, path) = method?;
    let template = reader.template(&path, place)?;
    check_path(reader, &path);
    Some(RequestTemplate {
        method,
        path: template,
        query,
        headers,
        body,
        format,
    })
}

fn method<'a>(reader: &mut Reader<'a>, table: &Table<'a>) -> Option<(Method, Text<'a>)> {
    let given: Vec<&str> = METHODS
        .iter()
        .map(|key| key.name)
        .filter(|name| table.get(name).is_some())
        .collect();
    let [name] = given[..] else {
        let diagnostic = match given.last().and_then(|last| table.key_span(last)) {
            Some(span) => Diagnostic::error(
                "causeway::two_methods",
                span,
                format!(
                    "{} has {} methods; a request has one",
                    table.title,
                    given.len()
                ),
            )
            .label("one too many"),
            None => Diagnostic::error(
                "causeway::no_method",
                table.span.clone(),
                format!("{} does not say what to send", table.title),
            )
            .label("no method")
            .help("write one of get, post, put, patch, delete with its path: post = \"/users\""),
        };
        reader.note(diagnostic);
        return None;
    };
    let method = match name {
        "get" => Method::Get,
        "post" => Method::Post,
        "put" => Method::Put,
        "patch" => Method::Patch,
        _ => Method::Delete,
    };
    Some((method, table.text(reader, name)?))
}

/// A path begins with a slash; a whole address is checked once `[service]` is known.
fn check_path<'a>(reader: &mut Reader<'a>, path: &Text<'a>) {
    if path.value.starts_with('/') {
        return;
    }
    if path.value.starts_with("https://") || path.value.starts_with("http://") {
        reader.addresses.push(path.clone());
        return;
    }
    reader.note(
        Diagnostic::error(
            "causeway::bad_path",
            path.span.clone(),
            "a path begins with a slash",
        )
        .label("no slash at its beginning")
        .help(format!(
            "it is added to `api` of [service]: \"/{}\"",
            path.value
        )),
    );
}

fn body<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    method: Option<Method>,
    place: &Place,
) -> (Option<BodyTemplate>, BodyFormat) {
    let (json, form) = (table.get("body"), table.get("form"));
    let key = if json.is_some() { "body" } else { "form" };
    if let (Some(_), Some(_), Some(span)) = (json, form, table.key_span("form")) {
        reader.note(
            Diagnostic::error(
                "causeway::two_bodies",
                span,
                format!("{} has both `body` and `form`", table.title),
            )
            .label("one of them is too many")
            .help("`body` is sent as JSON, `form` as form fields"),
        );
    }
    let Some(node) = json.or(form) else {
        return (None, BodyFormat::Json);
    };
    if method == Some(Method::Get)
        && let Some(span) = table.key_span(key)
    {
        reader.note(
            Diagnostic::error("causeway::body_on_get", span, "a GET request has no body")
                .label("not sent with GET")
                .help("parameters of a GET stand in `query = { name = \"…\" }`"),
        );
    }
    let format = if json.is_some() {
        BodyFormat::Json
    } else {
        BodyFormat::Form
    };
    let fits = match node.get_ref() {
        DeValue::Table(_) => true,
        DeValue::Array(_) | DeValue::String(_) => format == BodyFormat::Json,
        _ => false,
    };
    if !fits {
        let expected = match format {
            BodyFormat::Json => "a table, a list or a template",
            BodyFormat::Form => "a table",
        };
        reader.wrong_type(node, &table.title_of(key), expected);
        return (None, format);
    }
    (reader.body(node, place), format)
}

/// The part of a call that a resource's `create` and an operation's call share.
pub(super) fn call<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    place: &Place,
    repeatable_by_nature: bool,
) -> Option<Call> {
    let request = request(reader, table, place);
    let accept = table.statuses(reader, "accept").unwrap_or_default();
    let done_when = table.statuses(reader, "done_when").unwrap_or_default();
    let idempotency_header = idempotency_header(reader, table);
    let repeatable = table.flag(reader, "repeatable");
    let timeout = positive(reader, table, "timeout");
    let at = table.expression(reader, "at", &Place::Answer);
    let request = request?;
    let by_method = matches!(request.method, Method::Put | Method::Delete);
    Some(Call {
        accept,
        done_when,
        idempotency_header,
        repeatable: repeatable.unwrap_or(by_method || repeatable_by_nature),
        timeout,
        at,
        keep: IndexMap::new(),
        forget: Vec::new(),
        redirect: None,
        request,
    })
}

/// Headers, whose names are checked.
pub(super) fn headers<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    place: &Place,
) -> IndexMap<String, Template> {
    let names: Vec<_> = match table.get("headers").map(|node| node.get_ref()) {
        Some(DeValue::Table(entries)) => entries.keys().collect(),
        _ => Vec::new(),
    };
    for name in names {
        check_header(reader, name.get_ref(), name.span());
    }
    table.template_table(reader, "headers", place)
}

fn idempotency_header<'a>(reader: &mut Reader<'a>, table: &Table<'a>) -> Option<String> {
    let text = table.text(reader, "idempotency_header")?;
    check_header(reader, text.value, text.span);
    Some(text.value.to_owned())
}

fn check_header(reader: &mut Reader<'_>, name: &str, span: Range<usize>) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !name.is_empty() && name.chars().all(is_token) {
        return;
    }
    reader.note(
        Diagnostic::error(
            "causeway::bad_header",
            span,
            format!("{name:?} is no name of a header"),
        )
        .label("not a header")
        .help("letters, digits and dashes, as in \"Idempotency-Key\""),
    );
}

/// What to remember, and where each name is written; what cannot be read of it keeps its name.
pub(super) fn keep<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    place: &Place,
) -> IndexMap<String, (Option<Expression>, Range<usize>)> {
    let Some(node) = table.get("keep") else {
        return IndexMap::new();
    };
    let what = table.title_of("keep");
    let entries = reader.named(node, &what);
    let mut kept = IndexMap::new();
    for entry in entries {
        if !is_name(reader, &entry, "a property") {
            continue;
        }
        if RESERVED.contains(&entry.name) {
            reader.note(
                Diagnostic::error(
                    "causeway::reserved_name",
                    entry.name_span.clone(),
                    format!("`{}` has a meaning already", entry.name),
                )
                .label("cannot be the name of a property")
                .help(format!("for example `vendor_{}`", entry.name)),
            );
            continue;
        }
        let title = format!("`{}` in {what}", entry.name);
        let expression = reader
            .text(entry.node, &title)
            .and_then(|text| reader.expression(&text, place));
        kept.insert(entry.name.to_owned(), (expression, entry.name_span));
    }
    kept
}
