//! Why there are no keys.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file cannot be read, made or changed.
    #[error("the key file {path} cannot be {verb}: {source}")]
    Io {
        /// The key file.
        path: PathBuf,
        /// `read`, `made` or `changed`.
        verb: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error(
        "the key file {path} may be read by others (mode {mode:04o}): whoever has read it can open the \
         journal; run `chmod 600 {path}`"
    )]
    TooOpen {
        /// The key file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A line is not a key.
    #[error(
        "the key file {path}, line {line}: {reason}; put back the file from its backup, because without \
         its keys the journal cannot be read"
    )]
    Malformed {
        /// The key file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No key waits to be used.
    #[error("no key of {path} waits to be used; add one with `causeway key rotate --add-only`")]
    NoneWaits {
        /// The key file.
        path: PathBuf,
    },
}
