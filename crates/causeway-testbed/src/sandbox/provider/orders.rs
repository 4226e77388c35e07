//! Orders.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;

use crate::emulator::answers::Nothing;
use crate::emulator::{Command, OrderId};
use crate::sandbox::answer::{Answer, Query, Told, lead_to, page, provider};
use crate::sandbox::rows;
use crate::sandbox::state::App;

/// `GET /provider/orders`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let values = context! { orders => rows::orders(&app.whmcs.database()).await? };
    page(
        &app,
        "orders.html",
        provider("orders", "Orders"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/orders/1/accept`
pub async fn accept(State(app): State<App>, Path(id): Path<i64>) -> Answer {
    app.feed.step(format!("Staff accept order {id}"));
    let command = Command::AcceptOrder {
        order_id: OrderId(id),
    };
    let due = app.whmcs.ask::<Nothing>(command).await?.due;
    let calls = app.whmcs.run_all(&due).await?;
    let told = Told::calls(&format!("Order {id} is accepted."), &calls);
    Ok(lead_to(&app, "/provider/orders", told))
}
