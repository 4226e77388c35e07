//! What a handler answers: a page, a way to another page with something to say there, or a failure.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{StatusCode, header};
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};
use url::Url;

use super::faults;
use super::feed::{Kind, Tone};
use super::rows;
use super::state::App;
use super::templates::{of, render};
use crate::emulator::{CallOutcome, EmulatorError};

/// So many steps stand beside a page; `/live` has all.
const MOST_STEPS_BESIDE: usize = 12;

/// What every handler gives.
pub type Answer = Result<Response, Failure>;

/// Why a page could not be shown or an action not be done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such page.
    #[error("{0} is not here.")]
    Missing(String),
    /// The form cannot be used.
    #[error("{0}")]
    Form(String),
    /// WHMCS refused, or its stand-in lacks something.
    #[error("{0}")]
    Emulator(#[from] EmulatorError),
    /// A template is wrong: a bug of this program.
    #[error("the page could not be drawn: {0:#}")]
    Template(#[from] minijinja::Error),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, title) = match &self {
            Self::Missing(_) => (StatusCode::NOT_FOUND, "Not here"),
            Self::Form(_) => (StatusCode::UNPROCESSABLE_ENTITY, "That does not work yet"),
            Self::Emulator(EmulatorError::MissingInEmulator { .. }) => (
                StatusCode::NOT_IMPLEMENTED,
                "The module uses something that is not emulated",
            ),
            Self::Emulator(EmulatorError::Refused { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "WHMCS refuses")
            }
            Self::Emulator(_) => (StatusCode::BAD_GATEWAY, "The module broke down"),
            Self::Template(_) => (StatusCode::INTERNAL_SERVER_ERROR, "A bug of the sandbox"),
        };
        let text = self.to_string();
        match render("failure.html", &context! { title, text => text.as_str() }) {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => (status, text).into_response(),
        }
    }
}

/// What a page says about what was just done.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// How it went.
    pub tone: Tone,
    /// In words.
    pub text: String,
    /// Where somebody would be led now.
    pub link: Option<String>,
}

impl Told {
    /// It went well.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
            link: None,
        }
    }

    /// It went wrong.
    pub fn bad(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Bad,
            ..Self::good(text)
        }
    }

    /// What came of module calls.
    pub fn calls(done: &str, calls: &[CallOutcome]) -> Self {
        let mut text = done.to_owned();
        let mut tone = Tone::Good;
        for call in calls {
            let function = &call.due.function;
            if call.success {
                text = format!(
                    "{text} {function} succeeded; the service is {}.",
                    call.status
                );
            } else {
                tone = Tone::Bad;
                text = format!("{text} {function} failed: {}", call.message);
            }
        }
        Self {
            tone,
            ..Self::good(text)
        }
    }
}

/// What the address of a page may say besides.
#[derive(Debug, Default, Deserialize)]
pub struct Query {
    /// What is to be said on it.
    pub told: Option<u64>,
    /// Which product is ordered.
    pub product: Option<i64>,
}

/// The page that a form stood on, as the browser tells it; the first page when it does not.
#[derive(Debug)]
pub struct Referer(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Referer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let referer = parts.headers.get(header::REFERER);
        let referer = referer.and_then(|value| Url::parse(value.to_str().ok()?).ok());
        let path = referer.map(|url| url.path().to_owned());
        // Two slashes would be another host.
        let path = path.filter(|path| !path.starts_with("//"));
        let path = path.unwrap_or_else(|| "/".to_owned());
        Ok(Self(path))
    }
}

/// Where a page stands.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct At {
    /// `provider`, `client` or `faults`.
    pub area: &'static str,
    /// The entry of the navigation.
    pub nav: &'static str,
    /// The heading.
    pub title: &'static str,
}

/// A page of the provider's staff.
pub const fn provider(nav: &'static str, title: &'static str) -> At {
    At {
        area: "provider",
        nav,
        title,
    }
}

/// A page of a client.
pub const fn client(nav: &'static str, title: &'static str) -> At {
    At {
        area: "client",
        nav,
        title,
    }
}

/// Draws a page with its surroundings.
pub async fn page(app: &App, template: &str, at: At, query: &Query, values: Value) -> Answer {
    let database = app.whmcs.database();
    let (mut steps, revision) = app.feed.all();
    if at.area != "live" {
        steps.truncate(MOST_STEPS_BESIDE);
    }
    let places = faults::names_of_places(app);
    let first_place = places
        .iter()
        .rfind(|name| name.starts_with("create: create"))
        .cloned();
    let all = context! {
        at => of(at),
        module => app.module.title(),
        module_name => app.module.name.as_str(),
        now => rows::now(&database).await?,
        queued => rows::queue(&database).await?.len(),
        told => query.told.and_then(|number| app.told().get(number)).map(of),
        kinds => of(Kind::ALL),
        armed => app.faults.armed(app).iter().filter(|armed| armed.waits).count(),
        has_tls => app.behind.has_tls(),
        has_proxy => app.behind.proxy().is_some(),
        frame_key => app.frame_key.as_str(),
        places,
        first_place,
        steps => of(steps),
        revision,
        ..values
    };
    Ok(Html(render(template, &all)?).into_response())
}

/// Leads to a page, which then says this.
pub fn lead_to(app: &App, path: &str, told: Told) -> Response {
    let number = app.told().keep(told);
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}told={number}")).into_response()
}
