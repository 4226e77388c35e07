//! The journal: SQLite, migrations, sealing of secrets. The only crate with SQL.
//!
//! [`SqliteStore`] keeps the journal in one file. One thread writes, and brings the writes of
//! concurrent operations to the disk in one commit; reads go beside it on connections of their own.
//! What tells of a client, and every secret, is sealed with a key of the [`KeyFile`].

mod connection;
mod failure;
mod key;
mod lock;
mod migration;
mod reader;
mod seal;
mod sqlite;
mod table;
mod writer;

pub use key::{KeyFile, KeyFileError, Keys};
pub use sqlite::{Role, SqliteStore};
pub use writer::Statistics;
