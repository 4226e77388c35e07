//! What a new item is: its id, and what the vendor adds to what was sent.

use std::collections::HashSet;

use serde_json::Value;

use super::collections::Item;
use super::secrets::{Secrets, is_secret_field};
use super::templates::{
    Known, expression, fresh, is_hex, is_uuid, literal, member, random_hex, text_of, tree,
};
use super::varying::{SHORTEST_RANDOM, varying};

/// One creation: what was sent, what stood in the path, what came of it.
pub(super) struct Birth<'a> {
    pub input: &'a Item,
    pub path: Vec<Known>,
    pub item: Item,
}

/// What ids look like; `None` for plain numbers from 1.
pub(super) fn id(births: &[Birth<'_>], id_field: &str, secrets: &Secrets) -> Option<String> {
    let ids: Vec<&Value> = births
        .iter()
        .filter_map(|birth| birth.item.get(id_field))
        .collect();
    let first = *ids.first()?;
    let chosen = births.first()?.input.iter().find(|(name, value)| {
        text_of(value) == text_of(first)
            && births.iter().all(|birth| {
                birth.input.get(*name).map(text_of) == birth.item.get(id_field).map(text_of)
            })
    });
    if let Some((name, _)) = chosen {
        return Some(expression(&member("input", name)));
    }
    if let Some(first) = first.as_u64() {
        return match first.checked_sub(1)? {
            0 => None,
            before => Some(expression(&format!("number + {before}"))),
        };
    }
    let first = first.as_str()?;
    if is_uuid(first) {
        return Some(expression("uuid"));
    }
    let texts: Vec<&str> = ids.iter().filter_map(|id| id.as_str()).collect();
    if let Some(varying) = varying(&texts, secrets) {
        return Some(varying);
    }
    let stem = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &first[stem.len()..];
    let is_of_hex = first
        .rsplit(['_', '-'])
        .next()
        .is_some_and(|tail| tail.len() > SHORTEST_RANDOM && is_hex(tail));
    // Far up in the millions it is rather a random number.
    let counted = digits
        .parse::<u32>()
        .ok()
        .filter(|_| !digits.starts_with('0') && !is_of_hex);
    if let Some(number) = counted.filter(|number| *number > 0 && digits.len() <= 7) {
        let number = match number - 1 {
            0 => "number".to_owned(),
            before => format!("number + {before}"),
        };
        return Some(format!("{}{}", literal(stem, secrets), expression(&number)));
    }
    let tail = first.rfind(['_', '-']).map_or(0, |at| at + 1);
    let (stem, tail) = first.split_at(tail);
    Some(format!(
        "{}{}",
        literal(stem, secrets),
        random_hex(tail.len().clamp(8, 64))
    ))
}

/// The fields that were not sent, or are not as they were sent.
pub(super) fn fields(births: &[Birth<'_>], id_field: &str, secrets: &Secrets) -> Item {
    let Some(first) = births.first() else {
        return Item::new();
    };
    let mut fields = Item::new();
    for (name, value) in &first.item {
        let is_as_sent = births.iter().all(|birth| {
            let sent = birth.input.get(name);
            sent.is_some() && sent == birth.item.get(name)
        });
        if name != id_field && !is_as_sent {
            fields.insert(name.clone(), field(name, value, births, id_field, secrets));
        }
    }
    fields
}

fn field(
    name: &str,
    value: &Value,
    births: &[Birth<'_>],
    id_field: &str,
    secrets: &Secrets,
) -> Value {
    if let Some(made) = made_of_sent(name, births) {
        return made.into();
    }
    let values: HashSet<String> = births
        .iter()
        .filter_map(|birth| birth.item.get(name))
        .map(Value::to_string)
        .collect();
    let is_constant = births.len() > 1 && values.len() == 1;
    let Some(first) = births.first() else {
        return value.clone();
    };
    let texts: Vec<&str> = births
        .iter()
        .filter_map(|birth| birth.item.get(name)?.as_str())
        .collect();
    let is_plain = texts.len() == births.len() && !is_secret_field(name);
    match value.as_str().filter(|_| is_plain) {
        Some(text) if is_constant => literal(text, secrets).into(),
        Some(text) if fresh(name, text).is_none() => {
            match tree(name, value, &known(first, id_field), secrets) {
                // Neither the id nor what was sent is in it.
                Value::String(same) if same == literal(text, secrets) => {
                    varying(&texts, secrets).unwrap_or(same).into()
                }
                made => made,
            }
        }
        _ => tree(name, value, &known(first, id_field), secrets),
    }
}

fn known(birth: &Birth<'_>, id_field: &str) -> Vec<Known> {
    let id = birth.item.get(id_field).map(|value| Known {
        expression: "id".to_owned(),
        name: id_field.to_owned(),
        value: value.clone(),
        is_id: true,
    });
    id.into_iter()
        .chain(birth.path.clone())
        .chain(of_input(birth.input))
        .collect()
}

/// The values of a request, by their names.
pub(super) fn of_input(input: &Item) -> impl Iterator<Item = Known> {
    input.iter().map(|(name, value)| Known {
        expression: member("input", name),
        name: name.clone(),
        value: value.clone(),
        is_id: false,
    })
}

/// A field that is what was sent under its name, written in another way.
fn made_of_sent(name: &str, births: &[Birth<'_>]) -> Option<String> {
    type Way = (&'static str, fn(&Value) -> Value);
    let ways: [Way; 4] = [
        ("lower", |sent| text_of(sent).to_lowercase().into()),
        ("trim", |sent| text_of(sent).trim().into()),
        ("int", |sent| {
            let number: Option<i64> = text_of(sent).parse().ok();
            number.map_or(Value::Null, Value::from)
        }),
        ("string", |sent| text_of(sent).into()),
    ];
    let fits = |way: fn(&Value) -> Value| {
        births.iter().all(|birth| {
            let pair = birth.input.get(name).zip(birth.item.get(name));
            pair.is_some_and(|(sent, kept)| way(sent) == *kept)
        })
    };
    let (filter, _) = ways.into_iter().find(|(_, way)| fits(*way))?;
    Some(expression(&format!("{} | {filter}", member("input", name))))
}
