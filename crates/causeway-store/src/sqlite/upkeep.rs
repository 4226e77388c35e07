//! Looking through a whole file, beside the gateway that writes it.

use std::path::PathBuf;

use async_trait::async_trait;
use causeway_engine::StoreError;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, params_from_iter};
use tokio::task::spawn_blocking;

use super::SqliteStore;
use super::connection::open_reader;
use super::failure::{Failure, Result};
use crate::key::Keys;
use crate::upkeep::{AnyJournal, Cell, Replacement, Row, Snapshot};

#[async_trait]
impl AnyJournal for SqliteStore {
    fn keys(&self) -> &Keys {
        &self.keys
    }

    async fn snapshot(&self) -> std::result::Result<Box<dyn Snapshot>, StoreError> {
        let path = self.path.clone();
        let connection = blocking(move || {
            let connection = open_reader(&path).map_err(|failure| failure.at(&path))?;
            // The first statement after it fixes what is seen.
            let begun = connection
                .execute_batch("BEGIN; SELECT count(*) FROM meta;")
                .map_err(|error| Failure::from(error).at(&path));
            begun.map(|()| connection)
        })
        .await?;
        Ok(Box::new(FileSnapshot {
            connection: Some(connection),
            path: self.path.clone(),
        }))
    }

    async fn replace(
        &self,
        statement: &'static str,
        values: Vec<Replacement>,
    ) -> std::result::Result<u64, StoreError> {
        self.write(move |connection, _| {
            let mut prepared = connection.prepare_cached(statement)?;
            let named = prepared.parameter_count();
            let mut replaced = 0;
            for Replacement { new, old, row } in &values {
                let parameters: [&dyn ToSql; 4] = [new, old, &row.0, &row.1];
                replaced += prepared.execute(&parameters[..named])?;
            }
            Ok(u64::try_from(replaced).unwrap_or(u64::MAX))
        })
        .await
    }

    /// A file takes one.
    async fn count_gateways(&self) -> std::result::Result<u64, StoreError> {
        Ok(1)
    }
}

/// A read transaction on a connection of its own.
struct FileSnapshot {
    /// Away only while a statement runs.
    connection: Option<Connection>,
    path: PathBuf,
}

impl FileSnapshot {
    async fn read<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, StoreError> {
        let Some(connection) = self.connection.take() else {
            return Err(StoreError::Unavailable(
                "the look was broken off".to_owned(),
            ));
        };
        let path = self.path.clone();
        let (connection, result) = blocking(move || {
            let result = work(&connection).map_err(|failure| failure.at(&path));
            Ok((connection, result))
        })
        .await?;
        self.connection = Some(connection);
        result
    }
}

#[async_trait]
impl Snapshot for FileSnapshot {
    async fn rows(
        &mut self,
        statement: &'static str,
        after: (i64, i64),
    ) -> std::result::Result<Vec<Row>, StoreError> {
        self.read(move |connection| {
            let mut prepared = connection.prepare_cached(statement)?;
            let columns = prepared.column_count();
            let named = prepared.parameter_count();
            let mut rows =
                prepared.query(params_from_iter([after.0, after.1].iter().take(named)))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let cells = (0..columns).map(|column| Ok(cell(row.get_ref(column)?)));
                found.push(Row(cells.collect::<Result<_>>()?));
            }
            Ok(found)
        })
        .await
    }

    async fn integrity(&mut self) -> std::result::Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut found = Vec::new();
            let mut check = connection.prepare("PRAGMA integrity_check")?;
            for line in check.query_map([], |row| row.get::<_, String>(0))? {
                found.push(line?);
            }
            found.retain(|line| line != "ok");
            let mut check = connection.prepare("PRAGMA foreign_key_check")?;
            let mut rows = check.query([])?;
            while let Some(row) = rows.next()? {
                let (table, number, parent): (String, Option<i64>, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let number = number.unwrap_or_default();
                found.push(format!(
                    "{table} {number} refers to a row of {parent} that is not there"
                ));
            }
            Ok(found)
        })
        .await
    }

    async fn end(self: Box<Self>) {}
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Real(number) => Cell::Text(number.to_string()),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, StoreError> + Send + 'static,
) -> std::result::Result<T, StoreError> {
    spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Unavailable("the look was broken off".to_owned()))?
}
