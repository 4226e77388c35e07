//! What the module draws, in a frame of its own: a page of no origin, which reaches nothing of the
//! sandbox's pages around it, whatever its markup and its scripts do. Its addresses are WHMCS's, so that
//! the links and forms of a module work; they stand below a random key, by which the frame is known.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse as _};
use http::{HeaderValue, Method, header};
use minijinja::context;
use serde_json::Value;

use super::answer::{Answer, Failure, Told};
use super::assets;
use super::form::Form;
use super::provider::services::{drawn_fields, signed_on};
use super::rows;
use super::state::{App, Sandboxed, Visitor};
use super::templates::{of, render};
use crate::emulator::answers::{Nothing, Page};
use crate::emulator::{ClientId, ClientPageName, Command, Presser, Service, ServiceId};

/// Scripts of the module may run, and open new windows; `sandbox` takes the page's origin away.
pub const POLICY: &str = "sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals; \
                      frame-ancestors 'self'";

/// Whether an address is one that only the frame has been told.
pub fn is_of_frame(app: &Sandboxed, path: &str) -> bool {
    path.strip_prefix("/frame/")
        .and_then(|rest| rest.split('/').next())
        .is_some_and(|key| key == app.frame_key)
}

/// `clientarea.php?action=productdetails&id=1`, with `modop=custom&a=…` or `dosinglesignon=1` when a
/// button of the module is pressed.
pub async fn client(
    State(app): State<App>,
    Path(key): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    posted: Form,
) -> Answer {
    known(&app, &key)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let either = |name: &str| match query.get(name) {
        "" => posted.get(name).to_owned(),
        value => value.to_owned(),
    };
    if either("id").is_empty() {
        return first_page(&app, &query).await;
    }
    let service = service_of(&app, &either("id"))?;
    let row = rows::service(&app.whmcs.database(), service.id().0).await?;
    let owner = row.and_then(|row| row["client_id"].parse().ok());
    let owner = owner.ok_or_else(|| Failure::Missing(format!("The {}", service.id())))?;
    app.visitor_is(Visitor::Client(ClientId(owner)));
    let (action, pressed) = (either("modop"), either("a"));
    if !either("dosinglesignon").is_empty() {
        app.feed
            .step(format!("Client signs on to {}", service.id()));
        let answer = service.single_sign_on().await?;
        return led_to(answer.redirect_to.as_deref(), answer.error.as_deref());
    }
    if action == "custom" && !pressed.is_empty() {
        app.feed
            .step(format!("Client presses “{pressed}” on {}", service.id()));
        let answer = app
            .whmcs
            .ask::<Value>(Command::CustomButton {
                service_id: service.id(),
                addon_id: None,
                function: pressed,
                presser: Presser::Client,
            })
            .await?;
        if let Some(html) = answer.result["html"].as_str() {
            return framed(html);
        }
        if let Some(address) = answer.result["redirect_to"].as_str() {
            return led_to(Some(address), None);
        }
        let page = service.client_area().await?;
        return framed(&with_result(&page.result.html, &answer.result));
    }
    if method == Method::GET {
        app.feed
            .step(format!("Client opens the page of {}", service.id()));
    }
    framed(&service.client_area().await?.result.html)
}

/// `clientarea.php?client=1`: WHMCS's first page, with what the module and its hooks add to it.
async fn first_page(app: &App, query: &Form) -> Answer {
    let client_id = match (query.get("client").parse(), app.visitor()) {
        (Ok(client), _) => ClientId(client),
        (Err(_), Visitor::Client(client)) => client,
        (Err(_), _) => {
            return Err(Failure::Missing(
                "A client's page without a client".to_owned(),
            ));
        }
    };
    app.visitor_is(Visitor::Client(client_id));
    app.feed.step("Client opens WHMCS's first page");
    let request = query.beginning_with("");
    let command = Command::ClientPage {
        client_id,
        page: ClientPageName::Home,
        product_id: None,
        request: request
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    };
    framed(&app.whmcs.ask::<Page>(command).await?.result.html)
}

/// `clientsservices.php?id=1`: the module's fields on the staff's page, which are saved by posting them.
pub async fn staff(
    State(app): State<App>,
    Path(key): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    posted: Form,
) -> Answer {
    known(&app, &key)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let service = service_of(&app, query.get("id"))?;
    app.visitor_is(Visitor::Staff);
    let saved = method == Method::POST;
    if saved {
        app.feed.step(format!(
            "Staff save the module's fields of {}",
            service.id()
        ));
        app.whmcs
            .ask::<Nothing>(Command::SaveAdminServicePage {
                service_id: service.id(),
                addon_id: None,
                post: posted.as_php_sees_it(),
            })
            .await?;
    }
    let drawn = query.get("drawn").parse().ok();
    let fields = match drawn.and_then(|number| app.drawn().get(number)) {
        Some(drawn) if !saved => drawn,
        _ => drawn_fields(&service.admin_page().await?.result),
    };
    let can_save = app.module.has("AdminServicesTabFieldsSave");
    let id = service.id().0;
    let html = render(
        "frame/staff.html",
        &context! { fields => of(fields), saved, can_save, id },
    )?;
    framed(&html)
}

/// What the module drew for a page around it.
pub async fn drawn(
    State(app): State<App>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    known(&app, &key)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let fields = query.get("drawn").parse().ok();
    let fields = fields.and_then(|number| app.drawn().get(number));
    let fields = fields.ok_or_else(|| Failure::Missing("This frame".to_owned()))?;
    let html: String = fields.into_iter().map(|field| field.html).collect();
    framed(&html)
}

/// A page of WHMCS that is not played.
pub async fn not_played(
    State(app): State<App>,
    Path((key, rest)): Path<(String, String)>,
) -> Answer {
    known(&app, &key)?;
    let values =
        context! { message => format!("WHMCS would show {rest} here; the sandbox does not.") };
    framed(&render("frame/result.html", &values)?)
}

/// Whether the frame was told this key.
pub fn known(app: &App, key: &str) -> Result<(), Failure> {
    match key == app.frame_key {
        true => Ok(()),
        false => Err(Failure::Missing("This frame".to_owned())),
    }
}

fn service_of(app: &App, id: &str) -> Result<Service, Failure> {
    id.parse()
        .map(|id| app.whmcs.service(ServiceId(id)))
        .map_err(|_| Failure::Missing(format!("The service {id:?}")))
}

/// What a custom function answered stands above the page, as WHMCS's theme shows it.
fn with_result(page: &str, answer: &Value) -> String {
    let message = match (answer["success"].as_bool(), answer["message"].as_str()) {
        (Some(true), _) => "Action completed successfully.".to_owned(),
        (_, Some(message)) if !message.is_empty() => format!("Action failed: {message}"),
        _ => "Action failed.".to_owned(),
    };
    let alert = render("frame/result.html", &context! { message }).unwrap_or_default();
    format!("{alert}{page}")
}

/// WHMCS leads the browser there at once; here a person sees first where that is.
fn led_to(address: Option<&str>, error: Option<&str>) -> Answer {
    let Told { text, link, .. } = signed_on(address, error);
    framed(&render(
        "frame/result.html",
        &context! { message => text, link },
    )?)
}

/// The module's page with the look of WHMCS's themes beneath it, and a script that tells its height.
fn framed(html: &str) -> Answer {
    let head = format!("<style>{}</style>", assets::text("frame.css"));
    let foot = format!("<script>{}</script>", assets::text("frame.js"));
    let lower = html.to_ascii_lowercase();
    let html = match lower.find("</head>") {
        Some(at) => format!("{}{head}{}{foot}", &html[..at], &html[at..]),
        None => format!("<!DOCTYPE html><meta charset=\"utf-8\">{head}{html}{foot}"),
    };
    let mut response = Html(html).into_response();
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    Ok(response)
}
