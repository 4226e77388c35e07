//! The vendor's own books, read straight from its database: what a test compares beliefs with.

use rusqlite::Connection;

use super::service_status::ServiceStatus;

/// A user as the vendor keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the API's own field names")]
pub struct UserRow {
    pub id: i64,
    pub account_id: i64,
    pub firstname: String,
    pub lastname: Option<String>,
    pub email: String,
    pub created_at: String,
    pub updated_at: String,
}

/// A service as the vendor keeps it, live or terminated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the API's own field names")]
pub struct ServiceRow {
    pub id: i64,
    pub account_id: i64,
    pub user_id: i64,
    pub domain: String,
    pub plan: String,
    pub type_id: i64,
    pub status: ServiceStatus,
    pub license_key: Option<String>,
    pub paid_until: Option<String>,
    pub created_at: String,
    pub updated_at: String,
    pub suspended_at: Option<String>,
    pub terminated_at: Option<String>,
}

impl ServiceRow {
    /// Does the API still know it?
    pub fn is_live(&self) -> bool {
        self.status != ServiceStatus::Terminated
    }
}

pub(super) fn users(database: &Connection) -> rusqlite::Result<Vec<UserRow>> {
    database
        .prepare_cached(
            "SELECT id, account_id, firstname, lastname, email, created_at, updated_at \
             FROM users ORDER BY id",
        )?
        .query_map([], |row| {
            Ok(UserRow {
                id: row.get("id")?,
                account_id: row.get("account_id")?,
                firstname: row.get("firstname")?,
                lastname: row.get("lastname")?,
                email: row.get("email")?,
                created_at: row.get("created_at")?,
                updated_at: row.get("updated_at")?,
            })
        })?
        .collect()
}

pub(super) fn services(database: &Connection) -> rusqlite::Result<Vec<ServiceRow>> {
    database
        .prepare_cached(
            "SELECT id, account_id, user_id, domain, plan, type_id, status, license_key, \
                 paid_until, created_at, updated_at, suspended_at, NULL AS terminated_at \
             FROM services \
             UNION ALL \
             SELECT id, account_id, user_id, domain, plan, type_id, 'terminated', license_key, \
                 paid_until, created_at, updated_at, suspended_at, terminated_at \
             FROM terminated_services \
             ORDER BY id",
        )?
        .query_map([], |row| {
            Ok(ServiceRow {
                id: row.get("id")?,
                account_id: row.get("account_id")?,
                user_id: row.get("user_id")?,
                domain: row.get("domain")?,
                plan: row.get("plan")?,
                type_id: row.get("type_id")?,
                status: row.get("status")?,
                license_key: row.get("license_key")?,
                paid_until: row.get("paid_until")?,
                created_at: row.get("created_at")?,
                updated_at: row.get("updated_at")?,
                suspended_at: row.get("suspended_at")?,
                terminated_at: row.get("terminated_at")?,
            })
        })?
        .collect()
}
