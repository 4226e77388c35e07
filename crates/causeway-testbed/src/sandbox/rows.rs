//! What the pages read of WHMCS's tables.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::emulator::{Database, EmulatorError};

/// A row, each column as text.
pub type Row = BTreeMap<String, String>;

type Rows = Result<Vec<Row>, EmulatorError>;

/// WHMCS's time.
pub async fn now(database: &Database) -> Result<String, EmulatorError> {
    let rows = database.query("SELECT now FROM emulator_clock").await?;
    Ok(rows
        .into_iter()
        .next()
        .and_then(|mut row| row.remove("now"))
        .unwrap_or_default())
}

/// The servers, newest last.
pub async fn servers(database: &Database) -> Rows {
    let query = "SELECT id, name, hostname, port, username, secure FROM tblservers ORDER BY id";
    database.query(query).await
}

/// The products with what they cost and how many were bought.
pub async fn products(database: &Database) -> Rows {
    database
        .query(
            "SELECT product.id, product.name, product.autosetup,
                    coalesce(own.cycle, 'monthly') AS cycle,
                    coalesce(printf('%.2f', CASE own.cycle
                        WHEN 'quarterly' THEN price.quarterly WHEN 'annually' THEN price.annually
                        WHEN 'free' THEN 0 ELSE price.monthly END), '0.00') AS price,
                    coalesce(server.name, '') AS server,
                    (SELECT count(*) FROM tblhosting WHERE packageid = product.id) AS services
             FROM tblproducts AS product
             LEFT JOIN emulator_product_cycles AS own ON own.product_id = product.id
             LEFT JOIN tblpricing AS price
                ON price.type = 'product' AND price.relid = product.id AND price.currency = 1
             LEFT JOIN tblservergroupsrel AS linked ON linked.groupid = product.servergroup
             LEFT JOIN tblservers AS server ON server.id = linked.serverid
             GROUP BY product.id ORDER BY product.id",
        )
        .await
}

/// One product with all its columns.
pub async fn product(database: &Database, id: i64) -> Result<Option<Row>, EmulatorError> {
    let query = format!("SELECT * FROM tblproducts WHERE id = {id}");
    Ok(database.query(query).await?.into_iter().next())
}

/// The fields that a client fills in for a product.
pub async fn order_fields(database: &Database, product: i64) -> Rows {
    database
        .query(format!(
            "SELECT fieldname AS name, fieldtype AS type, required, fieldoptions AS options
             FROM tblcustomfields
             WHERE type = 'product' AND relid = {product} AND adminonly <> 'on'
               AND (showorder = 'on' OR required = 'on')
             ORDER BY sortorder, id",
        ))
        .await
}

/// A configurable option of a product, with the choices that a client has.
#[derive(Debug, Serialize)]
pub struct OrderOption {
    name: String,
    choices: Vec<String>,
}

/// The configurable options that a client chooses for a product.
pub async fn order_options(
    database: &Database,
    product: i64,
) -> Result<Vec<OrderOption>, EmulatorError> {
    let query = format!(
        "SELECT option.id, option.optionname AS name, choice.optionname AS choice
         FROM tblproductconfiglinks AS link
         JOIN tblproductconfigoptions AS option ON option.gid = link.gid AND option.hidden = 0
         JOIN tblproductconfigoptionssub AS choice ON choice.configid = option.id AND choice.hidden = 0
         WHERE link.pid = {product}
         ORDER BY option.\"order\", option.id, choice.sortorder, choice.id",
    );
    let mut options: Vec<OrderOption> = Vec::new();
    for mut row in database.query(query).await? {
        let name = row.remove("name").unwrap_or_default();
        let choice = row.remove("choice").unwrap_or_default();
        match options.last_mut().filter(|option| option.name == name) {
            Some(option) => option.choices.push(choice),
            None => options.push(OrderOption {
                name,
                choices: vec![choice],
            }),
        }
    }
    Ok(options)
}

/// The clients, with how many services they have.
pub async fn clients(database: &Database) -> Rows {
    database
        .query(
            "SELECT client.id, client.firstname || ' ' || client.lastname AS name, client.email,
                    client.companyname, client.country,
                    (SELECT count(*) FROM tblhosting WHERE userid = client.id) AS services
             FROM tblclients AS client ORDER BY client.id",
        )
        .await
}

/// One client.
pub async fn client(database: &Database, id: i64) -> Result<Option<Row>, EmulatorError> {
    let all = clients(database).await?;
    Ok(all.into_iter().find(|row| row["id"] == id.to_string()))
}

/// The orders, newest first.
pub async fn orders(database: &Database) -> Rows {
    database
        .query(
            "SELECT ordered.id, ordered.date, ordered.status, printf('%.2f', ordered.amount) AS amount,
                    ordered.invoiceid AS invoice, coalesce(invoice.status, '') AS invoice_status,
                    ordered.userid AS client_id, client.firstname || ' ' || client.lastname AS client,
                    coalesce((SELECT group_concat(id || ' ' || domain, char(10)) FROM tblhosting
                              WHERE orderid = ordered.id), '') AS services
             FROM tblorders AS ordered
             JOIN tblclients AS client ON client.id = ordered.userid
             LEFT JOIN tblinvoices AS invoice ON invoice.id = ordered.invoiceid
             ORDER BY ordered.id DESC",
        )
        .await
}

const SERVICES: &str = "
    SELECT service.id, service.domain, service.username, service.domainstatus AS status,
           printf('%.2f', service.amount) AS amount, service.billingcycle AS cycle,
           service.nextduedate AS next_due, service.regdate AS registered,
           service.packageid AS product_id, product.name AS product, service.userid AS client_id,
           client.firstname || ' ' || client.lastname AS client, coalesce(server.name, '') AS server,
           service.suspendreason AS suspend_reason, service.orderid AS order_id,
           (SELECT type FROM tblcancelrequests WHERE relid = service.id ORDER BY id DESC LIMIT 1)
               AS cancellation
    FROM tblhosting AS service
    JOIN tblproducts AS product ON product.id = service.packageid
    JOIN tblclients AS client ON client.id = service.userid
    LEFT JOIN tblservers AS server ON server.id = service.server";

/// The services, newest first.
pub async fn services(database: &Database) -> Rows {
    let query = format!("{SERVICES} ORDER BY service.id DESC");
    database.query(query).await
}

/// The services of a client, newest first.
pub async fn services_of(database: &Database, client: i64) -> Rows {
    let query = format!("{SERVICES} WHERE service.userid = {client} ORDER BY service.id DESC");
    database.query(query).await
}

/// One service.
pub async fn service(database: &Database, id: i64) -> Result<Option<Row>, EmulatorError> {
    let query = format!("{SERVICES} WHERE service.id = {id}");
    Ok(database.query(query).await?.into_iter().next())
}

const INVOICES: &str = "
    SELECT invoice.id, invoice.date, invoice.duedate AS due, invoice.status,
           printf('%.2f', invoice.total) AS total, invoice.userid AS client_id,
           coalesce((SELECT group_concat(description, ', ') FROM tblinvoiceitems
                     WHERE invoiceid = invoice.id), '') AS items
    FROM tblinvoices AS invoice";

/// The invoices of a client, newest first.
pub async fn invoices_of(database: &Database, client: i64) -> Rows {
    let query = format!("{INVOICES} WHERE invoice.userid = {client} ORDER BY invoice.id DESC");
    database.query(query).await
}

/// One invoice.
pub async fn invoice(database: &Database, id: i64) -> Result<Option<Row>, EmulatorError> {
    let query = format!("{INVOICES} WHERE invoice.id = {id}");
    Ok(database.query(query).await?.into_iter().next())
}

/// The unpaid invoices that bill a service, its upgrades included; oldest first.
pub async fn unpaid_of(database: &Database, service: i64) -> Rows {
    database
        .query(format!(
            "{INVOICES}
             WHERE invoice.status = 'Unpaid' AND invoice.id IN (
                 SELECT item.invoiceid FROM tblinvoiceitems AS item
                 WHERE (item.type = 'Hosting' AND item.relid = {service})
                    OR (item.type = 'Upgrade' AND item.relid IN
                        (SELECT id FROM tblupgrades WHERE relid = {service})))
             ORDER BY invoice.id",
        ))
        .await
}

/// The failed calls that wait in the module queue.
pub async fn queue(database: &Database) -> Rows {
    database
        .query(
            "SELECT id, service_type, service_id, module_action AS action, last_attempt,
                    last_attempt_error AS error, num_retries + 1 AS attempts
             FROM tblmodulequeue WHERE completed = 0 ORDER BY id",
        )
        .await
}

/// The module log, newest first.
pub async fn module_log(database: &Database) -> Rows {
    let query = "SELECT id, date, module, action, request, response, arrdata AS processed
                 FROM tblmodulelog ORDER BY id DESC LIMIT 200";
    database.query(query).await
}

/// The activity log, newest first.
pub async fn activity_log(database: &Database) -> Rows {
    let query = "SELECT id, date, description FROM tblactivitylog ORDER BY id DESC LIMIT 200";
    database.query(query).await
}

/// What would have been sent, newest first.
pub async fn emails(database: &Database) -> Rows {
    let query = "SELECT id, date, \"to\" AS recipient, subject, message
                 FROM tblemails ORDER BY id DESC LIMIT 200";
    database.query(query).await
}
