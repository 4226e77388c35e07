//! The module as files, as a folder and as an archive.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use causeway_definition::Definition;
use serde_json::json;
use url::Url;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::gateway_address::GatewayAddress;
use crate::{functions, install, logo, settings};

/// WHMCS's product form has `configoption1` to `configoption24`.
const MOST_OPTIONS: usize = 24;

/// Files that are the same in every module but for their namespace.
const COMMON_FILES: [(&str, &str); 10] = [
    ("hooks.php", include_str!("../assets/hooks.php")),
    (
        "lang/english.php",
        include_str!("../assets/lang/english.php"),
    ),
    ("lib/Gateway.php", include_str!("../assets/lib/Gateway.php")),
    (
        "lib/GatewayError.php",
        include_str!("../assets/lib/GatewayError.php"),
    ),
    ("lib/Log.php", include_str!("../assets/lib/Log.php")),
    ("lib/Module.php", include_str!("../assets/lib/Module.php")),
    ("lib/Owed.php", include_str!("../assets/lib/Owed.php")),
    ("lib/Service.php", include_str!("../assets/lib/Service.php")),
    ("lib/load.php", include_str!("../assets/lib/load.php")),
    (
        "templates/clientarea.tpl",
        include_str!("../assets/templates/clientarea.tpl"),
    ),
];

/// What the module needs to know beside the definition.
#[derive(Debug, Clone)]
pub struct ModuleSettings {
    /// Where the provider's WHMCS reaches the gateway: https, or http on the machine itself.
    pub gateway: Url,
    /// The PNG for WHMCS's Apps page; `None`: a neutral one.
    pub logo: Option<Vec<u8>>,
    /// The version that the module tells the gateway.
    pub version: String,
}

/// Why a module could not be made or written.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// The address of the gateway cannot be used.
    #[error("the gateway's address {address} cannot be used: {reason}")]
    Gateway {
        /// The address as given, without credentials.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The logo cannot be used.
    #[error("the logo cannot be used: {0}")]
    Logo(String),
    /// WHMCS numbers product settings from 1 to 24.
    #[error(
        "the definition has {0} options, and WHMCS's product form holds no more than {MOST_OPTIONS}; leave some out"
    )]
    TooManyOptions(usize),
    /// A template could not be filled.
    #[error("the module's files could not be made")]
    Template(#[from] askama::Error),
    /// The archive could not be made.
    #[error("the module's archive could not be made")]
    Archive(#[from] zip::result::ZipError),
    /// A file could not be written.
    #[error("{} could not be written", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// A drop-in WHMCS module, made from a definition. The same definition and settings give the same bytes.
#[derive(Debug, Clone)]
pub struct Module {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
    install: String,
}

impl Module {
    /// Makes the module.
    ///
    /// # Errors
    /// When the gateway's address or the logo cannot be used, or the definition has more options than WHMCS holds.
    pub fn build(definition: &Definition, settings: ModuleSettings) -> Result<Self, ModuleError> {
        if definition.options.len() > MOST_OPTIONS {
            return Err(ModuleError::TooManyOptions(definition.options.len()));
        }
        let gateway = GatewayAddress::try_from(settings.gateway)?;
        let logo = match settings.logo {
            Some(bytes) => logo::checked(bytes)?,
            None => logo::neutral()?,
        };
        let name = definition.service.name.clone();
        let namespace = namespace(&name);
        let mut files: BTreeMap<String, Vec<u8>> = COMMON_FILES
            .iter()
            .map(|(path, text)| {
                (
                    (*path).to_owned(),
                    text.replace("__NAME__", &namespace).into_bytes(),
                )
            })
            .collect();
        let main = functions::main_file(definition, &namespace, &settings.version)?;
        let own = settings::settings_file(definition, &namespace, &gateway, &settings.version)?;
        files.insert(format!("{name}.php"), main.into_bytes());
        files.insert("lib/Settings.php".to_owned(), own.into_bytes());
        files.insert("whmcs.json".to_owned(), whmcs_json(definition).into_bytes());
        files.insert("logo.png".to_owned(), logo);
        let install = install::instructions(definition, &gateway)?;
        Ok(Self {
            name,
            files,
            install,
        })
    }

    /// The module's name: its folder under `modules/servers/`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Path inside the module's folder and content of each file, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// `INSTALL.md`: what the provider does, step by step.
    pub fn install(&self) -> &str {
        &self.install
    }

    /// The zip archive: `INSTALL.md` and `modules/servers/<name>/…`, with fixed times and sorted names.
    ///
    /// # Errors
    /// When an entry cannot be written.
    pub fn archive(&self) -> Result<Vec<u8>, ModuleError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in self.tree() {
            archive.start_file(path, options)?;
            archive
                .write_all(bytes)
                .map_err(zip::result::ZipError::from)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    /// Writes `<dir>/modules/servers/<name>/…`, `<dir>/INSTALL.md` and `<dir>/<name>.zip`; gives the archive's path.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_to(&self, dir: &Path) -> Result<PathBuf, ModuleError> {
        for (path, bytes) in self.tree() {
            write(&dir.join(path), bytes)?;
        }
        let archive = dir.join(format!("{}.zip", self.name));
        write(&archive, &self.archive()?)?;
        Ok(archive)
    }

    /// Everything as it lies in WHMCS's folder, sorted by path.
    fn tree(&self) -> impl Iterator<Item = (String, &[u8])> {
        let install = ("INSTALL.md".to_owned(), self.install.as_bytes());
        let files = self
            .files()
            .map(|(path, bytes)| (format!("modules/servers/{}/{path}", self.name), bytes));
        std::iter::once(install).chain(files)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ModuleError> {
    let failed = |source| ModuleError::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, bytes).map_err(failed)
}

/// The last part of the PHP namespace: the module's name with a capital letter.
fn namespace(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}

/// What WHMCS's Apps page shows.
fn whmcs_json(definition: &Definition) -> String {
    let service = &definition.service;
    let mut about = json!({
        "schema": "1.0",
        "type": "whmcs-servers",
        "name": service.name,
        "license": "Apache-2.0",
        "category": "provisioning",
        "description": { "name": service.title },
        "logo": { "filename": "logo.png" },
    });
    if let Some(description) = &service.description {
        about["description"]["tagline"] = json!(description);
        about["description"]["long"] = json!(description);
    }
    if let Some(support) = &service.support {
        about["support"] = json!({ "support_url": support });
    }
    if let Some(author) = &service.author {
        about["authors"] = json!([{ "name": author }]);
    }
    format!("{about:#}\n")
}
