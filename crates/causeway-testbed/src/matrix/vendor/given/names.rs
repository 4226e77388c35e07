//! What a definition's templates know of a purchase, read from WHMCS's tables as the module reads it.

use std::collections::BTreeMap;

use causeway_definition::{Definition, Names, OptionKind};
use serde_json::{Map, Value, json};

use crate::emulator::{Emulator, EmulatorError};
use crate::matrix::purchase::Purchase;

/// The names for the purchase's exchanges, but for what is kept. The service's password is not among
/// them: nothing is looked for by it.
pub async fn names(
    whmcs: &Emulator,
    definition: &Definition,
    purchase: &Purchase,
    credential: &str,
) -> Result<Names, EmulatorError> {
    let id = purchase.service.id().0;
    let client = row(
        whmcs,
        format!(
            "SELECT client.id, client.uuid, firstname, lastname, firstname || ' ' || lastname AS fullname,
                    companyname, email, address1, address2, city, state, postcode, country, phonenumber,
                    language, tblcurrencies.code AS currency
             FROM tblclients AS client
             JOIN tblcurrencies ON tblcurrencies.id = client.currency
             WHERE client.id = (SELECT userid FROM tblhosting WHERE id = {id})"
        ),
    )
    .await?;
    let mut service = row(
        whmcs,
        format!(
            "SELECT packageid AS product_id, tblproducts.name AS product_name,
                    billingcycle AS billing_cycle, CAST(nextduedate AS TEXT) AS next_due_date,
                    CAST(regdate AS TEXT) AS registration_date, printf('%.2f', amount) AS amount,
                    domain, username
             FROM tblhosting JOIN tblproducts ON tblproducts.id = packageid
             WHERE tblhosting.id = {id}"
        ),
    )
    .await?;
    let product = row(
        whmcs,
        format!(
            "SELECT * FROM tblproducts WHERE id = (SELECT packageid FROM tblhosting WHERE id = {id})"
        ),
    )
    .await?;
    let (domain, username) = (service.remove("domain"), service.remove("username"));
    let currency = client.get("currency").cloned();
    let mut service = texts(service);
    service.insert("reference".to_owned(), purchase.reference().into());
    service.insert("currency".to_owned(), currency.into());
    service.insert("is_addon".to_owned(), false.into());
    let mut client = texts(client);
    client.insert("custom_fields".to_owned(), json!({}));
    Ok(Names::of(&json!({
        "credential": credential,
        "client": client,
        "service": service,
        "domain": domain,
        "username": username,
        "options": options(definition, &product),
        "configurable_options": {},
        "custom_fields": {},
    })))
}

fn options(definition: &Definition, product: &BTreeMap<String, String>) -> Map<String, Value> {
    let options = definition.options.iter().zip(1..);
    let value =
        |((name, option), number): ((&String, &causeway_definition::model::OptionField), u32)| {
            let text = product.get(&format!("configoption{number}"));
            let text = text.map(String::as_str).unwrap_or_default();
            let value = match (&option.kind, &option.default) {
                (OptionKind::YesNo, _) => Value::Bool(!text.is_empty()),
                (_, Some(default)) if text.is_empty() => default.clone(),
                _ => text.into(),
            };
            (name.clone(), value)
        };
    options.map(value).collect()
}

fn texts(row: BTreeMap<String, String>) -> Map<String, Value> {
    let fields = row.into_iter();
    fields.map(|(name, text)| (name, text.into())).collect()
}

async fn row(whmcs: &Emulator, query: String) -> Result<BTreeMap<String, String>, EmulatorError> {
    let rows = whmcs.database().query(query).await?;
    let first = rows.into_iter().next();
    first.ok_or_else(|| EmulatorError::NoSuchRow {
        what: "client, service or product of a purchase".to_owned(),
    })
}
