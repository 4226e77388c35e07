//! What a route does to a collection.

use causeway_definition::request::BodyTemplate;
use causeway_definition::{EvaluationError, Names, Template};
use http::StatusCode;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::call::{Call, as_text, is_missing};
use super::items::{Item, Items};
use super::script::{Change, Collection, Deed, Route};
use super::vendor::Failure;

/// What a deed has come to, with the collection that shapes the answer.
pub(super) enum Outcome<'s> {
    Nothing,
    Created {
        item: Item,
        shape: &'s Collection,
    },
    Found {
        item: Item,
        shape: &'s Collection,
    },
    Listed {
        items: Vec<Item>,
        shape: &'s Collection,
    },
    Deleted {
        item: Item,
    },
}

/// The request, and what templates may use.
pub(super) struct Asked<'a> {
    pub input: Map<String, Value>,
    pub call: &'a Call,
    pub path: &'a IndexMap<String, String>,
    pub names: &'a Names,
}

/// Does to the items what the route says.
pub(super) fn perform<'s>(
    route: &Route,
    collections: &'s IndexMap<String, Collection>,
    items: &mut Items,
    asked: &Asked<'_>,
) -> Result<Outcome<'s>, Failure> {
    let place = |collection: &str| {
        let shape = collections.get_key_value(collection);
        let (name, shape) = shape.ok_or_else(|| {
            let message = format!("There is no collection {collection}.");
            Refusal::new(StatusCode::NOT_FOUND, message)
        })?;
        Ok::<_, Refusal>(Place { name, shape })
    };
    match &route.deed {
        Deed::Nothing => Ok(Outcome::Nothing),
        Deed::Create { collection, set } => place(collection)?.create(items, set, asked),
        Deed::List { collection } => Ok(place(collection)?.list(items, asked)),
        Deed::Read { collection, id } => place(collection)?.read(items, id, asked),
        Deed::Change {
            collection,
            id,
            change,
        } => place(collection)?.change(items, id, change, asked),
        Deed::Delete { collection, id } => place(collection)?.delete(items, id, asked),
    }
}

/// The collection that something is done to.
struct Place<'s> {
    name: &'s str,
    shape: &'s Collection,
}

impl<'s> Place<'s> {
    fn create(
        &self,
        items: &mut Items,
        set: &IndexMap<String, BodyTemplate>,
        asked: &Asked<'_>,
    ) -> Result<Outcome<'s>, Failure> {
        self.check_required(&asked.input)?;
        self.check_unique(items, &asked.input, None)?;
        let number = items.next_number(self.name);
        let names = asked.names.with(&named("number", number.into()));
        let id = match &self.shape.id {
            Some(id) => id.value(&names)?,
            None => number.into(),
        };
        if items.find(self.name, &as_text(&id)).is_some() {
            return Err(self.taken(&self.shape.id_field).into());
        }
        let names = names.with(&named("id", id.clone()));
        let mut item = named(&self.shape.id_field, id);
        for (name, value) in &asked.input {
            // An id is the vendor's to give.
            item.entry(name).or_insert_with(|| value.clone());
        }
        for (name, value) in asked.path {
            item.entry(name).or_insert_with(|| value.as_str().into());
        }
        for (name, value) in self.shape.fields.iter().chain(set) {
            item.insert(name.clone(), value.render(&names)?);
        }
        items.add(self.name, item.clone());
        let shape = self.shape;
        Ok(Outcome::Created { item, shape })
    }

    fn list(&self, items: &Items, asked: &Asked<'_>) -> Outcome<'s> {
        let input = asked.call.input();
        let filters: Vec<(&str, String)> = self
            .shape
            .filters
            .iter()
            .filter_map(|name| Some((name.as_str(), as_text(input.get(name)?))))
            .collect();
        let fits = |item: &Item| {
            self.is_below(item, asked)
                && filters.iter().all(|(name, wanted)| {
                    item.get(*name).is_some_and(|has| as_text(has) == *wanted)
                })
        };
        let items = items.live(self.name).iter();
        Outcome::Listed {
            items: items.filter(|item| fits(item)).cloned().collect(),
            shape: self.shape,
        }
    }

    fn read(
        &self,
        items: &Items,
        id: &Template,
        asked: &Asked<'_>,
    ) -> Result<Outcome<'s>, Failure> {
        let (_, item) = self.find(items, id, asked)?;
        let shape = self.shape;
        Ok(Outcome::Found { item, shape })
    }

    fn change(
        &self,
        items: &mut Items,
        id: &Template,
        change: &Change,
        asked: &Asked<'_>,
    ) -> Result<Outcome<'s>, Failure> {
        let (id, mut item) = self.find(items, id, asked)?;
        match change {
            Change::Request => {
                self.check_unique(items, &asked.input, Some(&id))?;
                for (name, value) in &asked.input {
                    if *name != self.shape.id_field {
                        item.insert(name.clone(), value.clone());
                    }
                }
            }
            Change::Fields(fields) => {
                let names = asked.names.with(&named("item", item.clone().into()));
                for (name, value) in fields {
                    item.insert(name.clone(), value.render(&names)?);
                }
            }
        }
        items.replace(self.name, &id, item.clone());
        let shape = self.shape;
        Ok(Outcome::Found { item, shape })
    }

    fn delete(
        &self,
        items: &mut Items,
        id: &Template,
        asked: &Asked<'_>,
    ) -> Result<Outcome<'s>, Failure> {
        let (id, item) = self.find(items, id, asked)?;
        items.remove(self.name, &id);
        Ok(Outcome::Deleted { item })
    }

    /// The item and its id as a text.
    fn find(
        &self,
        items: &Items,
        id: &Template,
        asked: &Asked<'_>,
    ) -> Result<(String, Item), Failure> {
        let id = match id.text(asked.names) {
            Ok(id) => id,
            // A request that says no id asks for none that is there.
            Err(EvaluationError::Undefined { .. }) => String::new(),
            Err(error) => return Err(error.into()),
        };
        let found = items.find(self.name, &id);
        match found.filter(|item| self.is_below(item, asked)) {
            Some(item) => Ok((id, item.clone())),
            None => {
                let message = format!("There is no {id:?} in {}.", self.name);
                Err(Refusal::new(self.shape.gone, message).into())
            }
        }
    }

    /// Whether an item is of the path that was asked for, as in `/users/{user}/keys`.
    fn is_below(&self, item: &Item, asked: &Asked<'_>) -> bool {
        asked
            .path
            .iter()
            .filter(|(name, _)| *name != "id")
            .filter_map(|(name, wanted)| Some((item.get(name)?, wanted)))
            .all(|(has, wanted)| as_text(has) == *wanted)
    }

    fn check_required(&self, input: &Map<String, Value>) -> Result<(), Refusal> {
        let required = self.shape.required.iter();
        let missing: Vec<_> = required
            .filter(|name| is_missing(input.get(name.as_str())))
            .collect();
        let Some(first) = missing.first() else {
            return Ok(());
        };
        let message = |name: &str| format!("The {name} field is required.");
        let refusal = Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message(first));
        Err(missing.iter().fold(refusal, |refusal, name| {
            refusal.of_field(name, message(name))
        }))
    }

    /// Whether another item has a value that only one may have.
    fn check_unique(
        &self,
        items: &Items,
        input: &Map<String, Value>,
        own: Option<&str>,
    ) -> Result<(), Refusal> {
        for name in &self.shape.unique {
            let Some(wanted) = input.get(name).map(as_text) else {
                continue;
            };
            let is_taken = items.live(self.name).iter().any(|item| {
                let is_own = item.get(&self.shape.id_field).map(as_text).as_deref() == own;
                !(own.is_some() && is_own)
                    && item.get(name).is_some_and(|has| as_text(has) == wanted)
            });
            if is_taken {
                return Err(self.taken(name));
            }
        }
        Ok(())
    }

    fn taken(&self, name: &str) -> Refusal {
        let message = format!("The {name} has already been taken.");
        Refusal::new(StatusCode::CONFLICT, message.clone()).of_field(name, message)
    }
}

pub(super) fn named(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}
