//! Why there is no PostgreSQL server, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no PostgreSQL server.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// It is not on this machine.
    #[error(
        "PostgreSQL is missing: looked for `initdb`, `postgres` and `psql` on PATH and in \
         /usr/lib/postgresql.\nOn Debian or Ubuntu: apt-get install postgresql"
    )]
    Missing,
    /// PostgreSQL refuses to run as root, and there is nobody else.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither `postgres` nor `nobody`"
    )]
    NoAccount,
    /// It was found and did not do its work.
    #[error("{what} of PostgreSQL failed:\n{log}")]
    Failed {
        /// What failed.
        what: &'static str,
        /// Its own words.
        log: String,
    },
    /// The system refused something.
    #[error("cannot {verb} {path}: {source}")]
    File {
        /// What was tried.
        verb: &'static str,
        /// With what.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl PostgresError {
    pub(super) fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { verb, path, source }
    }
}
