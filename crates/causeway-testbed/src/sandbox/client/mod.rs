//! The pages of a client.

pub mod orders;
pub mod services;

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;

use super::answer::{Answer, Failure, Query, client, page};
use super::rows::{self, Row};
use super::state::App;

/// `GET /client/`: who somebody wants to be.
pub async fn choose(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { clients => rows::clients(&app.whmcs.database()).await? };
    page(
        &app,
        "client/choose.html",
        client("choose", "Be a client"),
        &query,
        values,
    )
    .await
}

/// `GET /client/1`: the client's services and invoices.
pub async fn home(
    State(app): State<App>,
    Path(id): Path<i64>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let database = app.whmcs.database();
    let values = context! {
        client => known(&app, id).await?,
        services => rows::services_of(&database, id).await?,
        invoices => rows::invoices_of(&database, id).await?,
        products => rows::products(&database).await?,
    };
    page(
        &app,
        "client/home.html",
        client("home", "My services"),
        &query,
        values,
    )
    .await
}

async fn known(app: &App, id: i64) -> Result<Row, Failure> {
    rows::client(&app.whmcs.database(), id)
        .await?
        .ok_or_else(|| Failure::Missing(format!("Client {id}")))
}
