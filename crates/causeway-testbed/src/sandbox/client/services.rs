//! A client's service, and what can be asked for there.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;
use serde_json::Value;

use crate::emulator::{Cancellation, Command, Presser, ProductId, Service, ServiceId};
use crate::sandbox::answer::{Answer, Failure, Query, Told, client, lead_to, page};
use crate::sandbox::form::Form;
use crate::sandbox::provider::services::{pressed, signed_on};
use crate::sandbox::rows::{self, Row};
use crate::sandbox::state::App;
use crate::sandbox::templates::of;

/// `GET /client/1/services/2`
pub async fn show(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let database = app.whmcs.database();
    let mut products = rows::products(&database).await?;
    products.retain(|product| product["id"] != row["product_id"]);
    let actions = match app.module.has("CustomActions") {
        true => custom_actions(&app, &service, None).await?,
        false => Value::Null,
    };
    let values = context! {
        actions => of(actions),
        client => super::known(&app, client_id).await?,
        unpaid => rows::unpaid_of(&database, id).await?,
        can_change_password => app.module.has("ChangePassword"),
        can_sign_on => app.module.has("ServiceSingleSignOn"),
        sign_on_label => app.module.meta("ServiceSingleSignOnLabel").unwrap_or_else(|| "Log in".into()),
        service => row,
        products,
    };
    page(
        &app,
        "client/service.html",
        client("home", "Service"),
        &query,
        values,
    )
    .await
}

/// `POST /client/1/services/2/sign-on`
pub async fn sign_on(State(app): State<App>, Path((client_id, id)): Path<(i64, i64)>) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    app.feed
        .step(format!("{} signs on to service {id}", row["client"]));
    let answer = service.single_sign_on().await?;
    let told = signed_on(answer.redirect_to.as_deref(), answer.error.as_deref());
    Ok(back(&app, client_id, id, told))
}

/// `POST /client/1/services/2/press`
pub async fn press(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let function = form.needed("function", "The button")?;
    app.feed
        .step(format!("{} presses “{function}”", row["client"]));
    let answer = service.presses(Presser::Client, function).await?;
    let told = pressed(function, answer.success, answer.message.as_deref());
    Ok(back(&app, client_id, id, told))
}

/// `POST /client/1/services/2/act`: one of the module's custom actions.
pub async fn act(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let action = form.needed("action", "The action")?;
    app.feed
        .step(format!("{} presses “{action}”", row["client"]));
    let actions = custom_actions(&app, &service, Some(action)).await?;
    let all = actions.as_array().into_iter().flatten();
    let answer = all
        .filter(|one| one["identifier"] == action)
        .map(|one| &one["answer"])
        .next();
    let answer = answer.ok_or_else(|| Failure::Missing(format!("The action {action:?}")))?;
    let told = signed_on(answer["redirect_to"].as_str(), answer["error"].as_str());
    Ok(back(&app, client_id, id, told))
}

/// The module's custom actions; one of them is pressed.
async fn custom_actions(
    app: &App,
    service: &Service,
    invoke: Option<&str>,
) -> Result<Value, Failure> {
    let command = Command::CustomActions {
        service_id: service.id(),
        addon_id: None,
        invoke: invoke.map(str::to_owned),
    };
    let mut answer = app.whmcs.ask::<Value>(command).await?.result;
    Ok(answer["actions"].take())
}

/// `POST /client/1/services/2/password`
pub async fn change_password(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let password = form.needed("password", "The password")?;
    app.feed
        .step(format!("{} changes the password", row["client"]));
    let calls = service.change_password(password).await?;
    Ok(back(&app, client_id, id, Told::calls("", &calls)))
}

/// `POST /client/1/services/2/upgrade`
pub async fn upgrade(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let product = ProductId(form.number("product", "The product")?);
    app.feed.step(format!(
        "{} orders {product} in place of {}",
        row["client"], row["product"]
    ));
    let upgrade = service.upgrade_to(product).await?;
    let done = match upgrade.invoice {
        Some(invoice) => format!(
            "The upgrade is ordered. Invoice {} is to be paid.",
            invoice.0
        ),
        None => "The change is ordered; there is nothing to pay.".to_owned(),
    };
    Ok(back(
        &app,
        client_id,
        id,
        Told::calls(&done, &upgrade.calls),
    ))
}

/// `POST /client/1/services/2/cancel`
pub async fn cancel(
    State(app): State<App>,
    Path((client_id, id)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let (service, row) = own(&app, client_id, id).await?;
    let (kind, when) = match form.get("when") {
        "end" => (
            Cancellation::EndOfBillingPeriod,
            "when the paid period ends",
        ),
        _ => (Cancellation::Immediate, "at the next daily cron"),
    };
    app.feed
        .step(format!("{} asks for cancellation", row["client"]));
    service.cancel(kind).await?;
    let told = Told::good(format!(
        "Cancellation is requested; it is carried out {when}."
    ));
    Ok(back(&app, client_id, id, told))
}

/// The service, when it is this client's.
async fn own(app: &App, client: i64, id: i64) -> Result<(Service, Row), Failure> {
    let row = rows::service(&app.whmcs.database(), id).await?;
    let own = row.filter(|row| row["client_id"] == client.to_string());
    let missing = || Failure::Missing(format!("Service {id} of client {client}"));
    Ok((app.whmcs.service(ServiceId(id)), own.ok_or_else(missing)?))
}

fn back(app: &App, client: i64, id: i64, told: Told) -> axum::response::Response {
    lead_to(app, &format!("/client/{client}/services/{id}"), told)
}
