//! Ordering and paying.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;

use super::known;
use crate::emulator::answers::PlacedOrder;
use crate::emulator::{ClientId, Command, InvoiceId, Item, ProductId};
use crate::sandbox::answer::{Answer, Failure, Query, Told, client, lead_to, page};
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::App;
use crate::sandbox::templates::of;

/// `GET /client/1/order?product=2`
pub async fn form(
    State(app): State<App>,
    Path(id): Path<i64>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let database = app.whmcs.database();
    let products = rows::products(&database).await?;
    let first = || products.first()?.get("id")?.parse().ok();
    let chosen = query.product.or_else(first);
    let fields = match chosen {
        Some(product) => rows::order_fields(&database, product).await?,
        None => Vec::new(),
    };
    let options = match chosen {
        Some(product) => rows::order_options(&database, product).await?,
        None => Vec::new(),
    };
    let number = rows::services(&database).await?.len() + 1;
    let values = context! {
        client => known(&app, id).await?,
        domain => format!("shop{number}.example.com"),
        products,
        chosen,
        fields,
        options => of(options),
    };
    page(
        &app,
        "client/order.html",
        client("order", "Order"),
        &query,
        values,
    )
    .await
}

/// `POST /client/1/order`
pub async fn order(State(app): State<App>, Path(id): Path<i64>, form: Form) -> Answer {
    let name = known(&app, id).await?["name"].clone();
    let product = ProductId(form.number("product", "The product")?);
    let mut item = Item::new(product, form.get("domain"));
    for (field, value) in form.beginning_with("field-") {
        item = item.custom_field(field, value);
    }
    for (option, choice) in form.beginning_with("choice-") {
        item = item.configurable_option(option, choice);
    }
    app.feed.step(format!("{name} orders {product}"));
    let command = Command::PlaceOrder {
        client_id: ClientId(id),
        items: vec![item],
        payment_method: "mailin".into(),
    };
    let placed = app.whmcs.ask::<PlacedOrder>(command).await?;
    let calls = app.whmcs.run_all(&placed.due).await?;
    let service = placed.result.service_ids.first().copied();
    let service = service.ok_or_else(|| Failure::Missing("The ordered service".to_owned()))?;
    let done = match placed.result.invoice_id {
        Some(invoice) => format!("Ordered. Invoice {} is to be paid.", invoice.0),
        None => "Ordered; there is nothing to pay.".to_owned(),
    };
    let there = format!("/client/{id}/services/{}", service.0);
    Ok(lead_to(&app, &there, Told::calls(&done, &calls)))
}

/// `POST /client/1/invoices/2/pay`
pub async fn pay(
    State(app): State<App>,
    Path((id, number)): Path<(i64, i64)>,
    form: Form,
) -> Answer {
    let invoice = rows::invoice(&app.whmcs.database(), number).await?;
    let own = invoice.filter(|row| row["client_id"] == id.to_string());
    own.ok_or_else(|| Failure::Missing(format!("Invoice {number} of client {id}")))?;
    let name = known(&app, id).await?["name"].clone();
    app.feed.step(format!("{name} pays invoice {number}"));
    let calls = app.whmcs.pay_invoice(InvoiceId(number)).await?;
    let told = Told::calls(&format!("Invoice {number} is paid."), &calls);
    let there = match form.get("service") {
        "" => format!("/client/{id}"),
        service => format!("/client/{id}/services/{service}"),
    };
    Ok(lead_to(&app, &there, told))
}
