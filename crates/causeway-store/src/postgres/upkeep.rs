//! Looking through a whole database, beside the gateways that write it.

use async_trait::async_trait;
use causeway_engine::StoreError;
use tokio_postgres::Row as DatabaseRow;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::PostgresStore;
use super::address::PostgresAddress;
use super::connection::{Connection, commit};
use super::database::Repetition;
use super::failure::Result;
use super::table::nodes;
use crate::key::Keys;
use crate::upkeep::{AnyJournal, Cell, Replacement, Row, Snapshot};

/// Whoever looks may take its time between two batches.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                     SET LOCAL idle_in_transaction_session_timeout = 0;
                     SELECT count(*) FROM meta;";

#[async_trait]
impl AnyJournal for PostgresStore {
    fn keys(&self) -> &Keys {
        &self.keys
    }

    async fn snapshot(&self) -> std::result::Result<Box<dyn Snapshot>, StoreError> {
        let address = self.database.address().clone();
        let begun = async {
            let connection = self.database.connection().await?;
            connection.batch_execute(BEGIN).await?;
            Result::Ok(connection)
        };
        let connection = begun.await.map_err(|failure| failure.at(&address))?;
        Ok(Box::new(DatabaseSnapshot {
            connection,
            address,
        }))
    }

    /// In one transaction, which holds rows of one table in their order: no commit waits for it in a
    /// circle.
    async fn replace(
        &self,
        statement: &'static str,
        values: Vec<Replacement>,
    ) -> std::result::Result<u64, StoreError> {
        let (database, values) = (&self.database, &values);
        database
            .run(Repetition::Harmless, || async {
                let mut connection = database.connection().await?;
                let transaction = connection.begin().await?;
                let prepared = transaction.prepare_cached(statement).await?;
                let named = prepared.params().len();
                let mut replaced = 0;
                for Replacement { new, old, row } in values {
                    let parameters: [&(dyn ToSql + Sync); 4] = [new, old, &row.0, &row.1];
                    replaced += transaction.execute(&prepared, &parameters[..named]).await?;
                }
                commit(transaction).await?;
                connection.release();
                Ok(replaced)
            })
            .await
    }

    async fn count_gateways(&self) -> std::result::Result<u64, StoreError> {
        let database = &self.database;
        database
            .run(Repetition::Harmless, || async {
                let connection = database.connection().await?;
                let living = nodes::count_living(&*connection).await?;
                connection.release();
                Ok(living)
            })
            .await
    }
}

/// A transaction that only reads; its connection is closed with it.
struct DatabaseSnapshot {
    connection: Connection,
    address: PostgresAddress,
}

impl DatabaseSnapshot {
    async fn read(&self, statement: &str, after: (i64, i64)) -> Result<Vec<Row>> {
        let prepared = self.connection.prepare_cached(statement).await?;
        let rows = match prepared.params().len() {
            0 => self.connection.query(&prepared, &[]).await?,
            1 => self.connection.query(&prepared, &[&after.0]).await?,
            _ => {
                self.connection
                    .query(&prepared, &[&after.0, &after.1])
                    .await?
            }
        };
        rows.iter().map(parse).collect()
    }
}

#[async_trait]
impl Snapshot for DatabaseSnapshot {
    async fn rows(
        &mut self,
        statement: &'static str,
        after: (i64, i64),
    ) -> std::result::Result<Vec<Row>, StoreError> {
        self.read(statement, after)
            .await
            .map_err(|failure| failure.at(&self.address))
    }

    /// The server checks references by itself, and its pages with tools of its own.
    async fn integrity(&mut self) -> std::result::Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    async fn end(self: Box<Self>) {
        if self.connection.batch_execute("ROLLBACK").await.is_ok() {
            self.connection.release();
        }
    }
}

fn parse(row: &DatabaseRow) -> Result<Row> {
    let columns = row.columns().iter().enumerate();
    let cells = columns.map(|(index, column)| cell(row, index, column.type_()));
    Ok(Row(cells.collect::<Result<_>>()?))
}

fn cell(row: &DatabaseRow, index: usize, kind: &Type) -> Result<Cell> {
    let cell = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map(Cell::Number),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(index)?
            .map(|number| Cell::Number(number.into())),
        Type::BOOL => row
            .try_get::<_, Option<bool>>(index)?
            .map(|value| Cell::Number(value.into())),
        Type::UUID => row
            .try_get::<_, Option<Uuid>>(index)?
            .map(|id| Cell::Bytes(id.as_bytes().to_vec())),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Cell::Bytes),
        _ => row.try_get::<_, Option<String>>(index)?.map(Cell::Text),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
