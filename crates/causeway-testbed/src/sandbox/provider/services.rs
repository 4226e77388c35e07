//! Services, and the page of each with what staff can press there.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;
use serde_json::Value;

use crate::emulator::answers::AdminPage;
use crate::emulator::{Presser, ServiceId};
use crate::sandbox::answer::{Answer, Failure, Query, Told, lead_to, page, provider};
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::{App, DrawnField};

/// WHMCS's module commands: function, and what its button says.
const COMMANDS: [(&str, &str); 7] = [
    ("CreateAccount", "Create"),
    ("SuspendAccount", "Suspend"),
    ("UnsuspendAccount", "Unsuspend"),
    ("TerminateAccount", "Terminate"),
    ("Renew", "Renew"),
    ("ChangePackage", "Change package"),
    ("ChangePassword", "Change password"),
];

/// `GET /provider/services`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { services => rows::services(&app.whmcs.database()).await? };
    page(
        &app,
        "services.html",
        provider("services", "Services"),
        &query,
        values,
    )
    .await
}

/// `GET /provider/services/1`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<i64>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let row = rows::service(&app.whmcs.database(), id).await?;
    let row = row.ok_or_else(|| Failure::Missing(format!("Service {id}")))?;
    let service = app.whmcs.service(ServiceId(id));
    app.feed
        .step(format!("Staff open the page of service {id}"));
    let drawn = service.admin_page().await?.result;
    let buttons: Vec<(String, String)> = drawn
        .buttons
        .iter()
        .map(|(label, function)| {
            let function = match function {
                Value::String(name) => name.clone(),
                other => other.to_string(),
            };
            (label.clone(), function)
        })
        .collect();
    let fields = drawn_fields(&drawn);
    let commands: Vec<_> = COMMANDS
        .into_iter()
        .filter(|(function, _)| app.module.has(function))
        .collect();
    let values = context! {
        service => row,
        commands,
        buttons,
        drawn => (!fields.is_empty()).then(|| app.drawn().keep(fields)),
        properties => service.properties().await?,
        password => service.password().await?,
        can_sign_on => app.module.has("AdminSingleSignOn"),
        sign_on_label => app.module.meta("AdminSingleSignOnLabel").unwrap_or_else(|| "Login to Control Panel".into()),
    };
    page(
        &app,
        "service.html",
        provider("services", "Service"),
        &query,
        values,
    )
    .await
}

/// What the module's `AdminServicesTabFields` drew.
pub fn drawn_fields(drawn: &AdminPage) -> Vec<DrawnField> {
    let fields = drawn.fields.iter();
    fields
        .map(|(label, html)| DrawnField {
            label: label.clone(),
            html: match html {
                Value::String(html) => html.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            },
        })
        .collect()
}

/// `POST /provider/services/1/run`: a module command.
pub async fn run(State(app): State<App>, Path(id): Path<i64>, form: Form) -> Answer {
    let function = form.needed("function", "The command")?;
    let known = COMMANDS.iter().find(|(name, _)| *name == function);
    let (function, label) =
        known.ok_or_else(|| Failure::Form(format!("WHMCS has no command {function:?}.")))?;
    app.feed
        .step(format!("Staff press “{label}” on service {id}"));
    let outcome = app.whmcs.service(ServiceId(id)).run(function).await?;
    let told = Told::calls("", &[outcome]);
    Ok(lead_to(&app, &format!("/provider/services/{id}"), told))
}

/// `POST /provider/services/1/press`: a button of the module.
pub async fn press(State(app): State<App>, Path(id): Path<i64>, form: Form) -> Answer {
    let function = form.needed("function", "The button")?;
    app.feed
        .step(format!("Staff press “{function}” on service {id}"));
    let service = app.whmcs.service(ServiceId(id));
    let answer = service.presses(Presser::Admin, function).await?;
    let told = match &answer.redirect_to {
        Some(address) => signed_on(Some(address), None),
        None => pressed(function, answer.success, answer.message.as_deref()),
    };
    Ok(lead_to(&app, &format!("/provider/services/{id}"), told))
}

/// What a custom function gave, in words.
pub fn pressed(function: &str, success: bool, message: Option<&str>) -> Told {
    match (success, message) {
        (true, _) => Told::good(format!("{function} succeeded.")),
        (false, Some(message)) if !message.is_empty() => {
            Told::bad(format!("{function} failed: {message}"))
        }
        (false, _) => Told::bad(format!("{function} failed, and does not say why.")),
    }
}

/// `POST /provider/services/1/sign-on`
pub async fn sign_on(State(app): State<App>, Path(id): Path<i64>) -> Answer {
    app.feed.step(format!("Staff sign on to service {id}"));
    let service = app.whmcs.service(ServiceId(id));
    let answer = service.single_sign_on_as(Presser::Admin).await?;
    let told = signed_on(answer.redirect_to.as_deref(), answer.error.as_deref());
    Ok(lead_to(&app, &format!("/provider/services/{id}"), told))
}

/// Where a sign-on leads. Nothing but the web is linked to.
pub fn signed_on(address: Option<&str>, error: Option<&str>) -> Told {
    match address {
        Some(address) if address.starts_with("https://") || address.starts_with("http://") => {
            Told {
                link: Some(address.to_owned()),
                ..Told::good("WHMCS would lead the browser to")
            }
        }
        Some(address) => Told::bad(format!(
            "WHMCS would lead the browser to {address:?}, which is no web address."
        )),
        None => Told::bad(format!("Sign-on failed: {}", error.unwrap_or_default())),
    }
}
