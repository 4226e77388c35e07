//! What each exchange is about.

use std::collections::HashMap;

use super::collections::{Found, path_of};
use super::paths::{Path, Piece, singular};
use super::seen::Seen;
use super::templates::Known;

/// What an exchange is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Create(usize),
    /// Something else at the path of a collection.
    All(usize),
    Item(usize, String),
    /// Something below an item.
    Below(usize, String, Path),
    /// An id that no item had.
    Nobody(usize),
    Plain,
}

pub(super) fn roles(seen: &[Seen], found: &[Found]) -> Vec<Role> {
    let creates: HashMap<usize, usize> = found
        .iter()
        .enumerate()
        .flat_map(|(place, collection)| {
            let creates = collection.creates.values();
            creates.map(move |create| (create.exchange, place))
        })
        .collect();
    let role = |(number, exchange): (usize, &Seen)| {
        if let Some(collection) = creates.get(&number) {
            return Role::Create(*collection);
        }
        let path = path_of(&exchange.segments, found);
        if let Some(collection) = found.iter().position(|collection| collection.path == path) {
            return Role::All(collection);
        }
        if let Some(collection) = path.last_id() {
            let above = &found[collection].path.0;
            let id = exchange.segments[above.len()].clone();
            return match path.0.len() == above.len() + 1 {
                true => Role::Item(collection, id),
                false => Role::Below(collection, id, path),
            };
        }
        let above = found.iter().position(|collection| {
            path.0.len() == collection.path.0.len() + 1 && path.0.starts_with(&collection.path.0)
        });
        match above {
            Some(collection) if matches!(exchange.status.as_u16(), 404 | 410) => {
                Role::Nobody(collection)
            }
            _ => Role::Plain,
        }
    };
    seen.iter().enumerate().map(role).collect()
}

/// The ids in a path, by the names that they have in the script, apart from those of `own`.
pub(super) fn path_values(segments: &[String], own: usize, found: &[Found]) -> Vec<Known> {
    let path = path_of(segments, found);
    path.0
        .iter()
        .zip(segments)
        .filter_map(|(piece, segment)| match piece {
            Piece::Id(collection) if *collection != own => {
                let name = singular(&found[*collection].name);
                Some(Known {
                    expression: format!("path.{name}"),
                    name,
                    value: segment.as_str().into(),
                    is_id: true,
                })
            }
            _ => None,
        })
        .collect()
}
