//! The vendor at work: from a request to its answer.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use causeway_definition::{EvaluationError, Names};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::{Answer, Refusal};
use super::call::{Call, as_text, is_missing, with_call};
use super::credentials::Credentials;
use super::deed::{self, Asked, named};
use super::fresh::Fresh;
use super::items::Items;
use super::record::RecordedRequest;
use super::rendering;
use super::script::{Auth, Condition, Conditions, Place, Route, VendorScript};

/// A script with what its vendor has.
pub(super) struct Vendor {
    script: VendorScript,
    credentials: Credentials,
    /// What every template may use.
    names: Names,
    fresh: Fresh,
    inner: Mutex<Inner>,
}

/// What a scripted vendor had at one moment.
#[derive(Clone)]
pub struct SavedItems {
    items: Items,
    replays: HashMap<(String, String, Vec<u8>), Answer>,
}

/// What changes.
#[derive(Default)]
pub(super) struct Inner {
    pub items: Items,
    /// Answers by method, path and the idempotency header's value.
    replays: HashMap<(String, String, Vec<u8>), Answer>,
    pub record: Vec<RecordedRequest>,
    pub script_errors: Vec<String>,
}

/// Why there is no answer as the script has it.
pub(super) enum Failure {
    Refused(Refusal),
    /// The script itself is at fault.
    Script(EvaluationError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<EvaluationError> for Failure {
    fn from(error: EvaluationError) -> Self {
        Self::Script(error)
    }
}

impl Vendor {
    pub fn new(script: VendorScript, credentials: Credentials) -> Self {
        let fresh = Fresh::new();
        let names = Names::from_iter([
            ("credential".to_owned(), credentials.password.clone().into()),
            ("username".to_owned(), credentials.username.clone().into()),
            (
                "access_hash".to_owned(),
                credentials.access_hash.clone().into(),
            ),
        ]);
        let names = fresh.with_random(&names);
        let collections = script.collections.iter();
        let items = Items::new(
            collections.map(|(name, collection)| (name.as_str(), collection.id_field.as_str())),
        );
        let inner = Mutex::new(Inner {
            items,
            ..Inner::default()
        });
        Self {
            script,
            credentials,
            names,
            fresh,
            inner,
        }
    }

    pub fn script(&self) -> &VendorScript {
        &self.script
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn save(&self) -> SavedItems {
        let inner = self.inner();
        SavedItems {
            items: inner.items.clone(),
            replays: inner.replays.clone(),
        }
    }

    pub fn restore(&self, saved: SavedItems) {
        let mut inner = self.inner();
        inner.items = saved.items;
        inner.replays = saved.replays;
        // What is made from now on is not named as what is there.
        self.fresh.change();
    }

    /// Answers a request, and remembers it.
    pub fn answer(&self, head: &Parts, body: &[u8]) -> Answer {
        let call = Call::read(head, body);
        let target = head.uri.path_and_query();
        let target = target.map_or("/", |target| target.as_str()).to_owned();
        let mut inner = self.inner();
        let route = self.route(&call);
        let is_matched = route.is_some();
        let path = route.as_ref().map(|(_, path)| path.clone());
        let names = with_call(
            &self.names.with(&self.fresh.names()),
            &call,
            &path.unwrap_or_default(),
        );
        let worked = match route {
            Some((route, path)) => self.once(&mut inner, route, &call, &path, &names),
            None => Err(self.no_route(&call).into()),
        };
        let answer = worked.unwrap_or_else(|failure| self.failed(&mut inner, failure, &names));
        inner.record.push(RecordedRequest {
            method: call.method,
            host: call.host,
            path: target,
            headers: call
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), lossy(value.as_bytes())))
                .collect(),
            body: lossy(body),
            status: answer.status.as_u16(),
            answer: answer.body.clone(),
            is_matched,
        });
        answer
    }

    /// The first route that the request fits, with its path's parameters.
    fn route(&self, call: &Call) -> Option<(&Route, IndexMap<String, String>)> {
        if !self.is_ours(&call.host) {
            return None;
        }
        let path = call.path.strip_prefix(self.script.prefix.as_str())?;
        self.script.routes.iter().find_map(|route| {
            let fits_method = route
                .method
                .as_ref()
                .is_none_or(|method| method.as_str() == call.method);
            let fits_host = route
                .host
                .as_ref()
                .is_none_or(|host| host.eq_ignore_ascii_case(&call.host));
            if !fits_method || !fits_host {
                return None;
            }
            let parameters = route.path.matches(path)?;
            let fits = self.hold(&route.when, call).unwrap_or(false);
            fits.then_some((route, parameters))
        })
    }

    /// A host that the script names, or this machine. Without names any host is ours.
    fn is_ours(&self, host: &str) -> bool {
        let hosts = &self.script.hosts;
        hosts.is_empty()
            || hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host))
            || matches!(host, "127.0.0.1" | "localhost" | "[::1]" | "")
    }

    fn no_route(&self, call: &Call) -> Refusal {
        let Call {
            method, host, path, ..
        } = call;
        Refusal::new(
            StatusCode::NOT_FOUND,
            format!(
                "{} has no route for {method} {path} at {host}",
                self.script.title
            ),
        )
    }

    /// As [`Self::work`]; a request that was done before is not done again.
    fn once(
        &self,
        inner: &mut Inner,
        route: &Route,
        call: &Call,
        path: &IndexMap<String, String>,
        names: &Names,
    ) -> Result<Answer, Failure> {
        let key = self
            .script
            .idempotency
            .as_ref()
            .filter(|_| call.method != "GET")
            .and_then(|name| call.headers.get(name))
            .map(|key| {
                let key = key.as_bytes().to_vec();
                (call.method.clone(), call.path.clone(), key)
            });
        if let Some(answer) = key.as_ref().and_then(|key| inner.replays.get(key)) {
            return Ok(answer.clone());
        }
        let answer = self.work(inner, route, call, path, names)?;
        if let Some(key) = key {
            inner.replays.insert(key, answer.clone());
        }
        Ok(answer)
    }

    fn work(
        &self,
        inner: &mut Inner,
        route: &Route,
        call: &Call,
        path: &IndexMap<String, String>,
        names: &Names,
    ) -> Result<Answer, Failure> {
        if !route.is_open && !self.is_authenticated(call)? {
            return Err(Refusal::new(StatusCode::UNAUTHORIZED, "Unauthenticated.").into());
        }
        let missing: Vec<_> = route
            .requires
            .each()
            .filter(|(place, name)| is_missing(call.value(*place, name).as_ref()))
            .collect();
        if let Some((place, name)) = missing.first() {
            let mut refusal = Refusal::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("`{name}` is missing ({}).", place.name()),
            );
            for (_, name) in missing {
                refusal = refusal.of_field(name, format!("`{name}` is missing."));
            }
            return Err(refusal.into());
        }
        let collections = &self.script.collections;
        let asked = Asked {
            input: self.own_input(route, call),
            call,
            path,
            names,
        };
        let outcome = deed::perform(route, collections, &mut inner.items, &asked)?;
        Ok(rendering::render(&route.answer, &outcome, names)?)
    }

    /// What the request brings for an item: not what says which route is meant, or who asks.
    fn own_input(&self, route: &Route, call: &Call) -> Map<String, Value> {
        let mut input = call.input();
        let auth: &[Condition] = match &self.script.auth {
            Some(Auth::Values(Conditions(values))) => values,
            _ => &[],
        };
        for condition in route.when.0.iter().chain(auth) {
            if condition.place != Place::Headers {
                input.remove(&condition.name);
            }
        }
        if let Some(Auth::Query { name, .. }) = &self.script.auth {
            input.remove(name);
        }
        input
    }

    fn is_authenticated(&self, call: &Call) -> Result<bool, EvaluationError> {
        Ok(match &self.script.auth {
            None => true,
            Some(Auth::Header { name, value }) => {
                let expected = value.text(&self.names)?;
                let given = call.headers.get(name);
                given.is_some_and(|given| given.as_bytes() == expected.as_bytes())
            }
            Some(Auth::Query { name, value }) => {
                let expected = value.text(&self.names)?;
                call.query(name)
                    .is_some_and(|given| as_text(given) == expected)
            }
            Some(Auth::Basic) => {
                let given = call.headers.get(header::AUTHORIZATION);
                given.is_some_and(|given| given.as_bytes() == self.credentials.basic().as_bytes())
            }
            Some(Auth::Values(conditions)) => self.hold(conditions, call)?,
        })
    }

    fn hold(&self, conditions: &Conditions, call: &Call) -> Result<bool, EvaluationError> {
        if conditions.0.is_empty() {
            return Ok(true);
        }
        let names = with_call(&self.names, call, &IndexMap::new());
        for condition in &conditions.0 {
            let expected = as_text(&condition.value.render(&names)?);
            let given = call.value(condition.place, &condition.name);
            if given.is_none_or(|given| as_text(&given) != expected) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn failed(&self, inner: &mut Inner, failure: Failure, names: &Names) -> Answer {
        let refusal = match failure {
            Failure::Refused(refusal) => refusal,
            Failure::Script(error) => {
                let message = format!("The vendor script has no answer: {error}");
                inner.script_errors.push(error.to_string());
                Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
            }
        };
        let Refusal {
            status,
            message,
            errors,
        } = refusal;
        let mut own = named("message", message.into());
        if !errors.is_empty() {
            own.insert("errors".to_owned(), errors.clone().into());
        }
        let mut body = Value::Object(own.clone());
        own.insert("status".to_owned(), status.as_u16().into());
        own.insert("errors".to_owned(), errors.into());
        if let Some(template) = &self.script.error.body {
            match template.render(&names.with(&own)) {
                Ok(rendered) => body = rendered,
                Err(error) => inner.script_errors.push(error.to_string()),
            }
        }
        let mut answer = Answer::json(self.script.error.status.unwrap_or(status), &body);
        if status == StatusCode::UNAUTHORIZED && matches!(self.script.auth, Some(Auth::Basic)) {
            let basic = HeaderValue::from_static("Basic");
            answer.headers.insert(header::WWW_AUTHENTICATE, basic);
        }
        answer
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
