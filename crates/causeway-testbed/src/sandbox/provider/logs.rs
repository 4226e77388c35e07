//! The module queue, the logs and the e-mails.

use axum::extract::{Query as QueryOf, State};
use minijinja::context;

use crate::sandbox::answer::{Answer, Query, Told, lead_to, page, provider};
use crate::sandbox::rows;
use crate::sandbox::state::App;

/// `GET /provider/queue`
pub async fn queue(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { entries => rows::queue(&app.whmcs.database()).await? };
    page(
        &app,
        "queue.html",
        provider("queue", "Module queue"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/queue/retry`
pub async fn retry(State(app): State<App>) -> Answer {
    app.feed.step("Staff try the module queue again");
    let calls = app.whmcs.retry_queue().await?;
    let told = match calls.is_empty() {
        true => Told::good("Nothing waits in the queue."),
        false => Told::calls("", &calls),
    };
    Ok(lead_to(&app, "/provider/queue", told))
}

/// `GET /provider/module-log`
pub async fn module(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { entries => rows::module_log(&app.whmcs.database()).await? };
    page(
        &app,
        "module_log.html",
        provider("module-log", "Module log"),
        &query,
        values,
    )
    .await
}

/// `GET /provider/activity-log`
pub async fn activity(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { entries => rows::activity_log(&app.whmcs.database()).await? };
    page(
        &app,
        "activity_log.html",
        provider("activity-log", "Activity log"),
        &query,
        values,
    )
    .await
}

/// `GET /provider/emails`
pub async fn emails(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { emails => rows::emails(&app.whmcs.database()).await? };
    page(
        &app,
        "emails.html",
        provider("emails", "E-mails"),
        &query,
        values,
    )
    .await
}
