//! The server and two products at one press, for who wants to begin with the purchase.

use std::collections::BTreeMap;

use axum::extract::State;

use super::products::Field;
use super::servers::server;
use crate::emulator::Product;
use crate::sandbox::answer::{Answer, Told, lead_to};
use crate::sandbox::state::App;

/// `POST /provider/set-up`
pub async fn set_up(State(app): State<App>) -> Answer {
    app.feed.step("A server and two products are set up");
    let mut filled = app.behind.server_form();
    if filled.name.is_empty() {
        filled.name = format!("{} server", app.module.title());
    }
    let server = app.whmcs.add_server(server(&app, filled)).await?;
    for (which, (name, price)) in [("Small", "10.00"), ("Large", "25.00")].iter().enumerate() {
        let name = format!("{} {name}", app.module.title());
        let product = Product::new(&app.module.name, name)
            .price(*price)
            .server(server);
        let product = app.whmcs.add_product(product).await?;
        let form = app
            .whmcs
            .product_form(&app.module.name, Some(product))
            .await?;
        let options: BTreeMap<String, String> = form
            .result
            .fields
            .iter()
            .map(|field| Field::of(field, None))
            .map(|field| (field.key.clone(), field.choice(which)))
            .collect();
        app.whmcs.save_product_options(product, options).await?;
    }
    let told = Told::good("A server and two products are set up. Now be a client, and order one.");
    Ok(lead_to(&app, "/", told))
}
