//! A row as it stands, before anything in it is believed.

use causeway_engine::{OperationId, ProviderId, ServiceKey, StoreError};
use uuid::Uuid;

use crate::failure::damaged;

type Result<T> = std::result::Result<T, StoreError>;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, a truth value (0 or 1), or a time in nanoseconds since 1970.
    Number(i64),
    /// A text.
    Text(String),
    /// Bytes; an id is sixteen of them.
    Bytes(Vec<u8>),
}

/// The values of a row, by the statement's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Cell>);

impl Row {
    pub(crate) fn number(&self, column: usize) -> Result<i64> {
        self.optional_number(column)?.ok_or_else(missing)
    }

    pub(crate) fn optional_number(&self, column: usize) -> Result<Option<i64>> {
        match self.cell(column) {
            Cell::Null => Ok(None),
            Cell::Number(number) => Ok(Some(*number)),
            _ => Err(damaged("a number is expected and something else is there")),
        }
    }

    pub(crate) fn count(&self, column: usize) -> Result<u32> {
        let number = self.number(column)?;
        u32::try_from(number).map_err(|_| damaged(format!("{number} is not a count")))
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        self.optional_text(column)?.ok_or_else(missing)
    }

    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<&str>> {
        match self.cell(column) {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            _ => Err(damaged("a text is expected and something else is there")),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8]> {
        self.optional_bytes(column)?.ok_or_else(missing)
    }

    pub(crate) fn optional_bytes(&self, column: usize) -> Result<Option<&[u8]>> {
        match self.cell(column) {
            Cell::Null => Ok(None),
            Cell::Bytes(bytes) => Ok(Some(bytes)),
            _ => Err(damaged("bytes are expected and something else is there")),
        }
    }

    pub(crate) fn operation(&self, column: usize) -> Result<OperationId> {
        self.id(column).map(OperationId)
    }

    pub(crate) fn provider(&self, column: usize) -> Result<ProviderId> {
        self.id(column).map(ProviderId)
    }

    /// From the columns provider, definition and reference.
    pub(crate) fn service(&self, first: usize) -> Result<ServiceKey> {
        Ok(ServiceKey {
            provider: self.provider(first)?,
            definition: self.text(first + 1)?.to_owned(),
            reference: self.text(first + 2)?.to_owned(),
        })
    }

    /// The last value.
    pub(crate) fn last_bytes(&self) -> Result<&[u8]> {
        self.bytes(self.0.len().saturating_sub(1))
    }

    fn id(&self, column: usize) -> Result<Uuid> {
        Uuid::from_slice(self.bytes(column)?).map_err(|_| damaged("an id is not sixteen bytes"))
    }

    fn cell(&self, column: usize) -> &Cell {
        self.0.get(column).unwrap_or(&Cell::Null)
    }
}

fn missing() -> StoreError {
    damaged("a value is missing")
}
