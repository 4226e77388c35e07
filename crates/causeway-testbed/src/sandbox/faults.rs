//! Faults, armed and disarmed by hand.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::{Query as QueryOf, State};
use causeway_definition::request::Method;
use minijinja::context;
use serde::Serialize;

use super::answer::{Answer, At, Failure, Query, Referer, Told, lead_to, page};
use super::feed::{Entry, Kind, Tone};
use super::form::Form;
use super::state::App;
use super::templates::of;
use crate::fault_proxy::{ArmedFault, Fault, FaultProxy, PathPattern, Place, Port};

const AT: At = At {
    area: "faults",
    nav: "faults",
    title: "Faults",
};

const METHODS: [Method; 5] = [
    Method::Get,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
];

/// A place of the vendor's API with a name that says what it is for.
#[derive(Debug, Clone)]
pub struct NamedPlace {
    /// `create: find user`.
    pub name: String,
    /// Where.
    pub place: Place,
}

/// What was armed since the last time that everything was disarmed, in the proxy's order.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Mutex<Vec<(ArmedFault, String)>>,
    /// Whether every connection is shown a certificate that nobody trusts.
    untrusted: AtomicBool,
}

/// An armed fault as the page shows it.
#[derive(Debug, Serialize)]
pub struct ShownFault {
    /// Where: `create: create subscription (POST /services)`.
    pub place: String,
    /// What goes wrong.
    pub what: &'static str,
    /// At which time the place is met.
    pub time: u32,
    /// How often it has struck.
    pub struck: u32,
    /// Whether it is still to strike.
    pub waits: bool,
}

impl Faults {
    /// All that were armed, and how each stands.
    pub fn armed(&self, app: &App) -> Vec<ShownFault> {
        let struck = app
            .behind
            .proxy()
            .map(FaultProxy::struck)
            .unwrap_or_default();
        let armed = self.all();
        let shown = armed.iter().zip(struck);
        let untrusted = self.untrusted.load(Ordering::Relaxed).then(|| ShownFault {
            place: "every connection".to_owned(),
            what: Fault::WrongCertificate.description(),
            time: 1,
            struck: 0,
            waits: true,
        });
        shown
            .map(|((fault, place), struck)| ShownFault {
                place: place.clone(),
                what: fault.fault().description(),
                time: fault.time().get(),
                struck,
                waits: struck == 0,
            })
            .chain(untrusted)
            .collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<(ArmedFault, String)>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /faults`
pub async fn show(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! {
        all_armed => of(app.faults.armed(&app)),
        behind => app.behind.described(),
    };
    page(&app, "faults.html", AT, &query, values).await
}

/// `POST /faults`: one more fault.
pub async fn arm(State(app): State<App>, Referer(back): Referer, form: Form) -> Answer {
    let proxy = app
        .behind
        .proxy()
        .ok_or_else(|| Failure::Form(app.behind.described()))?;
    let fault: Fault = form
        .needed("fault", "The fault")?
        .parse()
        .map_err(|error: crate::fault_proxy::UnknownFault| Failure::Form(error.to_string()))?;
    if fault == Fault::WrongCertificate {
        return untrusted(&app, &back);
    }
    let time: NonZeroU32 = match form.get("time") {
        "" => NonZeroU32::MIN,
        _ => form.number("time", "The time")?,
    };
    let (place, name) = match fault.is_of_connection() {
        true => (Place::Connection(Port::Http), "the connection".to_owned()),
        false => chosen_place(&app, &form)?,
    };
    let armed =
        ArmedFault::new(fault, place, time).map_err(|error| Failure::Form(error.to_string()))?;
    proxy.arm_also(armed.clone()).await;
    app.faults.all().push((armed, name.clone()));
    let text = match time.get() {
        1 => format!("Armed: at the next {name}, {}.", fault.description()),
        more => format!(
            "Armed: the {more}. time at {name}, {}.",
            fault.description()
        ),
    };
    app.feed.step("A fault is armed");
    app.feed.add(
        Entry::new(Kind::Fault, Tone::Doubtful, name, fault.name())
            .detail("What", fault.description()),
    );
    Ok(lead_to(&app, &back, Told::good(text)))
}

/// From now on, and not once: whoever verifies refuses the connection, and nothing strikes.
fn untrusted(app: &App, back: &str) -> Answer {
    if !app.behind.present_untrusted(true) {
        let text = "The way to the vendor is without TLS here.";
        return Err(Failure::Form(text.to_owned()));
    }
    app.faults.untrusted.store(true, Ordering::Relaxed);
    let what = Fault::WrongCertificate.description();
    app.feed.step("A fault is armed");
    app.feed.add(
        Entry::new(
            Kind::Fault,
            Tone::Doubtful,
            "every connection",
            Fault::WrongCertificate.name(),
        )
        .detail("What", what),
    );
    let told = Told::good(format!("Armed, until it is disarmed: {what}."));
    Ok(lead_to(app, back, told))
}

/// `POST /faults/disarm`: all of them.
pub async fn disarm(State(app): State<App>, Referer(back): Referer) -> Answer {
    if let Some(proxy) = app.behind.proxy() {
        proxy.disarm().await;
        // What was held is let go and ends before the record begins anew.
        proxy.settled().await;
        proxy.arm([]).await;
    }
    app.faults.all().clear();
    app.faults.untrusted.store(false, Ordering::Relaxed);
    app.behind.present_untrusted(false);
    app.feed.step("All faults are disarmed");
    let told = Told::good("Nothing is armed any more; what was held has been let go.");
    Ok(lead_to(&app, &back, told))
}

fn chosen_place(app: &App, form: &Form) -> Result<(Place, String), Failure> {
    let path = form.get("path");
    if !path.is_empty() {
        let method = method_of(form.get("method"))?;
        let pattern = PathPattern::of_template(&path.replace('*', "{{ any }}"));
        let name = format!("{} {pattern}", method.as_str());
        let place = Place::Request {
            method,
            path: pattern,
        };
        return Ok((place, name));
    }
    let chosen = form.needed("place", "The place")?;
    let known = app.behind.places().into_iter();
    known
        .map(|named| (shown_place(&named), named.place))
        .find(|(name, _)| name == chosen)
        .map(|(name, place)| (place, name))
        .ok_or_else(|| Failure::Form(format!("There is no place {chosen:?}.")))
}

/// A method by its name on the wire.
pub fn method_of(name: &str) -> Result<Method, Failure> {
    METHODS
        .into_iter()
        .find(|method| method.as_str() == name)
        .ok_or_else(|| Failure::Form(format!("There is no method {name:?}.")))
}

fn shown_place(named: &NamedPlace) -> String {
    match &named.place {
        Place::Request { method, .. } if named.name.starts_with(method.as_str()) => {
            named.name.clone()
        }
        Place::Request { method, path } => format!("{} ({} {path})", named.name, method.as_str()),
        Place::Connection(_) => named.name.clone(),
    }
}

/// The names of the places that can be chosen.
pub fn names_of_places(app: &App) -> Vec<String> {
    let mut known = BTreeSet::new();
    let names = app.behind.places().into_iter();
    names
        .map(|named| shown_place(&named))
        .filter(|name| known.insert(name.clone()))
        .collect()
}
