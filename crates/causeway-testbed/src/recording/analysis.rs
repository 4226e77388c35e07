//! From what was recorded to a script.

use std::collections::HashSet;

use super::Recording;
use super::access;
use super::collections::{self, Found};
use super::draft::{Draft, DraftAuth, DraftCollection};
use super::lives::{Learned, Lives, with};
use super::new_items::{self, Birth};
use super::plain_routes::plain_routes;
use super::roles::{Role, path_values, roles};
use super::secrets::Secrets;
use super::seen::{LeftOut, Seen};

pub(super) fn draft(recording: &Recording, left_out: &mut LeftOut) -> Draft {
    let prefix = recording.prefix.trim_end_matches('/');
    let seen: Vec<Seen> = recording
        .exchanges
        .iter()
        .filter_map(|exchange| Seen::of(exchange, prefix, left_out))
        .collect();
    let secrets = Secrets::of(&seen);
    let found = collections::find(&seen);
    let roles = roles(&seen, &found);
    let learned = Lives::new(&seen, &found, &roles, &secrets).learn();

    let answered =
        |exchange: &&Seen| exchange.status.is_success() || exchange.status.is_redirection();
    let of_collections: Vec<&Seen> = with_roles(&seen, &roles, |role| *role != Role::Plain);
    let plain: Vec<&Seen> = plain_exchanges(&seen, &roles, &found);
    let auth = {
        let all: Vec<&Seen> = of_collections.iter().copied().filter(answered).collect();
        let all = if all.is_empty() {
            plain.iter().copied().filter(answered).collect()
        } else {
            all
        };
        access::auth(&all, &seen)
    };
    let refused = seen.iter().filter(|exchange| !answered(exchange)).count();
    for _ in 0..refused {
        left_out.count("refused by the vendor: a script refuses by itself");
    }
    let hosts = hosts(&seen, recording);
    let answered_plain: Vec<&Seen> = plain.into_iter().filter(answered).collect();
    let mut routes = Vec::new();
    for is_open in [false, true] {
        let group: Vec<&Seen> = answered_plain
            .iter()
            .copied()
            .filter(|exchange| {
                let brings = auth
                    .as_ref()
                    .is_none_or(|auth| access::brings(exchange, auth));
                brings != is_open
            })
            .collect();
        let mut written = plain_routes(&group, &secrets, &hosts);
        written.iter_mut().for_each(|route| route.is_open = is_open);
        routes.extend(written);
    }
    let mut drafted = Vec::new();
    for (number, learned) in learned.into_iter().enumerate() {
        let (collection, own_routes) =
            collection(number, &found, learned, &seen, auth.as_ref(), &secrets);
        routes.extend(own_routes);
        drafted.push(collection);
    }
    Draft {
        title: recording.title.clone(),
        hosts: if recording.names_hosts() {
            hosts
        } else {
            Vec::new()
        },
        prefix: prefix.to_owned(),
        idempotency: access::idempotency(&seen),
        error: access::error(&seen, &secrets),
        auth,
        collections: drafted,
        routes,
    }
}

fn with_roles<'a>(
    seen: &'a [Seen],
    roles: &[Role],
    wanted: impl Fn(&Role) -> bool,
) -> Vec<&'a Seen> {
    seen.iter()
        .zip(roles)
        .filter(|(_, role)| wanted(role))
        .map(|(exchange, _)| exchange)
        .collect()
}

/// Those of no collection, and what is asked at a collection's path that is no list of items.
fn plain_exchanges<'a>(seen: &'a [Seen], roles: &[Role], found: &[Found]) -> Vec<&'a Seen> {
    seen.iter()
        .zip(roles)
        .filter(|(exchange, role)| match role {
            Role::Plain => true,
            Role::All(collection) => {
                let id_field = &found[*collection].id_field;
                let is_list = exchange.call.method == "GET"
                    && exchange
                        .json()
                        .is_some_and(|body| collections::list_in(body, id_field).is_some());
                !is_list
            }
            _ => false,
        })
        .map(|(exchange, _)| exchange)
        .collect()
}

fn hosts(seen: &[Seen], recording: &Recording) -> Vec<String> {
    if !recording.names_hosts() {
        return Vec::new();
    }
    let mut hosts: Vec<String> = Vec::new();
    for exchange in seen {
        if !exchange.call.host.is_empty() && !hosts.contains(&exchange.call.host) {
            hosts.push(exchange.call.host.clone());
        }
    }
    hosts
}

fn collection(
    number: usize,
    found: &[Found],
    learned: Learned,
    seen: &[Seen],
    auth: Option<&DraftAuth>,
    secrets: &Secrets,
) -> (DraftCollection, Vec<super::draft::DraftRoute>) {
    let own = &found[number];
    let births: Vec<Birth<'_>> = own
        .creates
        .iter()
        .map(|(id, create)| {
            let exchange = &seen[create.exchange];
            let grown = learned.grown.get(id).cloned().unwrap_or_default();
            Birth {
                input: &exchange.input,
                path: path_values(&exchange.segments, number, found),
                item: with(&create.item, &grown),
            }
        })
        .collect();
    let brought = access::names(auth);
    let mut hidden: Vec<String> = Vec::new();
    let sent = births.iter().flat_map(|birth| {
        let of_path = birth.path.iter().map(|known| known.name.as_str());
        birth.input.keys().map(String::as_str).chain(of_path)
    });
    for name in sent {
        let is_shown = learned.shown.contains(name) || brought.contains(name);
        if !is_shown && !hidden.iter().any(|known| known == name) {
            hidden.push(name.to_owned());
        }
    }
    let names: Vec<String> = found.iter().map(|other| other.name.clone()).collect();
    let of_path: HashSet<&str> = births
        .iter()
        .flat_map(|birth| birth.path.iter().map(|known| known.name.as_str()))
        .collect();
    let mut fields = new_items::fields(&births, &own.id_field, secrets);
    // What stands in the path is kept without being said.
    fields.retain(|name, value| {
        !(of_path.contains(name.as_str())
            && value.as_str() == Some(&format!("{{{{ path.{name} }}}}")))
    });
    let draft = DraftCollection {
        name: own.name.clone(),
        path: own.path.written(None, &names),
        id: new_items::id(&births, &own.id_field, secrets),
        id_field: own.id_field.clone(),
        fields,
        required: learned.required,
        unique: learned.unique,
        hidden,
        wrap: own.wrap.clone(),
        wrap_list: learned.wrap_list,
        filters: learned
            .filters
            .into_iter()
            .filter(|name| !brought.contains(name.as_str()))
            .collect(),
        gone: learned.gone,
        actions: learned.actions,
    };
    (draft, learned.routes)
}
