//! What a journal is opened for.

/// What the journal is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Runs operations. A file takes one such process at a time; a PostgreSQL database takes many,
    /// each with a lease.
    Gateway,
    /// Looks, and changes providers, beside gateways or without one.
    Tool,
}
