//! Where the journal and its key file are, and how a command opens them.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use causeway_store::{KeyFile, KeyFileError, Keys, Role, SqliteStore};
use clap::Args;
use miette::{Context as _, IntoDiagnostic as _, miette};

/// Where the journal and its key file are.
#[derive(Debug, Clone, Default, Args)]
pub struct Journal {
    /// The journal [default: journal.sqlite in the folder that CAUSEWAY_DATA names, or in
    /// ./causeway-data]
    #[arg(long, value_name = "PATH", help_heading = "Journal")]
    journal: Option<PathBuf>,

    /// The file with the journal's keys; keep a copy in a safe place [default: causeway.key beside
    /// the journal]
    #[arg(long, value_name = "PATH", help_heading = "Journal")]
    key_file: Option<PathBuf>,
}

impl Journal {
    /// Opens the journal; makes it, its folder and its key file when they are not there.
    pub fn open_or_create(&self, role: Role) -> miette::Result<(SqliteStore, Keys)> {
        for folder in [self.path(), self.key_path()]
            .iter()
            .filter_map(|path| path.parent())
        {
            make_private_folder(folder)?;
        }
        self.opened(role)
    }

    /// Opens a journal that has to be there.
    pub fn open(&self) -> miette::Result<SqliteStore> {
        let path = self.path();
        if !path.exists() {
            return Err(miette!(
                help = "name the gateway's own with --journal, or its folder with CAUSEWAY_DATA; \
                        `causeway provider add` and `causeway serve` make a new one",
                "there is no journal at {}",
                path.display()
            ));
        }
        Ok(self.opened(Role::Tool)?.0)
    }

    fn opened(&self, role: Role) -> miette::Result<(SqliteStore, Keys)> {
        let (path, key_path) = (self.path(), self.key_path());
        // A new key cannot open an old journal, so none is made beside one.
        let is_old = has_content(&path);
        let keys = if is_old {
            KeyFile::open(&key_path)
        } else {
            KeyFile::open_or_create(&key_path)
        };
        let keys = keys.map_err(|error| match &error {
            KeyFileError::Io { source, .. } if is_old && source.kind() == io::ErrorKind::NotFound => miette!(
                help = "the key file was made together with the journal; name it with --key-file, \
                        or put it back from its backup",
                "{error}"
            ),
            _ => miette!("{error}"),
        })?;
        let store =
            SqliteStore::open(&path, keys.clone(), role).map_err(|error| miette!("{error}"))?;
        Ok((store, keys))
    }

    fn path(&self) -> PathBuf {
        self.journal
            .clone()
            .unwrap_or_else(|| data_folder().join("journal.sqlite"))
    }

    fn key_path(&self) -> PathBuf {
        self.key_file
            .clone()
            .unwrap_or_else(|| self.path().with_file_name("causeway.key"))
    }
}

fn data_folder() -> PathBuf {
    match std::env::var_os("CAUSEWAY_DATA") {
        Some(folder) if !folder.is_empty() => folder.into(),
        _ => "causeway-data".into(),
    }
}

fn has_content(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.len() > 0)
}

fn make_private_folder(folder: &Path) -> miette::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("the folder {} cannot be made", folder.display()))
}
