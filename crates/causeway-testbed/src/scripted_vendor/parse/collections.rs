//! Reads `[collections.NAME]` with what it does by itself and its actions.

use std::ops::Range;

use causeway_definition::Template;
use http::{Method, StatusCode};
use indexmap::IndexMap;
use toml::Spanned;

use super::super::grammar::{self, Requires, Verb};
use super::super::path::PathPattern;
use super::super::script::{
    AnswerBody, AnswerTemplate, Change, Collection, Conditions, Deed, Route,
};
use super::reader::{Reader, names};
use super::routes::method_and_path;

const EVERY_VERB: [Verb; 5] = [
    Verb::Create,
    Verb::List,
    Verb::Read,
    Verb::Change,
    Verb::Delete,
];

/// A collection with the routes that it brings.
pub(super) struct ReadCollection {
    pub collection: Collection,
    pub actions: Vec<Route>,
    pub verbs: Vec<Route>,
}

pub(super) fn collection(
    reader: &mut Reader<'_>,
    name: &str,
    read: Spanned<grammar::Collection>,
) -> ReadCollection {
    let span = read.span();
    let read = read.into_inner();
    let verbs = match &read.path {
        Some(path) => {
            let allowed = allowed(&read);
            verb_routes(reader, name, path, &allowed).unwrap_or_default()
        }
        None => {
            // Without a path it is reached by routes and actions alone.
            if read.only.is_some() {
                reader.error(span, format!("[collections.{name}] has no `path`"));
            }
            Vec::new()
        }
    };
    let mut actions = Vec::new();
    for action in read.actions {
        actions.extend(self::action(reader, name, action));
    }
    ReadCollection {
        collection: Collection {
            id: read.id.and_then(|id| reader.template(&id, &names::NEW_ID)),
            id_field: read.id_field.unwrap_or_else(|| "id".to_owned()),
            fields: reader.fields(read.fields, &names::NEW_ITEM),
            required: read.required,
            unique: read.unique,
            hidden: read.hidden,
            wrap_list: read.wrap_list.or_else(|| read.wrap.clone()),
            wrap: read.wrap,
            filters: read.filters,
            gone: reader.status(read.gone).unwrap_or(StatusCode::NOT_FOUND),
            shared: read.shared,
        },
        actions,
        verbs,
    }
}

fn allowed(read: &grammar::Collection) -> Vec<Verb> {
    match &read.only {
        Some(only) => only.iter().map(|verb| *verb.get_ref()).collect(),
        None => EVERY_VERB.to_vec(),
    }
}

fn verb_routes(
    reader: &mut Reader<'_>,
    name: &str,
    path: &Spanned<String>,
    allowed: &[Verb],
) -> Option<Vec<Route>> {
    let text = path.get_ref().trim_end_matches('/');
    let all = reader.path(&Spanned::new(path.span(), text.to_owned()))?;
    let one = reader.path(&Spanned::new(path.span(), format!("{text}/{{id}}")))?;
    let mut routes = Vec::new();
    for verb in allowed {
        let methods: &[Method] = match verb {
            Verb::Create => &[Method::POST],
            Verb::List | Verb::Read => &[Method::GET],
            Verb::Change => &[Method::PUT, Method::PATCH],
            Verb::Delete => &[Method::DELETE],
        };
        for method in methods {
            let collection = name.to_owned();
            let mut id = || id_in_path(reader, path.span());
            let (path, deed) = match verb {
                Verb::Create => {
                    let set = IndexMap::new();
                    (&all, Deed::Create { collection, set })
                }
                Verb::List => (&all, Deed::List { collection }),
                Verb::Read => {
                    let id = id()?;
                    (&one, Deed::Read { collection, id })
                }
                Verb::Change => {
                    let (id, change) = (id()?, Change::Request);
                    (
                        &one,
                        Deed::Change {
                            collection,
                            id,
                            change,
                        },
                    )
                }
                Verb::Delete => {
                    let id = id()?;
                    (&one, Deed::Delete { collection, id })
                }
            };
            routes.push(plain(method.clone(), path.clone(), deed));
        }
    }
    Some(routes)
}

fn id_in_path(reader: &mut Reader<'_>, span: Range<usize>) -> Option<Template> {
    let id = Spanned::new(span, "{{ path.id }}".to_owned());
    reader.template(&id, &names::REQUEST)
}

fn plain(method: Method, path: PathPattern, deed: Deed) -> Route {
    Route {
        method: Some(method),
        path,
        host: None,
        when: Conditions::default(),
        requires: Requires::default(),
        is_open: false,
        deed,
        answer: AnswerTemplate::default(),
    }
}

fn action(reader: &mut Reader<'_>, name: &str, action: Spanned<grammar::Action>) -> Option<Route> {
    let span = action.span();
    let action = action.into_inner();
    let paths = [
        (Some("GET"), &action.get),
        (Some("POST"), &action.post),
        (Some("PUT"), &action.put),
        (Some("PATCH"), &action.patch),
        (Some("DELETE"), &action.delete),
        (None, &action.any),
    ];
    let (method, path) = method_and_path(reader, &span, paths)?;
    if !path.parameters().any(|name| name == "id") {
        reader.error(
            span.clone(),
            "the path of an action says which item: `/accounts/{id}/suspend`",
        );
    }
    let id = id_in_path(reader, span)?;
    let collection = name.to_owned();
    let deed = match action.set {
        Some(set) => Deed::Change {
            collection,
            id,
            change: Change::Fields(reader.fields(set, &names::ITEM)),
        },
        None => Deed::Read { collection, id },
    };
    Some(Route {
        method,
        path,
        host: None,
        when: reader.conditions(action.when),
        requires: action.requires.unwrap_or_default(),
        is_open: false,
        deed,
        answer: AnswerTemplate {
            status: reader.status(action.status),
            headers: reader.headers(action.headers, &names::ITEM),
            body: match action.answer {
                Some(answer) => AnswerBody::Json(reader.body(&answer, &names::ITEM)?),
                None => AnswerBody::Own,
            },
        },
    })
}
