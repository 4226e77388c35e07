//! What the servers of the test bed have in common.

pub(crate) mod authority;
pub(crate) mod connection;
pub(crate) mod listening;
pub(crate) mod own_thread;
pub(crate) mod request;
