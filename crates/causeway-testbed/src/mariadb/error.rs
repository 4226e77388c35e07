//! Why there is no MariaDB server, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no MariaDB server, or why it did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum MariaDbError {
    /// It is not on this machine.
    #[error(
        "MariaDB is missing: looked for {program} on PATH and in /usr/sbin.\n\
         On Debian or Ubuntu: apt-get install mariadb-server-core mariadb-client php-mysql"
    )]
    Missing {
        /// What was looked for.
        program: &'static str,
    },
    /// It was found and did not do its work.
    #[error("{what} of MariaDB failed:\n{log}")]
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

impl MariaDbError {
    pub(super) fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { verb, path, source }
    }
}
