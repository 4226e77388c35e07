//! The folder of one emulated WHMCS: its own PHP, the modules under test, the database.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use rust_embed::RustEmbed;
use tempfile::TempDir;

use super::error::EmulatorError;
use crate::mariadb::MariaDbDatabase;

#[derive(RustEmbed)]
#[folder = "php/"]
struct EmulatorPhp;

/// Read once: a debug build takes the files from the source tree and hashes each.
static EMULATOR_PHP: LazyLock<Vec<(String, Cow<'static, [u8]>)>> = LazyLock::new(|| {
    EmulatorPhp::iter()
        .filter(|name| !name.starts_with("tests/"))
        .filter_map(|name| Some((name.to_string(), EmulatorPhp::get(&name)?.data)))
        .collect()
});

/// The name of a server module: its folder, its file and the prefix of its functions.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct ModuleName(String);

impl ModuleName {
    /// The name as WHMCS writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ModuleName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&ModuleName> for String {
    fn from(name: &ModuleName) -> Self {
        name.0.clone()
    }
}

/// The folder layout of one emulated WHMCS.
#[derive(Debug)]
pub struct Installation {
    folder: PathBuf,
    _temporary: Option<TempDir>,
}

impl Installation {
    /// Makes the folder, temporary unless one is named, and writes the emulator's PHP into it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn create(folder: Option<&Path>) -> Result<Self, EmulatorError> {
        let installation = match folder {
            Some(folder) => {
                create_folder(folder)?;
                let folder =
                    fs::canonicalize(folder).map_err(EmulatorError::file("resolve", folder))?;
                Self {
                    folder,
                    _temporary: None,
                }
            }
            None => {
                let temporary = tempfile::Builder::new()
                    .prefix("causeway-whmcs-")
                    .tempdir()
                    .map_err(EmulatorError::file(
                        "make a folder in",
                        std::env::temp_dir(),
                    ))?;
                Self {
                    folder: temporary.path().to_owned(),
                    _temporary: Some(temporary),
                }
            }
        };
        for part in [
            "modules/servers",
            "modules/addons",
            "includes/hooks",
            "templates_c",
        ] {
            create_folder(&installation.whmcs().join(part))?;
        }
        for (name, content) in EMULATOR_PHP.iter() {
            write(&installation.emulator().join(name), content)?;
        }
        Ok(installation)
    }

    /// The whole installation.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What modules see as `ROOTDIR`.
    #[must_use]
    pub fn whmcs(&self) -> PathBuf {
        self.folder.join("whmcs")
    }

    /// The emulator's own PHP.
    #[must_use]
    pub fn emulator(&self) -> PathBuf {
        self.folder.join("emulator")
    }

    /// The script that answers every command.
    #[must_use]
    pub fn entry(&self) -> PathBuf {
        self.emulator().join("entry.php")
    }

    /// WHMCS's database, an SQLite file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join("whmcs.sqlite")
    }

    /// Lets PHP use a database of MariaDB's in place of the file.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn use_mariadb(&self, database: &MariaDbDatabase) -> Result<(), EmulatorError> {
        let place =
            serde_json::json!({ "unix_socket": database.socket(), "database": database.name() });
        write(
            &self.folder.join("mariadb.json"),
            place.to_string().as_bytes(),
        )
    }

    /// PHP's error log.
    #[must_use]
    pub fn php_error_log(&self) -> PathBuf {
        self.folder.join("php-error.log")
    }

    /// Copies a server module to `modules/servers/<name>`; replaces an older copy.
    ///
    /// # Errors
    /// When the folder is no server module, contains symbolic links, or cannot be copied.
    pub fn install_module(&self, folder: &Path) -> Result<ModuleName, EmulatorError> {
        let name = module_name(folder)?;
        let target = self.whmcs().join("modules/servers").join(name.as_str());
        if target.exists() {
            fs::remove_dir_all(&target).map_err(EmulatorError::file("replace", &target))?;
        }
        copy_folder(folder, &target)?;
        Ok(name)
    }

    /// Writes a hook file to `includes/hooks/<name>.php`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn install_hook(&self, name: &str, php: &str) -> Result<(), EmulatorError> {
        let file = self
            .whmcs()
            .join("includes/hooks")
            .join(format!("{name}.php"));
        write(&file, php.as_bytes())
    }
}

fn module_name(folder: &Path) -> Result<ModuleName, EmulatorError> {
    let refuse = |reason: String| EmulatorError::NotAModule {
        folder: folder.to_owned(),
        reason,
    };
    let resolved = fs::canonicalize(folder).map_err(EmulatorError::file("open", folder))?;
    let name = resolved
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| refuse("its folder has no readable name".into()))?;
    // WHMCS's documentation wants lower case, and WHMCS takes the capitals that many modules have.
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let only_allowed = name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || one == '_');
    if !(starts_well && only_allowed) {
        return Err(refuse(format!(
            "WHMCS wants a folder name of letters and digits that starts with a letter, not \
             {name:?}"
        )));
    }
    if !resolved.join(format!("{name}.php")).is_file() {
        return Err(refuse(format!(
            "WHMCS loads {name}/{name}.php, and there is no such file"
        )));
    }
    Ok(ModuleName(name.to_owned()))
}

fn copy_folder(source: &Path, target: &Path) -> Result<(), EmulatorError> {
    create_folder(target)?;
    let entries = fs::read_dir(source).map_err(EmulatorError::file("read", source))?;
    for entry in entries {
        let entry = entry.map_err(EmulatorError::file("read", source))?;
        let from = entry.path();
        let to = target.join(entry.file_name());
        let kind = entry
            .file_type()
            .map_err(EmulatorError::file("read", &from))?;
        if kind.is_symlink() {
            return Err(EmulatorError::NotAModule {
                folder: source.to_owned(),
                reason: format!(
                    "{} is a symbolic link; a provider receives a copy, so put the file itself there",
                    from.display()
                ),
            });
        }
        if kind.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(EmulatorError::file("copy", &from))?;
        }
    }
    Ok(())
}

fn write(file: &Path, content: &[u8]) -> Result<(), EmulatorError> {
    if let Some(folder) = file.parent() {
        create_folder(folder)?;
    }
    fs::write(file, content).map_err(EmulatorError::file("write", file))
}

fn create_folder(folder: &Path) -> Result<(), EmulatorError> {
    fs::create_dir_all(folder).map_err(EmulatorError::file("make", folder))
}
