//! Clients.

use axum::extract::{Query as QueryOf, State};
use minijinja::context;

use crate::emulator::Client;
use crate::sandbox::answer::{Answer, Query, Told, lead_to, page, provider};
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::App;

/// `GET /provider/clients`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { clients => rows::clients(&app.whmcs.database()).await? };
    page(
        &app,
        "clients.html",
        provider("clients", "Clients"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/clients`
pub async fn add(State(app): State<App>, form: Form) -> Answer {
    let first = form.needed("firstname", "The first name")?;
    let last = form.needed("lastname", "The last name")?;
    let mut client = Client::named(first, last).company(form.get("company"));
    if !form.get("email").is_empty() {
        client = client.email(form.get("email"));
    }
    if !form.get("country").is_empty() {
        client = client.country(form.get("country").to_uppercase());
    }
    app.feed.step(format!("The client {first} {last} is added"));
    let account = app.whmcs.add_client(client).await?;
    let told = Told::good(format!("{first} {last} is a client now."));
    let there = match form.get("then") {
        "client" => format!("/client/{}", account.id().0),
        _ => "/provider/clients".to_owned(),
    };
    Ok(lead_to(&app, &there, told))
}
