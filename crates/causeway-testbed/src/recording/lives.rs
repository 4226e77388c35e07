//! The lives of items, from one exchange to the next: what was done to them, and what it changed.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::scripted_vendor::Place;

use super::collections::{Found, Item, list_in, path_of};
use super::draft::{DraftBody, DraftRoute, Parameter};
use super::new_items::of_input;
use super::paths::{Path, Piece, singular};
use super::plain_routes::{body, deed_of, usual_status};
use super::secrets::Secrets;
use super::seen::{Body, Seen};
use super::templates::{Known, expression, literal, member, same, text_of, tree};

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

type Deed = (String, Path, Option<(Place, String, String)>);

struct Action {
    exchange: usize,
    collection: usize,
    deed: Deed,
    set: Item,
    answer: DraftBody,
}

pub(super) struct Lives<'a> {
    seen: &'a [Seen],
    found: &'a [Found],
    roles: &'a [Role],
    names: Vec<String>,
    secrets: &'a Secrets,
    learned: Vec<Learned>,
    states: HashMap<(usize, String), Item>,
    untouched: HashSet<(usize, String)>,
    /// What was done last to an item that has not been seen since.
    pending: HashMap<(usize, String), Deed>,
    actions: IndexMap<Deed, Action>,
    written: HashSet<(String, String)>,
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

    fn listed(&mut self, collection: usize, exchange: &Seen) {
        let found = &self.found[collection];
        let Some(answer) = exchange.json() else {
            return;
        };
        let Some((wrap, items)) = list_in(answer, &found.id_field) else {
            return;
        };
        for item in items.iter().filter_map(Value::as_object) {
            self.observe(collection, item);
        }
        let fields = exchange.call.parameters(Place::Query);
        for name in fields.into_iter().flat_map(|fields| fields.keys()) {
            let learned = &mut self.learned[collection];
            let is_field = learned.shown.contains(name)
                || self.found[collection]
                    .creates
                    .values()
                    .any(|create| self.seen[create.exchange].input.contains_key(name));
            if is_field && !learned.filters.contains(name) {
                learned.filters.push(name.clone());
            }
        }
        let is_alone = wrap.is_none() || answer.as_object().is_some_and(|all| all.len() == 1);
        let is_usual = is_alone && (wrap.is_some() || found.wrap.is_none());
        if is_usual && exchange.status.as_u16() == 200 {
            self.learned[collection].wrap_list = wrap.map(str::to_owned);
        } else if !items.is_empty() {
            let body = DraftBody::Json(self.list_body(answer, wrap, items.len()));
            let path = found.path.written(None, &self.names);
            self.put_route(
                collection,
                exchange,
                path,
                "lists",
                usual_status(exchange, 200),
                body,
            );
        }
    }

    /// With the items in the place of those that were there.
    fn list_body(&self, answer: &Value, wrap: Option<&str>, count: usize) -> Value {
        let items: Value = expression("items").into();
        let (Some(wrap), Value::Object(fields)) = (wrap, answer) else {
            return items;
        };
        let counted = |name: &str, value: &Value| {
            let is_count = ["total", "count", "size", "length"]
                .iter()
                .any(|part| name.to_ascii_lowercase().contains(part));
            (is_count && value.as_u64() == u64::try_from(count).ok())
                .then(|| Value::from(expression("items | length")))
        };
        let fields = fields.iter().map(|(name, value)| {
            let value = match value {
                _ if name == wrap => items.clone(),
                Value::Object(inner) => inner
                    .iter()
                    .map(|(name, value)| {
                        let literal = || tree(name, value, &[], self.secrets);
                        (name.clone(), counted(name, value).unwrap_or_else(literal))
                    })
                    .collect(),
                value => {
                    counted(name, value).unwrap_or_else(|| tree(name, value, &[], self.secrets))
                }
            };
            (name.clone(), value)
        });
        Value::Object(fields.collect())
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

    /// A request below an item, or one that changes it in its own way.
    fn acted(&mut self, collection: usize, id: String, path: Path, number: usize) {
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

    /// Whether the answer is the item and nothing else.
    fn is_own_answer(&self, collection: usize, exchange: &Seen) -> bool {
        let found = &self.found[collection];
        exchange.status.as_u16() == 200
            && exchange
                .json()
                .is_some_and(|answer| found.is_bare(answer) && found.item(answer).is_some())
    }

    fn see_item(&mut self, collection: usize, exchange: &Seen) {
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
    fn observe(&mut self, collection: usize, item: &Item) {
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

    fn set_by(&mut self, deed: &Deed, collection: usize, changes: &Item) {
        let exchange = &self.seen[self.actions[deed].exchange];
        let known: Vec<Known> = of_input(&exchange.input)
            .chain(self.of_path(collection, exchange))
            .collect();
        for (name, value) in changes {
            let value = tree(name, value, &known, self.secrets);
            self.actions[deed].set.entry(name).or_insert(value);
        }
    }

    /// What a template of an answer can name.
    fn known(&self, collection: usize, state: &Item, exchange: &Seen) -> Vec<Known> {
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
    fn of_path(&self, own: usize, exchange: &Seen) -> Vec<Known> {
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

    fn write(
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
    fn put_route(
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

    fn write_actions(&mut self) {
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

pub(super) fn with(one: &Item, other: &Item) -> Item {
    let mut both = one.clone();
    both.extend(other.clone());
    both
}
