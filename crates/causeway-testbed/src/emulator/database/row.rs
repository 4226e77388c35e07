//! Rows as texts, from whichever database.

use std::sync::Arc;

use jiff::civil::Date;

use crate::emulator::error::EmulatorError;
use crate::emulator::ids::Status;

/// A row of a query, each value as its database writes it.
pub(super) struct TextRow {
    pub columns: Arc<[String]>,
    pub values: Vec<Option<String>>,
}

impl TextRow {
    /// A value; nothing for NULL.
    pub fn optional(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.values.get(at)?.as_deref()
    }

    /// A text; NULL is an empty one.
    pub fn text(&self, column: &str) -> String {
        self.optional(column).unwrap_or_default().to_owned()
    }

    pub fn number(&self, column: &str) -> Result<i64, EmulatorError> {
        self.parsed(column, |text| text.parse().ok())
    }

    /// An amount of money, with two decimals.
    pub fn money(&self, column: &str) -> Result<String, EmulatorError> {
        let amount: f64 = self.parsed(column, |text| text.parse().ok())?;
        Ok(format!("{amount:.2}"))
    }

    /// A day; nothing for `0000-00-00`.
    pub fn date(&self, column: &str) -> Option<Date> {
        self.optional(column)?.get(..10)?.parse().ok()
    }

    pub fn status(&self, column: &str) -> Result<Status, EmulatorError> {
        self.parsed(column, Status::named)
    }

    fn parsed<T>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, EmulatorError> {
        let value = self.optional(column).unwrap_or_default();
        parse(value).ok_or_else(|| EmulatorError::UnreadableValue {
            what: column.to_owned(),
            value: value.to_owned(),
        })
    }
}
