//! Reads WHMCS's tables: what WHMCS believes, for assertions and reports.

use std::collections::BTreeMap;

mod backend;
mod row;
mod rows;

pub(super) use backend::Backend;
pub use rows::{EmailRow, InvoiceRow, ModuleLogRow, Provisioned, ServiceRow};

use row::TextRow;

use super::{
    error::EmulatorError,
    ids::{ClientId, InvoiceId, ProductId, ServerId, ServiceId, Status},
};

/// WHMCS's database, read only but for where its numbers begin. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    backend: Backend,
}

impl Database {
    pub(super) fn new(backend: Backend) -> Self {
        Self { backend }
    }

    /// The status of a service or addon.
    ///
    /// # Errors
    /// When the database cannot be read or has no such row.
    pub async fn status(&self, provisioned: Provisioned) -> Result<Status, EmulatorError> {
        let (table, column) = match provisioned {
            Provisioned::Service(_) => ("tblhosting", "domainstatus"),
            Provisioned::Addon(_) => ("tblhostingaddons", "status"),
        };
        let query = format!(
            "SELECT {column} AS status FROM {table} WHERE id = {}",
            provisioned.number()
        );
        let rows = self.rows(query).await?;
        let row = rows.first().ok_or_else(|| EmulatorError::NoSuchRow {
            what: provisioned.row_name(),
        })?;
        row.status("status")
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
        let rows = self
            .rows(
                "SELECT id, userid, packageid, server, domain, username, password, domainstatus, amount,
                        billingcycle, nextduedate
                 FROM tblhosting ORDER BY id",
            )
            .await?;
        let service = |row: &TextRow| {
            let server = row.number("server")?;
            Ok(ServiceRow {
                id: ServiceId(row.number("id")?),
                client: ClientId(row.number("userid")?),
                product: ProductId(row.number("packageid")?),
                server: (server != 0).then_some(ServerId(server)),
                domain: row.text("domain"),
                username: row.text("username"),
                encrypted_password: row.text("password"),
                status: row.status("domainstatus")?,
                amount: row.money("amount")?,
                billing_cycle: row.text("billingcycle"),
                next_due_date: row.date("nextduedate"),
            })
        };
        rows.iter().map(service).collect()
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
            Provisioned::Service(_) => ("product", "SELECT packageid FROM tblhosting"),
            Provisioned::Addon(_) => ("addon", "SELECT addonid FROM tblhostingaddons"),
        };
        let number = provisioned.number();
        let rows = self
            .rows(format!(
                "SELECT field.fieldname, stored.value
                 FROM tblcustomfieldsvalues AS stored
                 JOIN tblcustomfields AS field ON field.id = stored.fieldid
                 WHERE field.type = '{kind}' AND stored.relid = {number}
                   AND field.relid = ({owner} WHERE id = {number})",
            ))
            .await?;
        Ok(rows
            .iter()
            .map(|row| (key_of(&row.text("fieldname")), row.text("value")))
            .collect())
    }

    /// Every invoice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invoices(&self) -> Result<Vec<InvoiceRow>, EmulatorError> {
        let rows = self
            .rows("SELECT id, userid, status, total, duedate FROM tblinvoices ORDER BY id")
            .await?;
        let invoice = |row: &TextRow| {
            Ok(InvoiceRow {
                id: InvoiceId(row.number("id")?),
                client: ClientId(row.number("userid")?),
                status: row.text("status"),
                total: row.money("total")?,
                due_date: row.date("duedate"),
            })
        };
        rows.iter().map(invoice).collect()
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
        let rows = self
            .rows(format!(
                "SELECT DISTINCT invoice.id AS id FROM tblinvoices AS invoice
                 JOIN tblinvoiceitems AS item ON item.invoiceid = invoice.id
                 WHERE invoice.status = 'Unpaid' AND item.type = '{kind}' AND item.relid = {}
                 ORDER BY invoice.id",
                provisioned.number()
            ))
            .await?;
        rows.iter()
            .map(|row| row.number("id").map(InvoiceId))
            .collect()
    }

    /// Every e-mail sent, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn emails(&self) -> Result<Vec<EmailRow>, EmulatorError> {
        let rows = self
            .rows("SELECT userid, `to`, subject, message FROM tblemails ORDER BY id")
            .await?;
        let email = |row: &TextRow| {
            Ok(EmailRow {
                client: ClientId(row.number("userid")?),
                to: row.text("to"),
                subject: row.text("subject"),
                message: row.text("message"),
            })
        };
        rows.iter().map(email).collect()
    }

    /// The module log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn module_log(&self) -> Result<Vec<ModuleLogRow>, EmulatorError> {
        let rows = self
            .rows("SELECT module, action, request, response, arrdata FROM tblmodulelog ORDER BY id")
            .await?;
        let entry = |row: &TextRow| ModuleLogRow {
            module: row.text("module"),
            action: row.text("action"),
            request: row.text("request"),
            response: row.text("response"),
            processed: row.text("arrdata"),
        };
        Ok(rows.iter().map(entry).collect())
    }

    /// The activity log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn activity_log(&self) -> Result<Vec<String>, EmulatorError> {
        let rows = self
            .rows("SELECT description FROM tblactivitylog ORDER BY id")
            .await?;
        Ok(rows.iter().map(|row| row.text("description")).collect())
    }

    /// Every row of a query of the caller's own, each column as text.
    ///
    /// # Errors
    /// When the database cannot be read or does not understand the query.
    pub async fn query(
        &self,
        query: impl Into<String>,
    ) -> Result<Vec<BTreeMap<String, String>>, EmulatorError> {
        let rows = self.rows(query).await?;
        let columns = |row: &TextRow| {
            let columns = row.columns.iter();
            columns.map(|name| (name.clone(), row.text(name))).collect()
        };
        Ok(rows.iter().map(columns).collect())
    }

    /// From now on the numbers of clients and services are above this one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn count_from(&self, first: i64) -> Result<(), EmulatorError> {
        self.backend.count_from(first).await
    }

    async fn rows(&self, query: impl Into<String>) -> Result<Vec<TextRow>, EmulatorError> {
        self.backend.rows(query.into()).await
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
