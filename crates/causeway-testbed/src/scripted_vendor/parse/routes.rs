//! Reads `[[routes]]`.

use std::ops::Range;

use causeway_definition::Template;
use http::{HeaderValue, Method};
use toml::Spanned;

use super::super::grammar;
use super::super::path::PathPattern;
use super::super::script::{AnswerBody, AnswerTemplate, Change, Deed, Route};
use super::reader::{Names, Reader, names};

/// The methods' keys with the paths behind them.
pub(super) type Paths<'a> = [(Option<&'static str>, &'a Option<Spanned<String>>); 6];

pub(super) fn route(
    reader: &mut Reader<'_>,
    route: Spanned<grammar::Route>,
    collections: &[String],
) -> Option<Route> {
    let span = route.span();
    let route = route.into_inner();
    let paths = [
        (Some("GET"), &route.get),
        (Some("POST"), &route.post),
        (Some("PUT"), &route.put),
        (Some("PATCH"), &route.patch),
        (Some("DELETE"), &route.delete),
        (None, &route.any),
    ];
    let (method, path) = method_and_path(reader, &span, paths)?;
    let answer_names = answer_names(&route);
    let status = reader.status(route.status);
    let headers = reader.headers(route.headers, answer_names);
    let body = match (route.body, route.text) {
        (None, None) => AnswerBody::Own,
        (Some(body), None) => AnswerBody::Json(reader.body(&body, answer_names)?),
        (None, Some(text)) => AnswerBody::Text {
            text: reader.template(&text, answer_names)?,
            content_type: content_type(reader, route.content_type.as_ref())?,
        },
        (Some(_), Some(text)) => {
            reader.error(text.span(), "a route answers with `body` or with `text`");
            return None;
        }
    };
    let targets = [
        ("creates", route.creates),
        ("lists", route.lists),
        ("reads", route.reads),
        ("changes", route.changes),
        ("deletes", route.deletes),
    ];
    let mut targets = targets
        .into_iter()
        .filter_map(|(key, target)| Some((key, target?)));
    let target = targets.next();
    if let Some((key, other)) = targets.next() {
        reader.error(
            other.span(),
            format!("a route does one thing, and `{key}` is a second"),
        );
    }
    if let Some((_, target)) = &target
        && !collections.contains(target.get_ref())
    {
        reader.note(
            target.span(),
            format!("there is no collection `{}`", target.get_ref()),
            format!("there are: {}", collections.join(", ")),
        );
    }
    let deed = match target {
        None => Deed::Nothing,
        Some((key, target)) => {
            let id = match key {
                "creates" | "lists" => None,
                _ => Some(id(reader, route.id.as_ref(), &path, &target)?),
            };
            let collection = target.into_inner();
            match (key, id) {
                ("creates", _) => Deed::Create {
                    collection,
                    set: reader.fields(route.set.unwrap_or_default(), &names::NEW_ITEM),
                },
                ("reads", Some(id)) => Deed::Read { collection, id },
                ("deletes", Some(id)) => Deed::Delete { collection, id },
                ("changes", Some(id)) => Deed::Change {
                    collection,
                    id,
                    change: match route.set {
                        Some(set) => Change::Fields(reader.fields(set, &names::ITEM)),
                        None => Change::Request,
                    },
                },
                _ => Deed::List { collection },
            }
        }
    };
    Some(Route {
        method,
        path,
        host: route.host,
        when: reader.conditions(route.when),
        requires: route.requires.unwrap_or_default(),
        is_open: route.open,
        deed,
        answer: AnswerTemplate {
            status,
            headers,
            body,
        },
    })
}

fn answer_names(route: &grammar::Route) -> Names<'static> {
    let has_item = route.creates.is_some()
        || route.reads.is_some()
        || route.changes.is_some()
        || route.deletes.is_some();
    if has_item {
        &names::ITEM
    } else if route.lists.is_some() {
        &names::LIST
    } else {
        &names::REQUEST
    }
}

fn content_type(
    reader: &mut Reader<'_>,
    content_type: Option<&Spanned<String>>,
) -> Option<HeaderValue> {
    let Some(content_type) = content_type else {
        return Some(HeaderValue::from_static("text/plain; charset=utf-8"));
    };
    let value = HeaderValue::try_from(content_type.get_ref()).ok();
    if value.is_none() {
        reader.error(content_type.span(), "this is no content type");
    }
    value
}

/// Which item: what `id` says, else the path's `{id}`.
fn id(
    reader: &mut Reader<'_>,
    id: Option<&Spanned<String>>,
    path: &PathPattern,
    target: &Spanned<String>,
) -> Option<Template> {
    match id {
        Some(id) => reader.template(id, &names::REQUEST),
        None if path.parameters().any(|name| name == "id") => {
            let id = Spanned::new(target.span(), "{{ path.id }}".to_owned());
            reader.template(&id, &names::REQUEST)
        }
        None => {
            reader.note(
                target.span(),
                "nothing says which item",
                "write `{id}` into the path, or `id = \"{{ form.id }}\"` beside it",
            );
            None
        }
    }
}

pub(super) fn method_and_path(
    reader: &mut Reader<'_>,
    span: &Range<usize>,
    paths: Paths<'_>,
) -> Option<(Option<Method>, PathPattern)> {
    let mut written = paths
        .into_iter()
        .filter_map(|(method, path)| Some((method, path.as_ref()?)));
    let Some((method, path)) = written.next() else {
        reader.note(
            span.clone(),
            "there is no path here",
            "write `get`, `post`, `put`, `patch`, `delete` or `any`, as in `get = \"/ping\"`",
        );
        return None;
    };
    if let Some((_, other)) = written.next() {
        reader.note(
            other.span(),
            "one route has one method",
            "write a second route, or `any` for every method",
        );
    }
    let method = method.and_then(|method| method.parse().ok());
    Some((method, reader.path(path)?))
}
