//! The places of sealed values: both kinds of journal have the same ones.

use causeway_engine::{OperationId, ProviderId, ServiceKey};

/// Where a sealed value stands: its table, its column, and what names its row for ever.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    table: &'static str,
    column: &'static str,
    /// Each part with its length before it, so that no two places look alike.
    associated_data: Vec<u8>,
}

impl Place {
    /// What tells whether the keys are the journal's own.
    pub(crate) fn key_check() -> Self {
        Self::new("meta", "value", &[b"key_check"])
    }

    /// A provider's credential at the vendor.
    pub(crate) fn credential(provider: ProviderId) -> Self {
        Self::new("providers", "credential", &[provider.0.as_bytes()])
    }

    /// What is kept for a service.
    pub(crate) fn properties(key: &ServiceKey) -> Self {
        let row = [
            key.provider.0.as_bytes(),
            key.definition.as_bytes(),
            key.reference.as_bytes(),
        ];
        Self::new("services", "properties", &row)
    }

    /// The line that says how an operation ended.
    pub(crate) fn message(operation: OperationId) -> Self {
        Self::new("operations", "message", &[operation.0.as_bytes()])
    }

    /// What the billing system said.
    pub(crate) fn input(operation: OperationId) -> Self {
        Self::new("inputs", "input", &[operation.0.as_bytes()])
    }

    /// What was said in an exchange.
    pub(crate) fn detail(operation: OperationId, number: u32) -> Self {
        let row: [&[u8]; 2] = [operation.0.as_bytes(), &number.to_be_bytes()];
        Self::new("exchanges", "detail", &row)
    }

    fn new(table: &'static str, column: &'static str, row: &[&[u8]]) -> Self {
        let mut associated_data = Vec::with_capacity(128);
        let names = [table.as_bytes(), column.as_bytes()];
        for part in names.iter().chain(row) {
            associated_data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            associated_data.extend_from_slice(part);
        }
        Self {
            table,
            column,
            associated_data,
        }
    }

    /// What the value is bound to.
    pub(crate) fn associated_data(&self) -> &[u8] {
        &self.associated_data
    }

    /// For messages.
    pub(crate) fn name(&self) -> String {
        format!("a sealed value ({}.{})", self.table, self.column)
    }
}
