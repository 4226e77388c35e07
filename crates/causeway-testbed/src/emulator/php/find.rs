//! Where php-fpm is on this machine, and what to install when it is not.

use std::{
    collections::HashSet,
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use crate::emulator::error::EmulatorError;

pub(in crate::emulator) const PACKAGES: &str = "php-fpm php-cli php-curl php-sqlite3 php-mbstring php-xml \
     php-illuminate-database php-guzzlehttp-guzzle php-nesbot-carbon smarty4";
const EXTENSIONS: [&str; 7] = [
    "curl",
    "dom",
    "json",
    "mbstring",
    "openssl",
    "PDO",
    "pdo_sqlite",
];

/// Finds php-fpm: the one named, else `CAUSEWAY_PHP_FPM`, else the newest on `PATH` and in the
/// usual folders.
///
/// # Errors
/// When there is none, or it lacks extensions.
pub fn find_php_fpm(named: Option<&Path>) -> Result<PathBuf, EmulatorError> {
    let from_environment = env::var_os("CAUSEWAY_PHP_FPM").map(PathBuf::from);
    let program = match named.map(Path::to_owned).or(from_environment) {
        Some(program) if program.is_file() => program,
        Some(program) => return Err(missing(format!("{} is no file", program.display()))),
        None => {
            let folders = usual_folders();
            newest_php_fpm(&folders).ok_or_else(|| {
                let names: Vec<_> = folders
                    .iter()
                    .map(|folder| folder.display().to_string())
                    .collect();
                missing(format!("looked in {}", names.join(", ")))
            })?
        }
    };
    let is_checked = checked().contains(&program);
    if !is_checked {
        check_extensions(&program)?;
        checked().insert(program.clone());
    }
    Ok(program)
}

/// The programs that have what is needed: a test bed starts many, and asking takes as long as a start.
fn checked() -> MutexGuard<'static, HashSet<PathBuf>> {
    static CHECKED: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);
    CHECKED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn missing(looked: String) -> EmulatorError {
    EmulatorError::PhpFpmMissing {
        looked,
        packages: PACKAGES,
    }
}

pub(super) fn usual_folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    for usual in [
        "/usr/sbin",
        "/usr/local/sbin",
        "/usr/bin",
        "/opt/homebrew/sbin",
    ] {
        if !folders.iter().any(|folder| folder == Path::new(usual)) {
            folders.push(usual.into());
        }
    }
    folders
}

fn newest_php_fpm(folders: &[PathBuf]) -> Option<PathBuf> {
    folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .flatten()
        .filter_map(|entry| Some((php_fpm_version(&entry.file_name())?, entry.path())))
        .filter(|(_, program)| program.is_file())
        .max_by(|(one, _), (other, _)| one.cmp(other))
        .map(|(_, program)| program)
}

/// `php-fpm8.2` is `[8, 2]`; plain `php-fpm` is `[]`, below every numbered one.
fn php_fpm_version(file_name: &OsStr) -> Option<Vec<u32>> {
    let numbers = file_name.to_str()?.strip_prefix("php-fpm")?;
    if numbers.is_empty() {
        return Some(Vec::new());
    }
    numbers
        .split('.')
        .map(|number| number.parse().ok())
        .collect()
}

fn check_extensions(program: &Path) -> Result<(), EmulatorError> {
    let listing = Command::new(program)
        .arg("-m")
        .output()
        .map_err(EmulatorError::file("run", program))?;
    let listing = String::from_utf8_lossy(&listing.stdout);
    let absent: Vec<_> = EXTENSIONS
        .into_iter()
        .filter(|name| {
            !listing
                .lines()
                .any(|line| line.trim().eq_ignore_ascii_case(name))
        })
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    Err(EmulatorError::PhpExtensionsMissing {
        program: program.to_owned(),
        extensions: absent.join(", "),
        packages: PACKAGES,
    })
}

/// util-linux's `setpriv` lets PHP end when this process is killed without a chance to clean up.
pub(super) fn setpriv() -> Option<PathBuf> {
    usual_folders()
        .into_iter()
        .map(|folder| folder.join("setpriv"))
        .find(|file| file.is_file())
}
