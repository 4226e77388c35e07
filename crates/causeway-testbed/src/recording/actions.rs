//! What is done to items by other means than a collection has by itself: deeds below an item, and
//! deletions that leave it there with another status.

use crate::scripted_vendor::Place;

use super::collections::{Item, path_of};
use super::draft::{DraftBody, DraftRoute, Parameter};
use super::lives::Lives;
use super::new_items::of_input;
use super::paths::Path;
use super::plain_routes::{body, deed_of, usual_status};
use super::seen::Seen;
use super::templates::{Known, expression, literal, text_of, tree};

pub(super) type Deed = (String, Path, Option<(Place, String, String)>);

pub(super) struct Action {
    exchange: usize,
    collection: usize,
    deed: Deed,
    set: Item,
    answer: DraftBody,
}

impl Lives<'_> {
    /// A request below an item, or one that changes it in its own way.
    pub(super) fn acted(&mut self, collection: usize, id: String, path: Path, number: usize) {
        let exchange = &self.seen[number];
        let key = (collection, id);
        let deed = self.deed(path, number);
        let is_write = exchange.call.method != "GET";
        if is_write {
            self.untouched.remove(&key);
            self.pending.remove(&key);
        }
        if !self.actions.contains_key(&deed) {
            let action = Action {
                exchange: number,
                collection,
                deed: deed.clone(),
                set: Item::new(),
                answer: DraftBody::Own,
            };
            self.actions.insert(deed.clone(), action);
        }
        if is_write {
            self.pending.insert(key.clone(), deed.clone());
        }
        self.see_item(collection, exchange);
        let is_first = self.actions[&deed].exchange == number;
        if is_first && !self.is_own_answer(collection, exchange) {
            let state = self.states.get(&key).cloned().unwrap_or_default();
            let answer = body(
                exchange,
                &self.known(collection, &state, exchange),
                self.secrets,
            );
            self.actions[&deed].answer = answer;
        }
    }

    fn deed(&self, path: Path, number: usize) -> Deed {
        let exchange = &self.seen[number];
        let alike: Vec<&Seen> = self
            .seen
            .iter()
            .filter(|other| {
                other.call.method == exchange.call.method
                    && path_of(&other.segments, self.found) == path
                    && other.status.is_success()
            })
            .collect();
        let when = deed_of(&alike).and_then(|(place, name)| {
            let value = exchange.call.value(place, &name)?;
            Some((place, name, text_of(&value)))
        });
        (exchange.call.method.clone(), path, when)
    }

    pub(super) fn set_by(&mut self, deed: &Deed, collection: usize, changes: &Item) {
        let exchange = &self.seen[self.actions[deed].exchange];
        let known: Vec<Known> = of_input(&exchange.input)
            .chain(self.of_path(collection, exchange))
            .collect();
        for (name, value) in changes {
            // What was sent under another name: `{"state": "off"}` may change the field `power`.
            let sent = known
                .iter()
                .find(|known| known.value == *value && !text_of(value).is_empty());
            let value = match sent {
                Some(sent) if !known.iter().any(|known| known.name == *name) => {
                    expression(&sent.expression).into()
                }
                _ => tree(name, value, &known, self.secrets),
            };
            self.actions[deed].set.entry(name).or_insert(value);
        }
    }

    pub(super) fn write_actions(&mut self) {
        for action in std::mem::take(&mut self.actions).into_values() {
            let Action {
                exchange,
                collection,
                deed: (method, path, when),
                set,
                answer,
            } = action;
            let status = usual_status(&self.seen[exchange], 200);
            let when = when.map(|(place, name, value)| Parameter {
                place,
                name,
                value: literal(&value, self.secrets).into(),
            });
            // An action answers with JSON; what does not is a route.
            let is_route = matches!(answer, DraftBody::Text { .. });
            let deed = if set.is_empty() { "reads" } else { "changes" };
            let route = DraftRoute {
                method,
                path: path.written(Some(collection), &self.names),
                host: None,
                when: when.into_iter().collect(),
                is_open: false,
                deed: is_route.then(|| (deed, self.names[collection].clone())),
                set,
                status,
                body: answer,
            };
            let learned = &mut self.learned[collection];
            match is_route {
                true => learned.routes.push(route),
                false => learned.actions.push(route),
            }
        }
    }
}
