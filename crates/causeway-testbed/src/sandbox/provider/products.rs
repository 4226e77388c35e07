//! Products, and the module's options of each, drawn as WHMCS draws them.

use std::collections::BTreeMap;

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;
use serde::Serialize;
use serde_json::Value;

use crate::emulator::answers::FormField;
use crate::emulator::{Product, ProductId, ServerId};
use crate::sandbox::answer::{Answer, Failure, Query, Told, lead_to, page, provider};
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::{App, DrawnField};
use crate::sandbox::templates::of;

/// `GET /provider/products`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let database = app.whmcs.database();
    let values = context! {
        products => rows::products(&database).await?,
        servers => rows::servers(&database).await?,
        requires_server => app.module.requires_server(),
    };
    page(
        &app,
        "products.html",
        provider("products", "Products"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/products`
pub async fn add(State(app): State<App>, form: Form) -> Answer {
    let name = form.needed("name", "The name")?;
    let mut product = Product::new(&app.module.name, name)
        .price(price(form.get("price"))?)
        .billing_cycle(form.get("cycle"));
    product = match form.get("setup") {
        "order" => product.on_order(),
        "acceptance" => product.on_acceptance(),
        "hand" => product.by_hand(),
        _ => product.on_payment(),
    };
    if !form.get("kind").is_empty() {
        product = product.kind(form.get("kind"));
    }
    if !form.get("server").is_empty() {
        product = product.server(ServerId(form.number("server", "The server")?));
    }
    for field in form.get("fields").lines().map(str::trim) {
        if !field.is_empty() {
            product = product.custom_field(field);
        }
    }
    for (name, choices) in configurable_options(form.get("configurable"))? {
        let choices: Vec<(&str, &str)> = choices.iter().map(|choice| (*choice, "0.00")).collect();
        product = product.configurable_option(name, &choices);
    }
    app.feed.step(format!("Staff create the product “{name}”"));
    let id = app.whmcs.add_product(product).await?;
    let told = Told::good(format!(
        "The product “{name}” is created. Now its module settings."
    ));
    Ok(lead_to(&app, &format!("/provider/products/{}", id.0), told))
}

/// `Region: eu, us` on each line.
fn configurable_options(text: &str) -> Result<Vec<(&str, Vec<&str>)>, Failure> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, choices) = line.split_once(':').unwrap_or((line, ""));
            let choices: Vec<&str> = choices
                .split(',')
                .map(str::trim)
                .filter(|choice| !choice.is_empty())
                .collect();
            match choices.is_empty() {
                true => Err(Failure::Form(format!(
                    "A configurable option is written like “Region: eu, us”, not {line:?}."
                ))),
                false => Ok((name.trim(), choices)),
            }
        })
        .collect()
}

fn price(text: &str) -> Result<String, Failure> {
    let wrong = || Failure::Form(format!("The price must be like 10.00, not {text:?}."));
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
    match digits(whole) && digits(cents) && cents.len() <= 2 && whole.len() <= 9 {
        true => Ok(format!("{whole}.{cents:0<2}")),
        false => Err(wrong()),
    }
}

/// `GET /provider/products/1`
pub async fn show(
    State(app): State<App>,
    Path(id): Path<i64>,
    QueryOf(query): QueryOf<Query>,
) -> Answer {
    let product = rows::product(&app.whmcs.database(), id).await?;
    let product = product.ok_or_else(|| Failure::Missing(format!("Product {id}")))?;
    app.feed
        .step(format!("Staff open the settings of product {id}"));
    let form = app
        .whmcs
        .product_form(&app.module.name, Some(ProductId(id)))
        .await?;
    let fields: Vec<Field> = form
        .result
        .fields
        .iter()
        .map(|field| Field::of(field, product.get(&field.key).map(String::as_str)))
        .collect();
    let content = form.result.content;
    let values = context! {
        product,
        fields => of(fields),
        error => form.result.error,
        drawn => (!content.is_empty()).then(|| app.drawn().keep(vec![DrawnField::alone(content)])),
    };
    page(
        &app,
        "product.html",
        provider("products", "Module settings"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/products/1`
pub async fn save(State(app): State<App>, Path(id): Path<i64>, form: Form) -> Answer {
    let mut options = BTreeMap::new();
    // A yesno's hidden empty value comes first, and counts when the box is not ticked.
    for (key, value) in form.beginning_with("option-") {
        options.insert(key.to_owned(), value.to_owned());
    }
    app.feed
        .step(format!("Staff save the settings of product {id}"));
    app.whmcs
        .save_product_options(ProductId(id), options)
        .await?;
    let told = Told::good("The module settings are saved.");
    Ok(lead_to(&app, &format!("/provider/products/{id}"), told))
}

/// One of the module's options as the form draws it.
#[derive(Debug, Serialize)]
pub struct Field {
    /// `configoption1`
    pub key: String,
    label: String,
    kind: String,
    description: String,
    value: String,
    choices: Vec<(String, String)>,
    size: String,
    rows: String,
    error: Option<String>,
    loaded: bool,
}

impl Field {
    /// `stored` is what is kept for the product; nothing was kept yet where it is empty.
    pub fn of(field: &FormField, stored: Option<&str>) -> Self {
        let text = |name: &str| match field.definition.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(true)) => "on".to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let kind = text("Type").to_lowercase();
        let value = match stored {
            Some(stored) if !stored.is_empty() => stored.to_owned(),
            _ => text("Default"),
        };
        let shown = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self {
            key: field.key.clone(),
            label: field.name.clone(),
            description: without_tags(&text("Description")),
            value,
            choices: field
                .choices
                .iter()
                .map(|(value, label)| (value.clone(), shown(label)))
                .collect(),
            size: text("Size"),
            rows: text("Rows"),
            error: field.error.clone(),
            loaded: field.definition.get("Loader").is_some(),
            kind,
        }
    }

    /// The value that a person would take first, or second where there is one.
    pub fn choice(&self, which: usize) -> String {
        match self.choices.as_slice() {
            [] => self.value.clone(),
            choices if which > 0 => choices[which.min(choices.len() - 1)].0.clone(),
            choices => match choices.iter().any(|(value, _)| *value == self.value) {
                true => self.value.clone(),
                false => choices[0].0.clone(),
            },
        }
    }
}

/// Descriptions may hold markup in WHMCS; here nothing of the module's stands in a page unescaped.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for one in html.chars() {
        match one {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            one if !in_tag => text.push(one),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
