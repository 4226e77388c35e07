//! Services: what a reseller buys for a user's domain.

use std::time::Duration;

use http::StatusCode;
use rand::distr::{Alphanumeric, SampleString};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, params_from_iter};
use serde_json::{Value, json};

use super::call::{Call, Failure, Reply};
use super::database::written;
use super::pagination::Page;
use super::provisioning;
use super::service_status::ServiceStatus;
use super::validation::{Validator, as_integer};

const LOGIN_LINK_LIFETIME: Duration = Duration::from_secs(300);
const LOGIN_SECRET_LENGTH: usize = 40;

/// `POST /services`
pub(super) fn create(call: &Call<'_>) -> Result<Reply, Failure> {
    let mut validator = Validator::new(call.input);
    let domain = validator.required_string("domain");
    let user_id = validator.integer("user_id");
    let plan = existing_plan(call, &mut validator)?;
    let type_id = validator.integer("type_id");
    let (Some(domain), Some(user_id), Some(plan), Some(type_id)) = (domain, user_id, plan, type_id)
    else {
        return Err(validator.failure());
    };

    let birth = provisioning::birth(call.provisioning, call.now);
    call.database
        .prepare_cached(
            "INSERT INTO services (account_id, user_id, domain, plan, type_id, status, \
             license_key, reads_left, ready_at_ms, created_at, updated_at, created_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)",
        )?
        .execute(params![
            call.account_id,
            user_id,
            domain,
            plan,
            type_id,
            birth.status,
            birth.license_key,
            birth.reads_left,
            birth.ready_at_ms,
            written(call.now),
            call.now.as_millisecond(),
        ])?;
    let id = call.database.last_insert_rowid();
    let service = by_id(call, id)?;
    if birth.reads_left == Some(0) {
        provisioning::finish(call.database, id, call.provisioning, call.now)?;
    }
    Ok(Reply::created(&service.shown))
}

/// `GET /services`
pub(super) fn list(call: &Call<'_>) -> Result<Reply, Failure> {
    let page = Page::wanted(call.input);
    let mut condition = "account_id = ? AND created_at_ms <= ?".to_owned();
    let mut values: Vec<Box<dyn ToSql>> =
        vec![Box::new(call.account_id), Box::new(call.listed_until_ms())];
    if let Some(user_id) = call.input.get("user_id") {
        condition.push_str(" AND user_id = ?");
        values.push(Box::new(as_integer(user_id)));
    }
    for filter in ["domain", "status"] {
        if let Some(text) = call.input.text(filter) {
            condition.push_str(&format!(" AND {filter} = ?"));
            values.push(Box::new(text));
        }
    }
    let total = call
        .database
        .prepare_cached(&format!("SELECT count(*) FROM services WHERE {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    values.push(Box::new(page.limit()));
    values.push(Box::new(page.offset()));
    let services: Vec<Service> = call
        .database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM services WHERE {condition} ORDER BY id LIMIT ? OFFSET ?"
        ))?
        .query_map(params_from_iter(&values), Service::read)?
        .collect::<Result<_, _>>()?;
    for service in &services {
        note_read(call, service)?;
    }
    let shown: Vec<Value> = services.into_iter().map(|service| service.shown).collect();
    Ok(Reply::ok(&page.envelope(call, total, &shown)))
}

/// `GET /services/{id}`
pub(super) fn show(call: &Call<'_>) -> Result<Reply, Failure> {
    let service = named(call)?;
    note_read(call, &service)?;
    Ok(Reply::ok(&service.shown))
}

/// `POST /services/{id}/suspend`
pub(super) fn suspend(call: &Call<'_>) -> Result<Reply, Failure> {
    switch(call, ServiceStatus::Suspended)
}

/// `POST /services/{id}/unsuspend`
pub(super) fn unsuspend(call: &Call<'_>) -> Result<Reply, Failure> {
    switch(call, ServiceStatus::Active)
}

/// `PATCH /services/{id}`
pub(super) fn change_plan(call: &Call<'_>) -> Result<Reply, Failure> {
    let service = provisioned(call)?;
    let mut validator = Validator::new(call.input);
    let Some(plan) = existing_plan(call, &mut validator)? else {
        return Err(validator.failure());
    };
    call.database
        .prepare_cached("UPDATE services SET plan = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![service.id, plan, written(call.now)])?;
    Ok(Reply::ok(&by_id(call, service.id)?.shown))
}

/// `PUT /services/{id}/renewal`
pub(super) fn renew(call: &Call<'_>) -> Result<Reply, Failure> {
    let service = named(call)?;
    let mut validator = Validator::new(call.input);
    let Some(paid_until) = validator.date("paid_until") else {
        return Err(validator.failure());
    };
    call.database
        .prepare_cached("UPDATE services SET paid_until = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![
            service.id,
            paid_until.to_string(),
            written(call.now)
        ])?;
    Ok(Reply::ok(&by_id(call, service.id)?.shown))
}

/// `POST /services/{id}/login-link`
pub(super) fn login_link(call: &Call<'_>) -> Result<Reply, Failure> {
    let service = provisioned(call)?;
    if service.status == ServiceStatus::Suspended {
        return Err(Failure::Refused {
            status: StatusCode::FORBIDDEN,
            message: "This service is suspended.",
        });
    }
    let secret = Alphanumeric.sample_string(&mut rand::rng(), LOGIN_SECRET_LENGTH);
    Ok(Reply::ok(&json!({
        "url": format!("https://app.shieldpress.example/services/{}/login/{secret}", service.id),
        "expires_at": written(call.now + LOGIN_LINK_LIFETIME),
    })))
}

/// `DELETE /services/{id}`
pub(super) fn delete(call: &Call<'_>) -> Result<Reply, Failure> {
    let service = named(call)?;
    terminate(call.database, service.id)?;
    Ok(Reply::no_content())
}

/// Moves a service to the terminated ones; false if it is not among the live ones.
pub(super) fn terminate(database: &Connection, id: i64) -> rusqlite::Result<bool> {
    let deleted = database
        .prepare_cached("DELETE FROM services WHERE id = ?1")?
        .execute([id])?;
    Ok(deleted == 1)
}

const COLUMNS: &str = "id, domain, user_id, plan, type_id, status, license_key, paid_until, \
                       created_at, updated_at, suspended_at, reads_left";

struct Service {
    id: i64,
    status: ServiceStatus,
    reads_left: Option<u32>,
    shown: Value,
}

impl Service {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id = row.get(0)?;
        let status: ServiceStatus = row.get(5)?;
        let shown = json!({
            "id": id,
            "domain": row.get::<_, String>(1)?,
            "user_id": row.get::<_, i64>(2)?,
            "plan": row.get::<_, String>(3)?,
            "type_id": row.get::<_, i64>(4)?,
            "status": status.as_str(),
            "license": { "key": row.get::<_, Option<String>>(6)? },
            "paid_until": row.get::<_, Option<String>>(7)?,
            "created_at": row.get::<_, String>(8)?,
            "updated_at": row.get::<_, String>(9)?,
            "suspended_at": row.get::<_, Option<String>>(10)?,
        });
        Ok(Self {
            id,
            status,
            reads_left: row.get(11)?,
            shown,
        })
    }
}

/// The account's service that the call's path names.
fn named(call: &Call<'_>) -> Result<Service, Failure> {
    let service = match call.id.parse::<i64>() {
        Err(_) => None,
        Ok(id) => call
            .database
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM services WHERE id = ?1 AND account_id = ?2"
            ))?
            .query_row([id, call.account_id], Service::read)
            .optional()?,
    };
    service.ok_or_else(|| Failure::NotFound {
        model: "Service",
        id: call.id.to_owned(),
    })
}

/// The service that the call's path names, once its provisioning has succeeded.
fn provisioned(call: &Call<'_>) -> Result<Service, Failure> {
    let service = named(call)?;
    let message = match service.status {
        ServiceStatus::Pending => "This service is still being provisioned.",
        ServiceStatus::Failed => "The provisioning of this service has failed.",
        _ => return Ok(service),
    };
    Err(Failure::Refused {
        status: StatusCode::CONFLICT,
        message,
    })
}

fn by_id(call: &Call<'_>, id: i64) -> rusqlite::Result<Service> {
    call.database
        .prepare_cached(&format!("SELECT {COLUMNS} FROM services WHERE id = ?1"))?
        .query_row([id], Service::read)
}

/// A read brings a service that waits for reads nearer to its end of waiting.
fn note_read(call: &Call<'_>, service: &Service) -> rusqlite::Result<()> {
    match service.reads_left {
        None => Ok(()),
        Some(0 | 1) => provisioning::finish(call.database, service.id, call.provisioning, call.now),
        Some(_) => call
            .database
            .prepare_cached("UPDATE services SET reads_left = reads_left - 1 WHERE id = ?1")?
            .execute([service.id])
            .map(drop),
    }
}

/// Suspends or unsuspends; a service that is there already keeps its times.
fn switch(call: &Call<'_>, status: ServiceStatus) -> Result<Reply, Failure> {
    let service = provisioned(call)?;
    if service.status == status {
        return Ok(Reply::ok(&service.shown));
    }
    let now = written(call.now);
    let suspended_at = (status == ServiceStatus::Suspended).then_some(&now);
    call.database
        .prepare_cached(
            "UPDATE services SET status = ?2, suspended_at = ?3, updated_at = ?4 WHERE id = ?1",
        )?
        .execute(params![service.id, status, suspended_at, now])?;
    Ok(Reply::ok(&by_id(call, service.id)?.shown))
}

/// Laravel: `required|string|exists:plans,code`.
fn existing_plan(
    call: &Call<'_>,
    validator: &mut Validator<'_>,
) -> rusqlite::Result<Option<String>> {
    let Some(plan) = validator.required_string("plan") else {
        return Ok(None);
    };
    let exists = call
        .database
        .prepare_cached("SELECT 1 FROM plans WHERE code = ?1")?
        .exists([&plan])?;
    if !exists {
        validator.refuse("plan", "The selected plan is invalid.");
    }
    Ok(exists.then_some(plan))
}
