//! What is asked for without a collection: each request gets the answer that it got.

use indexmap::IndexMap;
use serde_json::Value;

use crate::scripted_vendor::Place;

use super::draft::{DraftBody, DraftRoute, Parameter};
use super::new_items::of_input;
use super::paths::Path;
use super::secrets::{Secrets, is_secret_field};
use super::seen::{Body, Seen};
use super::templates::{Known, literal, tree};

/// The names of a parameter that says what is to be done.
const DEEDS: [&str; 11] = [
    "action",
    "command",
    "cmd",
    "operation",
    "op",
    "function",
    "method",
    "task",
    "do",
    "type",
    "event",
];

/// Routes with the answers that were given, those for a certain request before those for any.
pub(super) fn plain_routes(seen: &[&Seen], secrets: &Secrets, hosts: &[String]) -> Vec<DraftRoute> {
    let mut groups: IndexMap<(&str, &[String], &str), Vec<&Seen>> = IndexMap::new();
    for exchange in seen {
        let call = &exchange.call;
        let host = if hosts.len() > 1 {
            call.host.as_str()
        } else {
            ""
        };
        groups
            .entry((call.method.as_str(), exchange.segments.as_slice(), host))
            .or_default()
            .push(exchange);
    }
    let mut routes = Vec::new();
    for ((_, _, host), group) in groups {
        let host = (!host.is_empty()).then(|| host.to_owned());
        let deed = deed_of(&group);
        let mut by_deed: IndexMap<Option<String>, Vec<&Seen>> = IndexMap::new();
        for exchange in group {
            let value = deed.as_ref().and_then(|(place, name)| {
                exchange
                    .call
                    .value(*place, name)?
                    .as_str()
                    .map(str::to_owned)
            });
            by_deed.entry(value).or_default().push(exchange);
        }
        for (value, group) in by_deed {
            let when = deed
                .as_ref()
                .zip(value)
                .map(|((place, name), value)| Parameter {
                    place: *place,
                    name: name.clone(),
                    value: literal(&value, secrets).into(),
                });
            routes.extend(answers_of(
                &group,
                when.into_iter().collect(),
                host.as_ref(),
                secrets,
            ));
        }
    }
    routes
}

/// The parameter by which requests to one path differ in what they want.
pub(super) fn deed_of(group: &[&Seen]) -> Option<(Place, String)> {
    let places = [Place::Form, Place::Json, Place::Query];
    DEEDS.iter().find_map(|name| {
        let place = places.into_iter().find(|place| {
            let values: Vec<Option<Value>> = group
                .iter()
                .map(|exchange| exchange.call.value(*place, name))
                .collect();
            values
                .iter()
                .all(|value| value.as_ref().is_some_and(Value::is_string))
                && values.iter().any(|value| *value != values[0])
        })?;
        Some((place, (*name).to_owned()))
    })
}

/// One route for each different answer: what differs in the requests tells them apart, and the last one
/// answers whatever else comes.
fn answers_of(
    group: &[&Seen],
    when: Vec<Parameter>,
    host: Option<&String>,
    secrets: &Secrets,
) -> Vec<DraftRoute> {
    let mut by_request: IndexMap<Vec<(Place, String, String)>, &Seen> = IndexMap::new();
    for exchange in group {
        // The same request later: what it was told in the end.
        by_request.insert(parameters_of(exchange, secrets), exchange);
    }
    let all_alike = by_request
        .values()
        .all(|exchange| exchange.answer == group[0].answer && exchange.status == group[0].status);
    if all_alike {
        by_request.truncate(1);
    }
    let constant: Vec<_> = by_request
        .keys()
        .next()
        .into_iter()
        .flatten()
        .filter(|parameter| by_request.keys().all(|other| other.contains(parameter)))
        .cloned()
        .collect();
    let last = by_request.len().saturating_sub(1);
    by_request
        .into_iter()
        .enumerate()
        .map(|(number, (parameters, exchange))| {
            let differing = parameters
                .into_iter()
                .filter(|parameter| number < last && !constant.contains(parameter))
                .map(|(place, name, value)| Parameter {
                    place,
                    name,
                    value: literal(&value, secrets).into(),
                });
            DraftRoute {
                method: exchange.call.method.clone(),
                path: written_path(exchange, secrets),
                host: host.cloned(),
                when: when.iter().cloned().chain(differing).collect(),
                is_open: false,
                deed: None,
                set: serde_json::Map::new(),
                status: usual_status(exchange, 200),
                body: body(
                    exchange,
                    &of_input(&exchange.input).collect::<Vec<_>>(),
                    secrets,
                ),
            }
        })
        .collect()
}

/// The parameters that are no secrets, by which two requests may differ.
fn parameters_of(exchange: &Seen, secrets: &Secrets) -> Vec<(Place, String, String)> {
    [Place::Query, Place::Form, Place::Json]
        .into_iter()
        .filter_map(|place| Some((place, exchange.call.parameters(place)?)))
        .flat_map(|(place, parameters)| parameters.iter().map(move |pair| (place, pair)))
        .filter_map(|(place, (name, value))| {
            let text = value.as_str()?;
            let is_secret = is_secret_field(name) || secrets.are_in(text);
            (!is_secret).then(|| (place, name.clone(), text.to_owned()))
        })
        .collect()
}

fn written_path(exchange: &Seen, secrets: &Secrets) -> String {
    let pieces = exchange.segments.iter().map(|segment| {
        let is_secret = secrets.are_in(segment);
        let segment = if is_secret { "{secret}" } else { segment };
        super::paths::Piece::Literal(segment.to_owned())
    });
    Path(pieces.collect()).written(None, &[])
}

pub(super) fn usual_status(exchange: &Seen, usual: u16) -> Option<u16> {
    let status = exchange.status.as_u16();
    (status != usual).then_some(status)
}

/// An answer as the script gives it.
pub(super) fn body(exchange: &Seen, known: &[Known], secrets: &Secrets) -> DraftBody {
    match &exchange.answer {
        Body::Empty => DraftBody::Text {
            content_type: "text/plain".to_owned(),
            text: String::new(),
        },
        Body::Json(value) => DraftBody::Json(tree("", value, known, secrets)),
        Body::Text { content_type, text } => DraftBody::Text {
            content_type: content_type.clone(),
            text: literal(text, secrets),
        },
    }
}
