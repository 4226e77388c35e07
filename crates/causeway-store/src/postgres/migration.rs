//! Brings the database to the schema of this Causeway: numbered steps, forward only.

use aws_lc_rs::digest::{SHA256, digest};
use causeway_engine::StoreError;
use deadpool_postgres::{GenericClient, Transaction};
use jiff::Timestamp;

use super::connection::{Connection, commit};
use super::failure::Result;
use super::table::nodes;
use crate::failure::damaged;
use crate::value::to_nanoseconds;

/// "CswyMigr": whoever brings a journal to another schema holds this lock.
const LOCK: i64 = 0x4373_7779_4d69_6772;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        digest(&SHA256, self.sql.as_bytes()).as_ref().to_vec()
    }
}

/// In order; what was once released is never changed.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "journal",
        sql: include_str!("../../migrations/postgres/0001_journal.sql"),
    },
    Migration {
        version: 2,
        name: "settling turns",
        sql: include_str!("../../migrations/postgres/0002_settling_turns.sql"),
    },
];

/// Applies what is missing, wholly or not at all; one process at a time.
pub(super) async fn migrate(connection: &mut Connection, shown: &str) -> Result<()> {
    if is_there(&**connection).await? && missing(&**connection, shown).await?.is_empty() {
        return Ok(());
    }
    let transaction = connection.begin().await?;
    // Whoever waits here for a long migration waits for a good reason.
    transaction
        .batch_execute("SET LOCAL lock_timeout = 0")
        .await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    let is_new = !is_there(&transaction).await?;
    if is_new {
        let sql = "CREATE SCHEMA IF NOT EXISTS causeway;
                   CREATE TABLE migrations (
                       version    bigint PRIMARY KEY,
                       name       text   NOT NULL,
                       checksum   bytea  NOT NULL,
                       applied_at bigint NOT NULL
                   )";
        transaction.batch_execute(sql).await?;
    }
    let missing = missing(&transaction, shown).await?;
    if !is_new && !missing.is_empty() {
        refuse_under_gateways(&transaction).await?;
    }
    for migration in missing {
        tracing::info!(
            version = migration.version,
            name = migration.name,
            "migrating the journal"
        );
        transaction.batch_execute(migration.sql).await?;
        let sql =
            "INSERT INTO migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
        let applied_at = to_nanoseconds(Timestamp::now());
        let checksum = migration.checksum();
        transaction
            .execute(
                sql,
                &[&migration.version, &migration.name, &checksum, &applied_at],
            )
            .await?;
    }
    commit(transaction).await
}

/// Whether there is a journal, of whatever version.
pub(super) async fn is_there(client: &impl GenericClient) -> Result<bool> {
    // Read from the table itself: the server's own memory of names may be older than the lock.
    let sql = "SELECT EXISTS (
                   SELECT FROM pg_catalog.pg_tables
                   WHERE schemaname = 'causeway' AND tablename = 'migrations'
               )";
    let row = client.query_one(sql, &[]).await?;
    Ok(row.try_get(0)?)
}

async fn missing(client: &impl GenericClient, shown: &str) -> Result<Vec<&'static Migration>> {
    let rows = client
        .query(
            "SELECT version, checksum FROM migrations ORDER BY version",
            &[],
        )
        .await?;
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    let mut applied = Vec::new();
    for row in rows {
        let (version, checksum): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        if version > known {
            return Err(StoreError::NewerVersion(format!(
                "{shown} has schema version {version}, and this Causeway knows up to version {known}; \
                 install the Causeway that wrote it, or a newer one"
            ))
            .into());
        }
        applied.push((version, checksum));
    }
    let mut missing = Vec::new();
    for migration in MIGRATIONS {
        match applied
            .iter()
            .find(|(version, _)| *version == migration.version)
        {
            None => missing.push(migration),
            Some((_, checksum)) if *checksum == migration.checksum() => {}
            Some(_) => {
                return Err(damaged(format!(
                    "{shown} was made with another migration {} ({}) than this Causeway's, perhaps by a \
                     build between two releases; use that build",
                    migration.version, migration.name
                ))
                .into());
            }
        }
    }
    Ok(missing)
}

/// The schema never changes under the feet of gateways of an older version.
async fn refuse_under_gateways(transaction: &Transaction<'_>) -> Result<()> {
    let gateways = nodes::count_living(transaction).await?;
    if gateways == 0 {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "it is of an older version and has to be brought to this one, but {gateways} gateways run on it; \
         stop them first"
    ))
    .into())
}
