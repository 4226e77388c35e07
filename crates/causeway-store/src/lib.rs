//! The journal: on SQLite or PostgreSQL, migrations, sealing of secrets. The only crate with SQL.
//!
//! [`SqliteStore`] keeps the journal of one gateway in one file. [`PostgresStore`] keeps the journal of
//! many gateways in one database. What tells of a client, and every secret, is sealed with a key of the
//! [`KeyFile`].

mod acceptance;
mod claimed;
mod failure;
mod key;
mod place;
mod postgres;
mod role;
mod seal;
mod sqlite;
mod value;

pub use key::{KeyFile, KeyFileError, Keys};
pub use postgres::{PostgresAddress, PostgresStore};
pub use role::Role;
pub use sqlite::{SqliteStore, Statistics};
