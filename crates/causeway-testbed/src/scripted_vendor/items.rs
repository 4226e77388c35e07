//! What the vendor has: the items of its collections.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::call::as_text;

/// One thing at the vendor.
pub(super) type Item = Map<String, Value>;

/// Every collection with its live items, in the order of their creation.
#[derive(Debug, Clone, Default)]
pub(super) struct Items(IndexMap<String, Collected>);

#[derive(Debug, Clone, Default)]
struct Collected {
    /// How many there ever were.
    count: u64,
    id_field: String,
    live: Vec<Item>,
}

impl Items {
    pub fn new<'n>(collections: impl Iterator<Item = (&'n str, &'n str)>) -> Self {
        Self(
            collections
                .map(|(name, id_field)| {
                    let collected = Collected {
                        id_field: id_field.to_owned(),
                        ..Collected::default()
                    };
                    (name.to_owned(), collected)
                })
                .collect(),
        )
    }

    /// The number of the item to come, from 1.
    pub fn next_number(&mut self, collection: &str) -> u64 {
        self.0.get_mut(collection).map_or(1, |collected| {
            collected.count += 1;
            collected.count
        })
    }

    pub fn add(&mut self, collection: &str, item: Item) {
        if let Some(collected) = self.0.get_mut(collection) {
            collected.live.push(item);
        }
    }

    pub fn live(&self, collection: &str) -> &[Item] {
        self.0
            .get(collection)
            .map_or(&[], |collected| collected.live.as_slice())
    }

    pub fn find(&self, collection: &str, id: &str) -> Option<&Item> {
        let collected = self.0.get(collection)?;
        collected.live.get(collected.position(id)?)
    }

    pub fn replace(&mut self, collection: &str, id: &str, item: Item) {
        if let Some(collected) = self.0.get_mut(collection)
            && let Some(position) = collected.position(id)
        {
            collected.live[position] = item;
        }
    }

    pub fn remove(&mut self, collection: &str, id: &str) -> Option<Item> {
        let collected = self.0.get_mut(collection)?;
        let position = collected.position(id)?;
        Some(collected.live.remove(position))
    }

    pub fn remove_all(&mut self, collection: &str) {
        if let Some(collected) = self.0.get_mut(collection) {
            collected.live.clear();
        }
    }

    /// Every collection's name and live items.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[Item])> {
        self.0
            .iter()
            .map(|(name, collected)| (name.as_str(), collected.live.as_slice()))
    }
}

impl Collected {
    fn position(&self, id: &str) -> Option<usize> {
        self.live.iter().position(|item| {
            item.get(&self.id_field)
                .is_some_and(|value| as_text(value) == id)
        })
    }
}
