//! The key file: read whole, and changed whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::file_error::KeyFileError;
use super::line::{KeyLines, KeyName, LineKind, random};
use super::{KeyRing, Keys};

/// The file that holds the journal's keys, one on each line: new ones above the others.
#[derive(Debug)]
pub struct KeyFile;

/// A key of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedKey {
    /// Its name.
    pub name: KeyName,
    /// What it does.
    pub usage: KeyUse,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// It opens, and waits to seal.
    Waits,
    /// It seals, and opens.
    Seals,
    /// It opens what was sealed before.
    Opens,
    /// It makes keyed hashes, and opens nothing any more.
    Hashes,
}

impl KeyFile {
    /// The keys in the file at `path`; makes the file, with one new key, when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, may be read by others, or is not a key file.
    pub fn open_or_create(path: &Path) -> Result<Keys, KeyFileError> {
        match Self::open(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                create(path).map_err(failure(path, "made"))?;
                Self::open(path)
            }
            result => result,
        }
    }

    /// The keys in the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, may be read by others, or is not a key file.
    pub fn open(path: &Path) -> Result<Keys, KeyFileError> {
        // Looked at first: what changes in between is read again.
        let state = FileState::of(path);
        Ok(Keys::new(path, Self::read(path)?, state))
    }

    /// The keys of the file, the newest first.
    ///
    /// # Errors
    /// As for [`KeyFile::open`].
    pub fn list(path: &Path) -> Result<Vec<ListedKey>, KeyFileError> {
        let lines = read_lines(path)?;
        let sealing = lines.opening().next().map(|(name, _)| name);
        let listed = lines.iter().map(|line| ListedKey {
            name: line.name,
            usage: match line.kind {
                LineKind::Next => KeyUse::Waits,
                LineKind::Key if Some(line.name) == sealing => KeyUse::Seals,
                LineKind::Key => KeyUse::Opens,
                LineKind::Hash => KeyUse::Hashes,
            },
        });
        Ok(listed.collect())
    }

    /// Adds a new key that opens and does not seal yet; gives its name. When one waits already, it is
    /// that one.
    ///
    /// # Errors
    /// When the file cannot be read or changed.
    pub fn add_next(path: &Path) -> Result<KeyName, KeyFileError> {
        change(path, |lines| {
            lines.add_next().map_err(failure(path, "changed"))
        })
    }

    /// Lets the key that waits seal from now on; gives its name.
    ///
    /// # Errors
    /// When none waits, or the file cannot be read or changed.
    pub fn use_next(path: &Path) -> Result<KeyName, KeyFileError> {
        change(path, |lines| {
            lines.use_next().ok_or_else(|| KeyFileError::NoneWaits {
                path: path.to_owned(),
            })
        })
    }

    /// Removes keys that nothing is sealed with; the one that seals, and what makes keyed hashes, stay.
    ///
    /// # Errors
    /// When the file cannot be read or changed.
    pub fn retire(path: &Path, names: &[KeyName]) -> Result<(), KeyFileError> {
        change(path, |lines| {
            lines.retire(names);
            Ok(())
        })
    }

    pub(super) fn read(path: &Path) -> Result<KeyRing, KeyFileError> {
        Ok(KeyRing::new(&read_lines(path)?))
    }
}

/// What tells that a file has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileState {
    modified: Option<SystemTime>,
    length: u64,
    /// A file that took another's place may have its time and length.
    number: u64,
}

impl FileState {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self {
            modified: metadata.modified().ok(),
            length: metadata.len(),
            number,
        })
    }
}

fn read_lines(path: &Path) -> Result<KeyLines, KeyFileError> {
    let unreadable = || failure(path, "read");
    let mut file = File::open(path).map_err(unreadable())?;
    refuse_if_too_open(path, &file.metadata().map_err(unreadable())?)?;
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(unreadable())?;
    KeyLines::parse(&text).map_err(|(line, reason)| KeyFileError::Malformed {
        path: path.to_owned(),
        line,
        reason,
    })
}

#[cfg(unix)]
fn refuse_if_too_open(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(KeyFileError::TooOpen {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
fn refuse_if_too_open(_: &Path, _: &fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

/// Makes a key file that appears under its name whole and durable, or not at all. When somebody else
/// makes one at the same time, the first one stays.
fn create(path: &Path) -> io::Result<()> {
    let draft = path.with_added_extension(format!("{:08x}", u32::from_be_bytes(random()?)));
    let linked = KeyLines::new()
        .and_then(|lines| write_new(&draft, &lines))
        .and_then(|_| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
        });
    let removed = fs::remove_file(&draft);
    linked.and(removed)?;
    sync_folder_of(path)
}

/// Changes a key file: the new one takes the place of the old one when it is durable. One process at a
/// time.
fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut KeyLines) -> Result<T, KeyFileError>,
) -> Result<T, KeyFileError> {
    let unchanged = || failure(path, "changed");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options
        .open(path.with_added_extension("lock"))
        .map_err(unchanged())?;
    lock.lock().map_err(unchanged())?;
    let mut lines = read_lines(path)?;
    let answer = change(&mut lines)?;
    let draft = path.with_added_extension("new");
    let replaced = replace(path, &draft, &lines);
    if replaced.is_err() {
        let _ = fs::remove_file(&draft);
    }
    replaced.map_err(unchanged())?;
    Ok(answer)
}

fn replace(path: &Path, draft: &Path, lines: &KeyLines) -> io::Result<()> {
    // Left by a change that was interrupted.
    match fs::remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let file = write_new(draft, lines)?;
    // Whoever runs the gateway has to read it, also when root has changed it.
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (old, new) = (fs::metadata(path)?, file.metadata()?);
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            std::os::unix::fs::fchown(&file, Some(old.uid()), Some(old.gid()))?;
        }
    }
    file.sync_all()?;
    fs::rename(draft, path)?;
    sync_folder_of(path)
}

fn write_new(path: &Path, lines: &KeyLines) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(lines.to_text().as_bytes())?;
    file.sync_all()?;
    Ok(file)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

fn failure(path: &Path, verb: &'static str) -> impl FnOnce(io::Error) -> KeyFileError {
    let path = path.to_owned();
    move |source| KeyFileError::Io { path, verb, source }
}
