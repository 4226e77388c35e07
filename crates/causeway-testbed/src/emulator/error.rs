//! What can go wrong in the emulator, in words for the author of a module.

use std::{io, path::PathBuf};

use super::{fastcgi::FastCgiError, missing::MissingPiece, record::CallRecord};

/// Why the emulator could not do what it was asked. A module that answers with an error is not
/// one of these: that is a result.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// There is no php-fpm on this machine, or not where it was said to be.
    #[error(
        "the emulator runs modules in real PHP and found no php-fpm ({looked}).\n\
         On Debian or Ubuntu: apt-get install {packages}\n\
         If it is somewhere else, name it in CAUSEWAY_PHP_FPM."
    )]
    PhpFpmMissing {
        /// Where it was looked for.
        looked: String,
        /// What to install.
        packages: &'static str,
    },
    /// PHP lacks extensions that WHMCS itself demands.
    #[error(
        "{program} lacks the PHP extensions {extensions}.\n\
         On Debian or Ubuntu: apt-get install {packages}"
    )]
    PhpExtensionsMissing {
        /// The php-fpm that was asked.
        program: PathBuf,
        /// Names, separated by commas.
        extensions: String,
        /// What to install.
        packages: &'static str,
    },
    /// PHP lacks libraries that modules expect inside WHMCS.
    #[error(
        "PHP lacks libraries that modules expect inside WHMCS.\n{log}\
         On Debian or Ubuntu: apt-get install {packages}"
    )]
    PhpLibrariesMissing {
        /// PHP's own words.
        log: String,
        /// What to install.
        packages: &'static str,
    },
    /// php-fpm was found and did not come up.
    #[error("php-fpm did not start: {reason}\n{log}")]
    PhpFpmFailed {
        /// What was seen.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// The PHP process died, or answered something that is not the emulator's.
    #[error("PHP broke down while it ran {command}: {reason}\n{log}")]
    PhpFatal {
        /// The emulator's command.
        command: String,
        /// What was seen.
        reason: String,
        /// The end of PHP's error log.
        log: String,
    },
    /// The module uses a part of WHMCS that the emulator does not have.
    #[error(
        "the module uses a part of WHMCS that the emulator lacks: {what} ({place}).\n\
         The emulator never pretends: please report the missing part, or add it to the emulator."
    )]
    MissingInEmulator {
        /// The function, class, API command, table or column.
        what: String,
        /// File and line.
        place: String,
        /// Everything that was missing, each with its line and how often it was asked for.
        missing: Vec<MissingPiece>,
        /// The module's calls up to there.
        calls: Vec<CallRecord>,
    },
    /// The scenario asks for something that WHMCS would not do.
    #[error("WHMCS would refuse {command}: {message}")]
    Refused {
        /// The emulator's command.
        command: String,
        /// Why.
        message: String,
    },
    /// A bug of the emulator's own.
    #[error(
        "the emulator failed in {command}: {message} ({place}). This is a bug of the emulator, not of the module."
    )]
    Internal {
        /// The emulator's command.
        command: String,
        /// What happened.
        message: String,
        /// File and line.
        place: String,
    },
    /// The folder to install is not a server module.
    #[error("{folder} is not a WHMCS server module: {reason}")]
    NotAModule {
        /// The folder given.
        folder: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The installation folder could not be made or written.
    #[error("cannot {doing} {path}: {source}")]
    File {
        /// The attempted act: `write`, `copy`, …
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A value for PHP's settings that its configuration file cannot hold.
    #[error(
        "the PHP setting {name} has a value that php-fpm's configuration cannot hold: {value:?}"
    )]
    UnwritableSetting {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// WHMCS's database could not be read.
    #[error("cannot read WHMCS's database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The MariaDB server is absent or did not do its work.
    #[error(transparent)]
    MariaDb(#[from] crate::mariadb::MariaDbError),
    /// A value in WHMCS's database that WHMCS does not write.
    #[error("cannot read WHMCS's database: {what} is {value:?}")]
    UnreadableValue {
        /// The column.
        what: String,
        /// What stands there.
        value: String,
    },
    /// What was saved is of the other kind of database.
    #[error("what was saved on SQLite cannot be put back on MariaDB, nor the other way round")]
    SavedElsewhere,
    /// WHMCS's database has no such row.
    #[error("WHMCS's database has no {what}")]
    NoSuchRow {
        /// Which row: `service 7`.
        what: String,
    },
    /// A file of WHMCS's folder that is not there.
    #[error("WHMCS's folder has no file {path:?}")]
    NoSuchFile {
        /// The path that was asked for.
        path: String,
    },
    /// FastCGI itself failed.
    #[error("PHP could not be reached for {command}: {source}")]
    FastCgi {
        /// The emulator's command.
        command: String,
        /// The transport's error.
        source: FastCgiError,
    },
}

impl EmulatorError {
    pub(super) fn file(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File {
            doing,
            path,
            source,
        }
    }
}
