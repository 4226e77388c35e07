//! The states of a service, in the database and in the API.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Where a service stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    /// Being provisioned; has no licence key yet.
    Pending,
    /// In use.
    Active,
    /// Switched off, with everything kept.
    Suspended,
    /// Provisioning failed; it never gets a licence key.
    Failed,
    /// Gone from the API; only the vendor's own books still know it.
    Terminated,
}

impl ServiceStatus {
    const ALL: [Self; 5] = [
        Self::Pending,
        Self::Active,
        Self::Suspended,
        Self::Failed,
        Self::Terminated,
    ];

    /// The API's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Failed => "failed",
            Self::Terminated => "terminated",
        }
    }
}

impl fmt::Display for ServiceStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl ToSql for ServiceStatus {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for ServiceStatus {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(FromSqlError::InvalidType)
    }
}
