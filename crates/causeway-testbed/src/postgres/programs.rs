//! Where PostgreSQL is on this machine, and who may run it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::PostgresError;

/// Debian keeps the server's programs out of `PATH`, each version in a folder of its own.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Accounts without rights of their own, the best first.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// The folder with PostgreSQL's programs.
#[derive(Debug)]
pub(super) struct Programs(PathBuf);

impl Programs {
    /// Finds a folder with `initdb`, `postgres` and `psql`: on `PATH`, else the newest of Debian's.
    pub(super) fn find() -> Result<Self, PostgresError> {
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path);
        on_path
            .chain(versions())
            .find(|folder| {
                ["initdb", "postgres", "psql"]
                    .iter()
                    .all(|name| folder.join(name).is_file())
            })
            .map(Self)
            .ok_or(PostgresError::Missing)
    }

    pub(super) fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }
}

fn versions() -> Vec<PathBuf> {
    let entries = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort_by(|(one, _), (other, _)| other.cmp(one));
    versions
        .into_iter()
        .map(|(_, folder)| folder.join("bin"))
        .collect()
}

/// An account of this machine, by its numbers.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl Account {
    /// The account that the server runs under when this process is root's.
    pub(super) fn to_drop_to() -> Result<Option<Self>, PostgresError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = Path::new("/etc/passwd");
        let text = fs::read_to_string(accounts).map_err(PostgresError::file("read", accounts))?;
        ACCOUNTS
            .iter()
            .find_map(|name| Self::find(&text, name))
            .map(Some)
            .ok_or(PostgresError::NoAccount)
    }

    fn find(accounts: &str, name: &str) -> Option<Self> {
        accounts.lines().find_map(|line| {
            let mut parts = line.split(':');
            let found = parts.next()? == name;
            let user = parts.nth(1)?.parse().ok()?;
            let group = parts.next()?.parse().ok()?;
            found.then_some(Self { user, group })
        })
    }
}
