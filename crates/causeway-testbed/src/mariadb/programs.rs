//! Where MariaDB is on this machine.

use std::env;
use std::path::PathBuf;

use super::error::MariaDbError;

#[derive(Debug)]
pub(super) struct Programs {
    pub server: PathBuf,
    pub install: PathBuf,
    pub client: PathBuf,
    pub dump: PathBuf,
}

impl Programs {
    pub fn find() -> Result<Self, MariaDbError> {
        Ok(Self {
            server: find("mariadbd")?,
            install: find("mariadb-install-db")?,
            client: find("mariadb")?,
            dump: find("mariadb-dump")?,
        })
    }
}

/// Debian keeps the server in a folder that users do not have on `PATH`.
fn find(program: &'static str) -> Result<PathBuf, MariaDbError> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
    env::split_paths(&path)
        .chain(usual.into_iter().map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .ok_or(MariaDbError::Missing { program })
}
