//! The lives of items, from one exchange to the next: what was done to them, and what it changed.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::actions::{Action, Deed};
use super::collections::{Found, Item, list_in, path_of};
use super::draft::{DraftBody, DraftRoute};
use super::new_items::of_input;
use super::paths::{Path, Piece};
use super::plain_routes::{body, usual_status};
use super::roles::{Role, path_values};
use super::secrets::Secrets;
use super::seen::{Body, Seen};
use super::templates::{Known, member, same, text_of};

/// What has been learned of one collection, beside how its items begin.
#[derive(Default)]
pub(super) struct Learned {
    /// What the vendor showed of a new item before anything was done to it, by its id.
    pub grown: HashMap<String, Item>,
    /// Fields that were shown.
    pub shown: HashSet<String>,
    pub wrap_list: Option<String>,
    pub filters: Vec<String>,
    pub gone: Option<u16>,
    pub required: Vec<String>,
    pub unique: Vec<String>,
    pub actions: Vec<DraftRoute>,
    /// Where the collection's own answers are not those that were given.
    pub routes: Vec<DraftRoute>,
}

pub(super) struct Lives<'a> {
    pub(super) seen: &'a [Seen],
    pub(super) found: &'a [Found],
    pub(super) roles: &'a [Role],
    pub(super) names: Vec<String>,
    pub(super) secrets: &'a Secrets,
    pub(super) learned: Vec<Learned>,
    pub(super) states: HashMap<(usize, String), Item>,
    pub(super) untouched: HashSet<(usize, String)>,
    /// What was done last to an item that has not been seen since.
    pub(super) pending: HashMap<(usize, String), Deed>,
    pub(super) actions: IndexMap<Deed, Action>,
    pub(super) written: HashSet<(String, String)>,
}

impl<'a> Lives<'a> {
    pub fn new(
        seen: &'a [Seen],
        found: &'a [Found],
        roles: &'a [Role],
        secrets: &'a Secrets,
    ) -> Self {
        Self {
            seen,
            found,
            roles,
            names: found
                .iter()
                .map(|collection| collection.name.clone())
                .collect(),
            secrets,
            learned: found.iter().map(|_| Learned::default()).collect(),
            states: HashMap::new(),
            untouched: HashSet::new(),
            pending: HashMap::new(),
            actions: IndexMap::new(),
            written: HashSet::new(),
        }
    }

    /// Goes through it all, in its order.
    pub fn learn(mut self) -> Vec<Learned> {
        for number in 0..self.seen.len() {
            let exchange = &self.seen[number];
            match self.roles[number].clone() {
                _ if exchange.status.is_server_error() => {}
                role if exchange.status.is_client_error() => self.refused(&role, exchange),
                Role::Create(collection) => self.created(collection, number),
                Role::All(collection) if exchange.call.method == "GET" => {
                    self.listed(collection, exchange);
                }
                Role::Item(collection, id) => self.asked(collection, id, number),
                Role::Below(collection, id, path) => self.acted(collection, id, path, number),
                Role::All(_) | Role::Nobody(_) | Role::Plain => {}
            }
        }
        self.write_actions();
        self.learned
    }

    fn refused(&mut self, role: &Role, exchange: &Seen) {
        let status = exchange.status.as_u16();
        let is_gone = matches!(status, 404 | 410);
        match role {
            Role::Item(collection, _) | Role::Nobody(collection) if is_gone => {
                self.learned[*collection].gone = (status != 404).then_some(status);
            }
            Role::All(collection) if exchange.call.method == "POST" => {
                self.not_created(*collection, exchange);
            }
            _ => {}
        }
    }

    /// Which fields the vendor wants, and wants once, by what it says of them.
    fn not_created(&mut self, collection: usize, exchange: &Seen) {
        let errors = exchange
            .json()
            .and_then(|body| body.get("errors")?.as_object());
        for name in errors.into_iter().flat_map(|errors| errors.keys()) {
            let sent = exchange
                .input
                .get(name)
                .filter(|sent| !text_of(sent).is_empty());
            let is_taken = sent.is_some_and(|sent| {
                self.states.iter().any(|((of, _), state)| {
                    *of == collection && state.get(name).is_some_and(|has| same(has, sent))
                })
            });
            let learned = &mut self.learned[collection];
            let names = match sent {
                None => &mut learned.required,
                Some(_) if is_taken => &mut learned.unique,
                Some(_) => continue,
            };
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }

    fn created(&mut self, collection: usize, number: usize) {
        let (found, exchange) = (&self.found[collection], &self.seen[number]);
        let Some(item) = exchange.json().and_then(|answer| found.item(answer)) else {
            return;
        };
        let key = (collection, found.id_of(item));
        self.learned[collection].shown.extend(item.keys().cloned());
        self.untouched.insert(key.clone());
        self.pending.remove(&key);
        let state = with(&exchange.input, item);
        let is_bare = exchange.json().is_some_and(|answer| found.is_bare(answer));
        if !is_bare || exchange.status.as_u16() != 201 {
            let body = match is_bare {
                true => DraftBody::Own,
                false => body(
                    exchange,
                    &self.known(collection, &state, exchange),
                    self.secrets,
                ),
            };
            let status = usual_status(exchange, 201);
            self.write(collection, number, "creates", status, body);
        }
        self.states.insert(key, state);
    }

    /// A request to the item itself.
    fn asked(&mut self, collection: usize, id: String, number: usize) {
        let exchange = &self.seen[number];
        let key = (collection, id);
        let path = self.found[collection].path.clone();
        let path = Path([path.0, vec![Piece::Id(collection)]].concat());
        match exchange.call.method.as_str() {
            "GET" => {
                self.see_item(collection, exchange);
                if !self.is_own_answer(collection, exchange) {
                    self.write_of_item(collection, number, "reads", 200, &key);
                }
            }
            "DELETE" if self.stays(&key, number) => {
                self.acted(collection, key.1, path, number);
            }
            "DELETE" => {
                let is_own = exchange.answer == Body::Empty;
                let is_usual = is_own && exchange.status.as_u16() == 204;
                if is_own && !is_usual {
                    let status = usual_status(exchange, 204);
                    self.write(collection, number, "deletes", status, DraftBody::Own);
                } else if !is_usual {
                    self.write_of_item(collection, number, "deletes", 200, &key);
                }
                self.states.remove(&key);
                self.pending.remove(&key);
            }
            method => {
                let has_own_path = matches!(method, "PUT" | "PATCH");
                self.untouched.remove(&key);
                let sent = exchange.input.clone();
                if let Some(state) = self.states.get_mut(&key) {
                    *state = with(state, &sent);
                }
                self.see_item(collection, exchange);
                if !has_own_path || !self.is_own_answer(collection, exchange) {
                    self.write_of_item(collection, number, "changes", 200, &key);
                }
            }
        }
    }

    /// Whether what was deleted is there afterwards: it has another status, then.
    fn stays(&self, key: &(usize, String), number: usize) -> bool {
        let found = &self.found[key.0];
        let later = self.seen.iter().zip(self.roles).skip(number + 1);
        for (exchange, role) in later {
            if exchange.call.method != "GET" || !exchange.status.is_success() {
                continue;
            }
            match role {
                Role::Item(of, id) if (*of, id) == (key.0, &key.1) => return true,
                Role::All(of) if *of == key.0 => {
                    let list = exchange
                        .json()
                        .and_then(|body| list_in(body, &found.id_field));
                    let mut items = list.into_iter().flat_map(|(_, items)| items);
                    if items
                        .any(|item| item.get(&found.id_field).map(text_of).as_ref() == Some(&key.1))
                    {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether the answer is the item and nothing else.
    pub(super) fn is_own_answer(&self, collection: usize, exchange: &Seen) -> bool {
        let found = &self.found[collection];
        exchange.status.as_u16() == 200
            && exchange
                .json()
                .is_some_and(|answer| found.is_bare(answer) && found.item(answer).is_some())
    }

    pub(super) fn see_item(&mut self, collection: usize, exchange: &Seen) {
        let found = &self.found[collection];
        if let Some(item) = exchange
            .json()
            .and_then(|answer| found.item(answer))
            .cloned()
        {
            self.observe(collection, &item);
        }
    }

    /// The vendor shows an item: what is different was done by what was done last.
    pub(super) fn observe(&mut self, collection: usize, item: &Item) {
        let key = (collection, self.found[collection].id_of(item));
        let Some(before) = self.states.get(&key) else {
            return;
        };
        let differs = item
            .iter()
            .filter(|(name, value)| before.get(*name) != Some(*value));
        let changes: Item = differs
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let state = with(before, item);
        self.learned[collection].shown.extend(item.keys().cloned());
        if self.untouched.contains(&key) {
            let grown = self.learned[collection]
                .grown
                .entry(key.1.clone())
                .or_default();
            grown.extend(changes);
        } else if let Some(deed) = self.pending.remove(&key) {
            self.set_by(&deed, collection, &changes);
        }
        self.states.insert(key, state);
    }

    /// What a template of an answer can name.
    pub(super) fn known(&self, collection: usize, state: &Item, exchange: &Seen) -> Vec<Known> {
        let id_field = &self.found[collection].id_field;
        let of_item = state.iter().map(|(name, value)| Known {
            expression: member("item", name),
            name: name.clone(),
            value: value.clone(),
            is_id: name == id_field,
        });
        of_item
            .chain(self.of_path(collection, exchange))
            .chain(of_input(&exchange.input))
            .collect()
    }

    /// The ids of others in the path.
    pub(super) fn of_path(&self, own: usize, exchange: &Seen) -> Vec<Known> {
        path_values(&exchange.segments, own, self.found)
    }

    fn write_of_item(
        &mut self,
        collection: usize,
        number: usize,
        deed: &'static str,
        usual: u16,
        key: &(usize, String),
    ) {
        let exchange = &self.seen[number];
        let state = self.states.get(key).cloned().unwrap_or_default();
        let is_bare_item = exchange.json().is_some_and(|answer| {
            let found = &self.found[collection];
            found.is_bare(answer) && found.item(answer).is_some()
        });
        let body = match is_bare_item && deed != "deletes" {
            true => DraftBody::Own,
            false => body(
                exchange,
                &self.known(collection, &state, exchange),
                self.secrets,
            ),
        };
        let status = usual_status(exchange, usual);
        self.write(collection, number, deed, status, body);
    }

    pub(super) fn write(
        &mut self,
        collection: usize,
        number: usize,
        deed: &'static str,
        status: Option<u16>,
        body: DraftBody,
    ) {
        let exchange = &self.seen[number];
        let path = path_of(&exchange.segments, self.found).written(Some(collection), &self.names);
        self.put_route(collection, exchange, path, deed, status, body);
    }

    /// One route for each method and path: the first that was seen.
    pub(super) fn put_route(
        &mut self,
        collection: usize,
        exchange: &Seen,
        path: String,
        deed: &'static str,
        status: Option<u16>,
        body: DraftBody,
    ) {
        let method = exchange.call.method.clone();
        if !self.written.insert((method.clone(), path.clone())) {
            return;
        }
        self.learned[collection].routes.push(DraftRoute {
            method,
            path,
            host: None,
            when: Vec::new(),
            is_open: false,
            deed: Some((deed, self.names[collection].clone())),
            set: Item::new(),
            status,
            body,
        });
    }
}

pub(super) fn with(one: &Item, other: &Item) -> Item {
    let mut both = one.clone();
    both.extend(other.clone());
    both
}
