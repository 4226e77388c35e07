//! Reads WHMCS's tables: what WHMCS believes, for assertions and reports.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use jiff::civil::Date;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};

mod rows;

pub use rows::{EmailRow, InvoiceRow, ModuleLogRow, Provisioned, ServiceRow};

use super::{
    error::EmulatorError,
    ids::{ClientId, InvoiceId, ProductId, ServerId, ServiceId, Status},
};

/// WHMCS's database, read only but for where its numbers begin. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    file: PathBuf,
}

impl Database {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// The status of a service or addon.
    ///
    /// # Errors
    /// When the database cannot be read or has no such row.
    pub async fn status(&self, provisioned: Provisioned) -> Result<Status, EmulatorError> {
        let query = match provisioned {
            Provisioned::Service(_) => "SELECT domainstatus FROM tblhosting WHERE id = ?1",
            Provisioned::Addon(_) => "SELECT status FROM tblhostingaddons WHERE id = ?1",
        };
        let status = self
            .read(move |connection| {
                connection
                    .query_row(query, params![provisioned.number()], |row| {
                        row.get::<_, String>(0)
                    })
                    .optional()
            })
            .await?;
        status
            .as_deref()
            .and_then(Status::named)
            .ok_or_else(|| EmulatorError::NoSuchRow {
                what: provisioned.row_name(),
            })
    }

    /// One service.
    ///
    /// # Errors
    /// When the database cannot be read or has no such service.
    pub async fn service(&self, service: ServiceId) -> Result<ServiceRow, EmulatorError> {
        let rows = self.services().await?;
        rows.into_iter()
            .find(|row| row.id == service)
            .ok_or_else(|| EmulatorError::NoSuchRow {
                what: service.to_string(),
            })
    }

    /// Every service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn services(&self) -> Result<Vec<ServiceRow>, EmulatorError> {
        self.rows(
            "SELECT id, userid, packageid, server, domain, username, password, domainstatus,
                    printf('%.2f', amount) AS amount, billingcycle,
                    CAST(nextduedate AS TEXT) AS nextduedate
             FROM tblhosting ORDER BY id",
            |row| {
                let server: i64 = row.get("server")?;
                let status: String = row.get("domainstatus")?;
                Ok(ServiceRow {
                    id: ServiceId(row.get("id")?),
                    client: ClientId(row.get("userid")?),
                    product: ProductId(row.get("packageid")?),
                    server: (server != 0).then_some(ServerId(server)),
                    domain: row.get("domain")?,
                    username: row.get("username")?,
                    encrypted_password: row.get("password")?,
                    status: Status::named(&status).ok_or_else(|| unknown_status(&status))?,
                    amount: row.get("amount")?,
                    billing_cycle: row.get("billingcycle")?,
                    next_due_date: date(row, "nextduedate")?,
                })
            },
        )
        .await
    }

    /// The values that are kept for a service or addon in the custom fields of the product that it is
    /// of now, by name. A field named `key|Label` appears as `key`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn properties(
        &self,
        provisioned: Provisioned,
    ) -> Result<BTreeMap<String, String>, EmulatorError> {
        let (kind, owner) = match provisioned {
            Provisioned::Service(_) => {
                ("product", "SELECT packageid FROM tblhosting WHERE id = ?2")
            }
            Provisioned::Addon(_) => (
                "addon",
                "SELECT addonid FROM tblhostingaddons WHERE id = ?2",
            ),
        };
        let pairs = self
            .read(move |connection| {
                connection
                    .prepare(&format!(
                        "SELECT field.fieldname, stored.value
                         FROM tblcustomfieldsvalues AS stored
                         JOIN tblcustomfields AS field ON field.id = stored.fieldid
                         WHERE field.type = ?1 AND stored.relid = ?2 AND field.relid = ({owner})",
                    ))?
                    .query_map(params![kind, provisioned.number()], |row| {
                        let name: String = row.get(0)?;
                        let value: Option<String> = row.get(1)?;
                        Ok((name, value.unwrap_or_default()))
                    })?
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?;
        Ok(pairs
            .into_iter()
            .map(|(name, value)| (key_of(&name), value))
            .collect())
    }

    /// Every invoice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invoices(&self) -> Result<Vec<InvoiceRow>, EmulatorError> {
        self.rows(
            "SELECT id, userid, status, printf('%.2f', total) AS total,
                    CAST(duedate AS TEXT) AS duedate
             FROM tblinvoices ORDER BY id",
            |row| {
                Ok(InvoiceRow {
                    id: InvoiceId(row.get("id")?),
                    client: ClientId(row.get("userid")?),
                    status: row.get("status")?,
                    total: row.get("total")?,
                    due_date: date(row, "duedate")?,
                })
            },
        )
        .await
    }

    /// The unpaid invoices that bill a service or addon, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unpaid_invoices(
        &self,
        provisioned: Provisioned,
    ) -> Result<Vec<InvoiceId>, EmulatorError> {
        let kind = match provisioned {
            Provisioned::Service(_) => "Hosting",
            Provisioned::Addon(_) => "Addon",
        };
        self.read(move |connection| {
            connection
                .prepare(
                    "SELECT DISTINCT invoice.id FROM tblinvoices AS invoice
                     JOIN tblinvoiceitems AS item ON item.invoiceid = invoice.id
                     WHERE invoice.status = 'Unpaid' AND item.type = ?1 AND item.relid = ?2
                     ORDER BY invoice.id",
                )?
                .query_map(params![kind, provisioned.number()], |row| {
                    row.get(0).map(InvoiceId)
                })?
                .collect()
        })
        .await
    }

    /// Every e-mail sent, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn emails(&self) -> Result<Vec<EmailRow>, EmulatorError> {
        self.rows(
            "SELECT userid, \"to\" AS recipient, subject, message FROM tblemails ORDER BY id",
            |row| {
                Ok(EmailRow {
                    client: ClientId(row.get("userid")?),
                    to: row
                        .get::<_, Option<String>>("recipient")?
                        .unwrap_or_default(),
                    subject: row.get("subject")?,
                    message: row.get("message")?,
                })
            },
        )
        .await
    }

    /// The module log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn module_log(&self) -> Result<Vec<ModuleLogRow>, EmulatorError> {
        self.rows(
            "SELECT module, action, request, response, arrdata FROM tblmodulelog ORDER BY id",
            |row| {
                Ok(ModuleLogRow {
                    module: row.get("module")?,
                    action: row.get("action")?,
                    request: row.get("request")?,
                    response: row.get("response")?,
                    processed: row.get::<_, Option<String>>("arrdata")?.unwrap_or_default(),
                })
            },
        )
        .await
    }

    /// The activity log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn activity_log(&self) -> Result<Vec<String>, EmulatorError> {
        self.rows(
            "SELECT description FROM tblactivitylog ORDER BY id",
            |row| row.get(0),
        )
        .await
    }

    /// Every row of a query of the caller's own, each column as text.
    ///
    /// # Errors
    /// When the database cannot be read or does not understand the query.
    pub async fn query(
        &self,
        query: impl Into<String>,
    ) -> Result<Vec<BTreeMap<String, String>>, EmulatorError> {
        let query = query.into();
        self.read(move |connection| {
            let mut statement = connection.prepare(&query)?;
            let names: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
            let mut rows = statement.query([])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let mut one = BTreeMap::new();
                for (at, name) in names.iter().enumerate() {
                    one.insert(name.clone(), text(row, at)?);
                }
                all.push(one);
            }
            Ok(all)
        })
        .await
    }

    /// From now on the numbers of clients and services are above this one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn count_from(&self, first: i64) -> Result<(), EmulatorError> {
        let file = self.file.clone();
        let counted = tokio::task::spawn_blocking(move || {
            let connection = Connection::open(file)?;
            connection.busy_timeout(Duration::from_secs(10))?;
            connection.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('tblclients', ?1), ('tblhosting', ?1)",
                params![first],
            )
        })
        .await;
        finished(counted).map(|_| ())
    }

    async fn rows<T: Send + 'static>(
        &self,
        query: &'static str,
        parse: impl Fn(&Row<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Vec<T>, EmulatorError> {
        self.read(move |connection| connection.prepare(query)?.query_map([], parse)?.collect())
            .await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EmulatorError> {
        let file = self.file.clone();
        let read = tokio::task::spawn_blocking(move || {
            let connection = Connection::open_with_flags(
                file,
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?;
            connection.busy_timeout(Duration::from_secs(10))?;
            work(&connection)
        })
        .await;
        finished(read)
    }
}

/// What a task came to; a panic in it goes on here.
fn finished<T>(
    ended: Result<rusqlite::Result<T>, tokio::task::JoinError>,
) -> Result<T, EmulatorError> {
    match ended {
        Ok(outcome) => Ok(outcome?),
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(rusqlite::Error::QueryReturnedNoRows.into()),
        },
    }
}

fn key_of(field_name: &str) -> String {
    field_name
        .split('|')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Date>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|text| text.get(..10)?.parse().ok()))
}

fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<String> {
    use rusqlite::types::ValueRef;
    Ok(match row.get_ref(at)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    })
}

fn unknown_status(status: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        0,
        rusqlite::types::Type::Text,
        format!("WHMCS has no service status {status:?}").into(),
    )
}
