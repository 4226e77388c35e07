//! What a vendor keeps: paths to which something was posted that had an id in the answer, and was said
//! to be created, or was asked for or listed under that id.

use http::StatusCode;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::paths::{Path, Piece, identifier};
use super::seen::Seen;
use super::templates::text_of;

pub(super) type Item = Map<String, Value>;

pub(super) struct Found {
    pub name: String,
    pub path: Path,
    pub id_field: String,
    /// The field of an answer that holds the item; `None` when the answer is the item.
    pub wrap: Option<String>,
    /// By their ids, in the order of their creation.
    pub creates: IndexMap<String, Create>,
}

pub(super) struct Create {
    /// The exchange's number.
    pub exchange: usize,
    pub item: Item,
}

impl Found {
    /// The item in an answer.
    pub fn item<'a>(&self, answer: &'a Value) -> Option<&'a Item> {
        let item = match &self.wrap {
            Some(wrap) => answer.get(wrap)?,
            None => answer,
        };
        item.as_object()
            .filter(|item| item.get(&self.id_field).is_some_and(is_id))
    }

    /// Whether an answer has nothing beside the item.
    pub fn is_bare(&self, answer: &Value) -> bool {
        self.wrap.is_none() || answer.as_object().is_some_and(|fields| fields.len() == 1)
    }

    pub fn id_of(&self, item: &Item) -> String {
        item.get(&self.id_field).map(text_of).unwrap_or_default()
    }
}

/// The collections, those that lie below another after it.
pub(super) fn find(seen: &[Seen]) -> Vec<Found> {
    let mut posts: Vec<usize> = (0..seen.len())
        .filter(|number| seen[*number].call.method == "POST" && seen[*number].status.is_success())
        .collect();
    posts.sort_by_key(|number| seen[*number].segments.len());
    let mut found: Vec<Found> = Vec::new();
    for number in posts {
        let post = &seen[number];
        let Some(answer) = post.json() else { continue };
        let path = path_of(&post.segments, &found);
        let place = match found.iter().position(|collection| collection.path == path) {
            Some(place) => place,
            None => {
                let Some((wrap, id_field)) = id_place(seen, number, answer) else {
                    continue;
                };
                let name = name_of(&path, &found);
                found.push(Found {
                    name,
                    path,
                    id_field,
                    wrap,
                    creates: IndexMap::new(),
                });
                found.len() - 1
            }
        };
        let collection = &mut found[place];
        if let Some(item) = collection.item(answer).cloned() {
            let id = collection.id_of(&item);
            let create = Create {
                exchange: number,
                item,
            };
            collection.creates.entry(id).or_insert(create);
        }
    }
    for collection in &mut found {
        collection
            .creates
            .sort_by(|_, one, _, other| one.exchange.cmp(&other.exchange));
    }
    found
}

/// With the ids in it that are known.
pub(super) fn path_of(segments: &[String], found: &[Found]) -> Path {
    let mut path = Path::default();
    for segment in segments {
        let collection = found.iter().position(|collection| {
            collection.path == path && collection.creates.contains_key(segment)
        });
        path.0.push(match collection {
            Some(collection) => Piece::Id(collection),
            None => Piece::Literal(segment.clone()),
        });
    }
    path
}

/// Where in the answer to a create the item is, and which of its fields is its id: the one under which
/// it is asked for later, else the one that is called so.
fn id_place(seen: &[Seen], number: usize, answer: &Value) -> Option<(Option<String>, String)> {
    let whole = answer.as_object()?;
    let wrapped = whole
        .iter()
        .filter_map(|(name, value)| Some((Some(name.clone()), value.as_object()?)));
    for (wrap, item) in std::iter::once((None, whole)).chain(wrapped) {
        let mut fields: Vec<&String> = item
            .iter()
            .filter(|(_, value)| is_id(value))
            .map(|(name, _)| name)
            .collect();
        fields.sort_by_key(|name| usual(name));
        for name in fields {
            let is_usual = usual(name) < 2;
            let is_created = seen[number].status == StatusCode::CREATED;
            if is_asked_for(seen, number, &text_of(&item[name]))
                || is_usual && (is_created || is_listed(seen, number, name, &item[name]))
            {
                return Some((wrap, name.clone()));
            }
        }
    }
    None
}

fn usual(name: &str) -> usize {
    match name {
        "id" => 0,
        "uuid" | "_id" => 1,
        _ if name.ends_with("_id") || name.ends_with("Id") => 2,
        _ => 3,
    }
}

fn is_id(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_u64(),
        Value::String(text) => !text.is_empty() && !text.contains(['/', '?', '#', ' ']),
        _ => false,
    }
}

fn is_asked_for(seen: &[Seen], number: usize, id: &str) -> bool {
    let all = &seen[number].segments;
    seen[number + 1..].iter().any(|later| {
        later.segments.len() > all.len()
            && later.segments.starts_with(all)
            && later.segments[all.len()] == id
    })
}

fn is_listed(seen: &[Seen], number: usize, field: &str, id: &Value) -> bool {
    let all = &seen[number].segments;
    seen[number + 1..]
        .iter()
        .filter(|later| later.call.method == "GET" && later.segments == *all)
        .filter_map(|later| list_in(later.json()?, field))
        .any(|(_, items)| items.iter().any(|item| item.get(field) == Some(id)))
}

/// The list of items in an answer, and the field that holds it.
pub(super) fn list_in<'a>(
    answer: &'a Value,
    id_field: &str,
) -> Option<(Option<&'a str>, &'a Vec<Value>)> {
    let is_list = |list: &&Vec<Value>| {
        list.iter()
            .all(|item| item.get(id_field).is_some_and(is_id))
    };
    if let Value::Array(list) = answer {
        return is_list(&list).then_some((None, list));
    }
    answer.as_object()?.iter().find_map(|(name, value)| {
        let list = value.as_array().filter(is_list)?;
        Some((Some(name.as_str()), list))
    })
}

fn name_of(path: &Path, found: &[Found]) -> String {
    let literals = path.0.iter().rev().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(identifier(text)),
        Piece::Id(_) => None,
    });
    let mut name = String::new();
    for literal in literals {
        name = match name.is_empty() {
            true => literal,
            false => format!("{literal}_{name}"),
        };
        let is_taken = found.iter().any(|collection| collection.name == name);
        if !is_taken && name != "x" {
            return name;
        }
    }
    format!("items{}", found.len() + 1)
}
