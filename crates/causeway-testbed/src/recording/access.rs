//! How requests show who they are, how a repeated one is known, and what refusals look like.

use std::collections::HashSet;

use serde_json::Value;

use crate::scripted_vendor::Place;

use super::draft::{DraftAuth, Parameter};
use super::secrets::{Secrets, is_secret_field, is_secret_header};
use super::seen::{Body, Seen};
use super::templates::{expression, tree};

/// The header by which a repeated request is known.
pub(super) fn idempotency(seen: &[Seen]) -> Option<String> {
    seen.iter()
        .flat_map(|exchange| exchange.call.headers.keys())
        .map(|name| name.as_str())
        .find(|name| name.contains("idempotency"))
        .map(capitals)
}

/// What each of these requests brings, the same in all.
pub(super) fn auth(seen: &[&Seen], all: &[Seen]) -> Option<DraftAuth> {
    headers(seen, all).or_else(|| parameters(seen))
}

/// Whether a request brings what others have to.
pub(super) fn brings(exchange: &Seen, auth: &DraftAuth) -> bool {
    match auth {
        DraftAuth::Header { name, .. } => exchange.call.headers.contains_key(name.as_str()),
        DraftAuth::Basic => exchange.call.headers.contains_key("authorization"),
        DraftAuth::Query { name } => exchange.call.query(name).is_some(),
        DraftAuth::Needs(parameters) => parameters
            .iter()
            .all(|needed| exchange.call.value(needed.place, &needed.name).is_some()),
    }
}

/// The parameters that are brought for no other reason.
pub(super) fn names(auth: Option<&DraftAuth>) -> HashSet<&str> {
    match auth {
        Some(DraftAuth::Query { name }) => HashSet::from([name.as_str()]),
        Some(DraftAuth::Needs(parameters)) => parameters
            .iter()
            .map(|needed| needed.name.as_str())
            .collect(),
        _ => HashSet::new(),
    }
}

fn headers(seen: &[&Seen], all: &[Seen]) -> Option<DraftAuth> {
    let first = seen.first()?;
    let mut same = first
        .call
        .headers
        .iter()
        .filter(|(name, _)| is_secret_header(name.as_str()) && *name != "cookie")
        .filter(|(name, value)| {
            seen.iter()
                .all(|exchange| exchange.call.headers.get(*name) == Some(*value))
        })
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .filter(|(_, value)| !was_given(value, all));
    let (name, value) = same.next()?;
    let others: Vec<_> = same.collect();
    if !others.is_empty() {
        let needed = std::iter::once((name, value)).chain(others);
        return Some(DraftAuth::Needs(
            needed
                .map(|(name, value)| Parameter {
                    place: Place::Headers,
                    name: capitals(name),
                    value: shown(name, value).into(),
                })
                .collect(),
        ));
    }
    if value.to_ascii_lowercase().starts_with("basic ") {
        return Some(DraftAuth::Basic);
    }
    Some(DraftAuth::Header {
        name: capitals(name),
        value: shown(name, value),
    })
}

/// Whether the vendor itself has given out what the header holds, as with a login before.
fn was_given(value: &str, all: &[Seen]) -> bool {
    let credential = value.rsplit(' ').next().unwrap_or(value);
    all.iter().any(|exchange| match &exchange.answer {
        Body::Json(answer) => answer.to_string().contains(credential),
        Body::Text { text, .. } => text.contains(credential),
        Body::Empty => false,
    })
}

fn shown(name: &str, value: &str) -> String {
    let credential = expression(if is_of_user(name) {
        "username"
    } else {
        "credential"
    });
    match value.split_once(' ') {
        Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            format!("{scheme} {credential}")
        }
        _ => credential,
    }
}

fn is_of_user(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["user", "email", "login", "account", "identifier"]
        .iter()
        .any(|part| name.contains(part))
}

fn parameters(seen: &[&Seen]) -> Option<DraftAuth> {
    let first = seen.first().filter(|_| seen.len() > 1)?;
    let mut needed = Vec::new();
    for place in [Place::Query, Place::Form, Place::Json] {
        for (name, value) in first.call.parameters(place).into_iter().flatten() {
            let is_in_all = seen
                .iter()
                .all(|exchange| exchange.call.value(place, name).as_ref() == Some(value));
            let is_secret = is_secret_field(name);
            if is_in_all && (is_secret || is_of_user(name)) {
                let shown = if is_secret { "credential" } else { "username" };
                needed.push(Parameter {
                    place,
                    name: name.clone(),
                    value: expression(shown).into(),
                });
            }
        }
    }
    let has_secret = needed
        .iter()
        .any(|parameter| is_secret_field(&parameter.name));
    match needed.as_slice() {
        _ if !has_secret => None,
        [
            Parameter {
                place: Place::Query,
                name,
                ..
            },
        ] => Some(DraftAuth::Query { name: name.clone() }),
        _ => Some(DraftAuth::Needs(needed)),
    }
}

/// What refusals look like, where they differ from the usual ones.
pub(super) fn error(seen: &[Seen], secrets: &Secrets) -> Option<Value> {
    let refusals = seen
        .iter()
        .filter(|exchange| exchange.status.is_client_error())
        .filter_map(|exchange| Some((exchange.status.as_u16(), exchange.json()?)));
    refusals
        .filter_map(|(status, body)| {
            let usual = ["message", "errors"];
            let fields = body.as_object()?;
            let is_usual = fields.get("message").is_some_and(Value::is_string)
                && fields.keys().all(|name| usual.contains(&name.as_str()));
            let mut has_message = false;
            let body = refusal("", body, status, &mut has_message, secrets);
            (has_message && !is_usual).then_some(body)
        })
        .next()
}

fn refusal(
    name: &str,
    value: &Value,
    status: u16,
    has_message: &mut bool,
    secrets: &Secrets,
) -> Value {
    const MESSAGES: [&str; 9] = [
        "message",
        "error",
        "detail",
        "description",
        "reason",
        "msg",
        "title",
        "error_description",
        "error_message",
    ];
    match value {
        Value::String(_) if !*has_message && MESSAGES.contains(&name) => {
            *has_message = true;
            expression("message").into()
        }
        Value::Number(number) if number.as_u64() == Some(status.into()) => {
            expression("status").into()
        }
        Value::Object(_) if name == "errors" => expression("errors").into(),
        Value::Object(fields) => {
            let mut shaped = serde_json::Map::new();
            for (name, field) in fields {
                shaped.insert(
                    name.clone(),
                    refusal(name, field, status, has_message, secrets),
                );
            }
            Value::Object(shaped)
        }
        other => tree(name, other, &[], secrets),
    }
}

/// As headers are usually written: `x-api-key` is `X-Api-Key`.
fn capitals(name: &str) -> String {
    name.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                format!("{}{}", first.to_ascii_uppercase(), letters.as_str())
            })
        })
        .collect::<Vec<_>>()
        .join("-")
}
