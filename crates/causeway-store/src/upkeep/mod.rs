//! What keeps a journal well, beside the gateways that use it: looking through all of it, and writing it
//! out. The statements are the same for both kinds of journal.

mod export;
mod reseal;
mod row;
mod verify;

use async_trait::async_trait;
use causeway_engine::{Store, StoreError};

pub use self::export::export;
pub use self::reseal::{reseal, sealed_by};
pub use self::row::{Cell, Row};
pub use self::verify::{Fault, Verified, verify};

use crate::key::Keys;

/// A journal, of either kind.
#[async_trait]
pub trait AnyJournal: Store {
    /// The keys that it is sealed with.
    fn keys(&self) -> &Keys;

    /// The journal as it stands now, whatever is committed while it is looked at.
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, StoreError>;

    /// Replaces those values that are still as they were, by a statement that sets `$1` where `$2` is,
    /// in the row with the numbers `$3` and `$4` as far as it names them; says how many.
    async fn replace(
        &self,
        statement: &'static str,
        values: Vec<Replacement>,
    ) -> Result<u64, StoreError>;

    /// How many gateways live on it, as far as it knows.
    async fn count_gateways(&self) -> Result<u64, StoreError>;
}

/// A value that takes the place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The new value.
    pub new: Vec<u8>,
    /// The value that has to be there still.
    pub old: Vec<u8>,
    /// The numbers of its row.
    pub row: (i64, i64),
}

/// A journal as it stood at one moment.
#[async_trait]
pub trait Snapshot: Send {
    /// The rows of a statement, which begins after the numbers `$1` and `$2` as far as it names them.
    async fn rows(
        &mut self,
        statement: &'static str,
        after: (i64, i64),
    ) -> Result<Vec<Row>, StoreError>;

    /// What the database itself finds wrong with its pages and its references; nothing when it does
    /// not look for that.
    async fn integrity(&mut self) -> Result<Vec<String>, StoreError>;

    /// Lets go of it.
    async fn end(self: Box<Self>);
}

/// Gives every row of a statement to `take`, a batch at a time. The statement's first one or two
/// columns are the numbers that the next batch begins after.
async fn every_row(
    snapshot: &mut dyn Snapshot,
    statement: &'static str,
    mut take: impl FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut after = (0, 0);
    loop {
        let rows = snapshot.rows(statement, after).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = numbers_of(statement, last)?;
        for row in &rows {
            take(row)?;
        }
    }
}

/// The numbers that a statement's next batch begins after, when it ended with this row.
fn numbers_of(statement: &str, row: &Row) -> Result<(i64, i64), StoreError> {
    let second = if statement.contains("$2") {
        row.number(1)?
    } else {
        0
    };
    Ok((row.number(0)?, second))
}
