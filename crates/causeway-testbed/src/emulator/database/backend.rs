//! The database itself: an SQLite file that is read here, or one of MariaDB's, which PHP is asked for.

use std::{path::PathBuf, sync::Arc, time::Duration};

use rusqlite::{Connection, OpenFlags, params, types::ValueRef};

use super::row::TextRow;
use crate::emulator::{
    answers::QueriedRows, commands::Command, error::EmulatorError, whmcs::Whmcs,
};
use crate::mariadb::MariaDbDatabase;

const BUSY_FOR: Duration = Duration::from_secs(10);

/// What WHMCS's tables lie in.
#[derive(Debug, Clone)]
pub(in crate::emulator) enum Backend {
    Sqlite(PathBuf),
    MariaDb {
        database: MariaDbDatabase,
        whmcs: Whmcs,
    },
}

impl Backend {
    pub(super) async fn rows(&self, query: String) -> Result<Vec<TextRow>, EmulatorError> {
        match self {
            Self::Sqlite(file) => {
                let file = file.clone();
                blocking(move || {
                    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                    let connection = Connection::open_with_flags(file, flags)?;
                    connection.busy_timeout(BUSY_FOR)?;
                    sqlite_rows(&connection, &query)
                })
                .await
            }
            Self::MariaDb { whmcs, .. } => {
                let answered = whmcs
                    .ask::<QueriedRows>(&Command::Query { sql: query })
                    .await?;
                let QueriedRows { columns, rows } = answered.result;
                let columns: Arc<[String]> = columns.into();
                let row = |values| TextRow {
                    columns: Arc::clone(&columns),
                    values,
                };
                Ok(rows.into_iter().map(row).collect())
            }
        }
    }

    pub(super) async fn count_from(&self, first: i64) -> Result<(), EmulatorError> {
        const COUNTED: [&str; 2] = ["tblclients", "tblhosting"];
        match self {
            Self::Sqlite(file) => {
                let file = file.clone();
                blocking(move || {
                    let connection = Connection::open(file)?;
                    connection.busy_timeout(BUSY_FOR)?;
                    for table in COUNTED {
                        connection.execute(
                            "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)",
                            params![table, first],
                        )?;
                    }
                    Ok(())
                })
                .await
            }
            Self::MariaDb { database, .. } => {
                let next = first + 1;
                let statements = COUNTED
                    .map(|table| format!("ALTER TABLE {table} AUTO_INCREMENT = {next};"))
                    .concat();
                Ok(database.run(&statements)?)
            }
        }
    }
}

fn sqlite_rows(connection: &Connection, query: &str) -> rusqlite::Result<Vec<TextRow>> {
    let mut statement = connection.prepare(query)?;
    let names = statement.column_names().map(ToOwned::to_owned);
    let columns: Arc<[String]> = names.collect();
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns.len()).map(|at| Ok(text(row.get_ref(at)?)));
        all.push(TextRow {
            columns: Arc::clone(&columns),
            values: values.collect::<rusqlite::Result<_>>()?,
        });
    }
    Ok(all)
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, EmulatorError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(rusqlite::Error::QueryReturnedNoRows.into()),
        },
    }
}
