//! What a call leaves behind in WHMCS: rows, log entries, e-mails, and what it asked of the API.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{answers::map, ids::ClientId};

/// What a call left behind, each kind in its order.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct LeftBehind {
    /// Rows and tables that changed, without the three below.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Entries of the module log.
    #[serde(default)]
    pub module_log: Vec<ModuleLogEntry>,
    /// Entries of the activity log.
    #[serde(default)]
    pub activity_log: Vec<ActivityLogEntry>,
    /// E-mails.
    #[serde(default)]
    pub emails: Vec<SentEmail>,
    /// Calls of WHMCS's API by `localAPI`.
    #[serde(default)]
    pub api_calls: Vec<ApiCall>,
}

/// One row that a statement changed, or a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Change {
    /// The table: WHMCS's or the module's own.
    pub table: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The row's id; none when the table itself changed.
    #[serde(default)]
    pub row: Option<i64>,
    /// The columns that differ now.
    #[serde(default)]
    pub columns: Vec<ColumnChange>,
}

/// What happened to a row or a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ChangeKind {
    Inserted,
    Updated,
    Deleted,
    TableCreated,
    TableAltered,
    TableDropped,
}

/// A column's value before and after; null where there was no row, or is none.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ColumnChange {
    pub column: String,
    #[serde(default)]
    pub before: Value,
    #[serde(default)]
    pub after: Value,
}

/// A row of `tblmodulelog`, as `logModuleCall` wrote it: what it was told to mask is masked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the names are logModuleCall's own")]
pub struct ModuleLogEntry {
    pub module: String,
    pub action: String,
    pub request: String,
    pub response: String,
    pub processed: String,
}

/// A row of `tblactivitylog`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ActivityLogEntry {
    /// The entry.
    pub description: String,
    /// Whom it concerns.
    #[serde(default, deserialize_with = "client")]
    pub client_id: Option<ClientId>,
}

/// An e-mail that WHMCS would have sent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SentEmail {
    /// To which client; none when it goes to staff.
    #[serde(default, deserialize_with = "client")]
    pub client_id: Option<ClientId>,
    /// The address.
    pub to: String,
    /// The template's name; empty for a message without one.
    #[serde(default)]
    pub template: String,
    /// The subject, with the values in it.
    pub subject: String,
    /// The message, with the values in it.
    pub message: String,
    /// The merge fields that the template names, with their values; null for one that WHMCS does
    /// not have.
    #[serde(default, deserialize_with = "map")]
    pub merged: IndexMap<String, Value>,
}

/// A call of WHMCS's API.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ApiCall {
    /// The command: `UpdateClientProduct`.
    pub command: String,
    /// What it was given.
    #[serde(default)]
    pub values: Value,
    /// What it answered.
    #[serde(default)]
    pub answer: Value,
}

/// WHMCS writes nought for nobody.
fn client<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClientId>, D::Error> {
    let id = Value::deserialize(deserializer)?;
    match id.as_i64() {
        None | Some(0) => Ok(None),
        Some(_) => serde_json::from_value(id)
            .map(Some)
            .map_err(serde::de::Error::custom),
    }
}
