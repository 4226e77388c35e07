//! The pages of the provider's staff.

pub mod clients;
pub mod clock;
pub mod logs;
pub mod orders;
pub mod products;
pub mod servers;
pub mod services;
pub mod set_up;

use axum::extract::{Query as QueryOf, State};
use http::Uri;
use minijinja::context;

use super::answer::{Answer, Failure, Query, page, provider};
use super::rows;
use super::state::App;
use super::templates::of;

/// `GET /`: what is to be done next, and what both sides have.
pub async fn overview(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let database = app.whmcs.database();
    let values = context! {
        behind => app.behind.described(),
        requires_server => app.module.requires_server(),
        can_test => app.module.has("TestConnection"),
        servers => rows::servers(&database).await?.len(),
        products => rows::products(&database).await?.len(),
        services => rows::services(&database).await?,
        truth => app.behind.vendor_truth().map(of),
    };
    page(
        &app,
        "overview.html",
        provider("overview", "Overview"),
        &query,
        values,
    )
    .await
}

/// An address that is none.
pub async fn not_here(uri: Uri) -> Failure {
    Failure::Missing(uri.path().to_owned())
}
