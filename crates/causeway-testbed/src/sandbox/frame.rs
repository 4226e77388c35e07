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
use super::provider::services::{drawn_fields, signed_on as told_of_sign_on};
use super::state::{App, Sandboxed};
use super::templates::{of, render};
use crate::emulator::answers::{Nothing, SingleSignOn};
use crate::emulator::{Command, Presser, Service, ServiceId};

/// Scripts of the module may run, and open new windows; `sandbox` takes the page's origin away.
const POLICY: &str = "sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals; \
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
    let service = service_of(&app, &either("id"))?;
    let (action, pressed) = (either("modop"), either("a"));
    if !either("dosinglesignon").is_empty() {
        app.feed
            .step(format!("Client signs on to {}", service.id()));
        let answer = service.single_sign_on().await?;
        return signed_on(&answer);
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
            let values = context! { message => "WHMCS would lead the browser to", link => address };
            return framed(&render("frame/result.html", &values)?);
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

/// A picture, a stylesheet or a script of the module's folder.
pub async fn asset(
    State(app): State<App>,
    Path((key, module, file)): Path<(String, String, String)>,
) -> Answer {
    known(&app, &key)?;
    let missing = || Failure::Missing(format!("modules/servers/{module}/{file}"));
    let kind = assets::content_type(&file).ok_or_else(missing)?;
    let folder = app.whmcs.installation().whmcs().join("modules/servers");
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !is_plain(&module) || module.contains('/') || !file.split('/').all(is_plain) {
        return Err(missing());
    }
    let content = tokio::fs::read(folder.join(&module).join(&file)).await;
    let content = content.map_err(|_| missing())?;
    Ok(([(header::CONTENT_TYPE, kind)], content).into_response())
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

fn known(app: &App, key: &str) -> Result<(), Failure> {
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
fn signed_on(answer: &SingleSignOn) -> Answer {
    let Told { text, link, .. } =
        told_of_sign_on(answer.redirect_to.as_deref(), answer.error.as_deref());
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
