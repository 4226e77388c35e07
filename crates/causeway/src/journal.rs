//! Where the journal and its key file are, and how a command opens them.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use causeway_engine::Store;
use causeway_store::{
    KeyFile, KeyFileError, Keys, PostgresAddress, PostgresStore, Role, SqliteStore,
};
use clap::Args;
use miette::{Context as _, IntoDiagnostic as _, miette};

/// Where the journal and its key file are.
#[derive(Clone, Default, Args)]
pub struct Journal {
    /// The journal: a file, or a PostgreSQL database that many gateways share
    /// (postgres://USER@HOST/DATABASE) [default: journal.sqlite in the folder that CAUSEWAY_DATA
    /// names, or in ./causeway-data]
    // The value may hold a password, so it is read later than by clap, which would show it.
    #[arg(
        long,
        value_name = "PATH|URL",
        env = "CAUSEWAY_JOURNAL",
        hide_env = true,
        help_heading = "Journal"
    )]
    journal: Option<OsString>,

    /// The file with the journal's keys; keep a copy in a safe place [default: causeway.key beside
    /// the journal, or in the folder that CAUSEWAY_DATA names]
    #[arg(long, value_name = "PATH", help_heading = "Journal")]
    key_file: Option<PathBuf>,
}

/// Where a journal is.
enum Place {
    File(PathBuf),
    Database(PostgresAddress),
}

impl Journal {
    /// Opens the journal; makes it, its folder and its key file when they are not there.
    pub async fn open_or_create(&self, role: Role) -> miette::Result<(Arc<dyn Store>, Keys)> {
        let place = self.place()?;
        let key_path = self.key_path(&place);
        make_private_folder_of(&key_path)?;
        if let Place::File(path) = &place {
            make_private_folder_of(path)?;
        }
        opened(&place, &key_path, role).await
    }

    /// Opens a journal that has to be there.
    pub async fn open(&self) -> miette::Result<Arc<dyn Store>> {
        let place = self.place()?;
        if !place.is_there().await? {
            return Err(miette!(
                help = "name the gateway's own with --journal, or its folder with CAUSEWAY_DATA; \
                        `causeway provider add` and `causeway serve` make a new one",
                "there is no journal at {place}"
            ));
        }
        Ok(opened(&place, &self.key_path(&place), Role::Tool).await?.0)
    }

    fn place(&self) -> miette::Result<Place> {
        let Some(named) = self.journal.as_ref().filter(|named| !named.is_empty()) else {
            return Ok(Place::File(data_folder().join("journal.sqlite")));
        };
        match named.to_str() {
            Some(url) if PostgresAddress::is_meant_by(url) => {
                let address: PostgresAddress = url.parse().map_err(|error| miette!("{error}"))?;
                Ok(Place::Database(match std::env::var("PGPASSWORD") {
                    Ok(password) => address.with_password(&password),
                    Err(_) => address,
                }))
            }
            _ => Ok(Place::File(named.into())),
        }
    }

    fn key_path(&self, place: &Place) -> PathBuf {
        match (&self.key_file, place) {
            (Some(named), _) => named.clone(),
            (None, Place::File(path)) => path.with_file_name("causeway.key"),
            (None, Place::Database(_)) => data_folder().join("causeway.key"),
        }
    }
}

async fn opened(
    place: &Place,
    key_path: &Path,
    role: Role,
) -> miette::Result<(Arc<dyn Store>, Keys)> {
    // A new key cannot open an old journal, so none is made beside one.
    let is_old = place.is_there().await?;
    let keys = if is_old {
        KeyFile::open(key_path)
    } else {
        KeyFile::open_or_create(key_path)
    };
    let keys = keys.map_err(|error| match &error {
        KeyFileError::Io { source, .. } if is_old && source.kind() == io::ErrorKind::NotFound => miette!(
            help = "the key file was made together with the journal; name it with --key-file, put it back \
                    from its backup, or copy it from another gateway of this journal",
            "{error}"
        ),
        _ => miette!("{error}"),
    })?;
    let store: Result<Arc<dyn Store>, _> = match place {
        Place::File(path) => {
            SqliteStore::open(path, keys.clone(), role).map(|store| Arc::new(store) as _)
        }
        Place::Database(address) => PostgresStore::open(address.clone(), keys.clone(), role)
            .await
            .map(|store| Arc::new(store) as _),
    };
    Ok((store.map_err(|error| miette!("{error}"))?, keys))
}

impl Place {
    async fn is_there(&self) -> miette::Result<bool> {
        match self {
            Self::File(path) => Ok(path.metadata().is_ok_and(|metadata| metadata.len() > 0)),
            Self::Database(address) => PostgresStore::is_there(address)
                .await
                .map_err(|error| miette!("{error}")),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Database(address) => address.fmt(formatter),
        }
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Journal")
            .field("key_file", &self.key_file)
            .finish_non_exhaustive()
    }
}

fn data_folder() -> PathBuf {
    match std::env::var_os("CAUSEWAY_DATA") {
        Some(folder) if !folder.is_empty() => folder.into(),
        _ => "causeway-data".into(),
    }
}

fn make_private_folder_of(path: &Path) -> miette::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
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
