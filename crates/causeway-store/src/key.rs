//! The key file, and the keys made from it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, LessSafeKey, UnboundKey};
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use thiserror::Error;
use zeroize::Zeroizing;

const FORMAT: &str = "causeway-key-1";
const KEY_LENGTH: usize = 32;

/// Names a key within its file and in what it sealed.
pub(crate) type KeyId = [u8; 4];

/// The file that holds the journal's keys.
///
/// One key on each line, `causeway-key-1:<id>:<base64>`. The first one seals; any of them opens.
/// A new key goes above the others, and the last one stays: [`Keys::keyed_hash`] is made from it.
#[derive(Debug)]
pub struct KeyFile;

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file cannot be read or made.
    #[error("the key file {path} cannot be {verb}: {source}")]
    Io {
        /// The key file.
        path: PathBuf,
        /// `read` or `made`.
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
}

impl KeyFile {
    /// The keys in the file at `path`; makes the file, with one new key, when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, may be read by others, or is not a key file.
    pub fn open_or_create(path: &Path) -> Result<Keys, KeyFileError> {
        match Self::open(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                create(path).map_err(|source| KeyFileError::Io {
                    path: path.to_owned(),
                    verb: "made",
                    source,
                })?;
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
        let unreadable = |source| KeyFileError::Io {
            path: path.to_owned(),
            verb: "read",
            source,
        };
        let mut file = File::open(path).map_err(unreadable)?;
        refuse_if_too_open(path, &file.metadata().map_err(unreadable)?)?;
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(unreadable)?;
        Keys::from_lines(&text).map_err(|(line, reason)| KeyFileError::Malformed {
            path: path.to_owned(),
            line,
            reason,
        })
    }
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
    let linked = write_new_key(&draft).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    });
    let removed = fs::remove_file(&draft);
    linked.and(removed)?;
    File::open(folder_of(path))?.sync_all()
}

fn write_new_key(draft: &Path) -> io::Result<()> {
    let id: KeyId = random()?;
    let key = Zeroizing::new(random::<KEY_LENGTH>()?);
    let line = Zeroizing::new(format!(
        "{FORMAT}:{}:{}\n",
        HexId(id),
        BASE64.encode(key.as_slice())
    ));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn random<const LENGTH: usize>() -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    rand::fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(bytes)
}

/// The keys of one key file. Cheap to clone; shows nothing of itself.
#[derive(Clone)]
pub struct Keys(Arc<KeyRing>);

struct KeyRing {
    /// Never empty; the first one seals.
    sealing: Vec<(KeyId, LessSafeKey)>,
    hashing: hmac::Key,
}

impl Keys {
    /// A hash that only the holder of the key file can make: equal for equal data of one domain, and
    /// telling nothing about it. Stays the same while the file's last key does.
    pub fn keyed_hash(&self, domain: &str, data: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0.hashing);
        context.update(&(domain.len() as u64).to_be_bytes());
        context.update(domain.as_bytes());
        context.update(data);
        to_array(&context.sign())
    }

    /// The key that seals.
    pub(crate) fn sealing(&self) -> &(KeyId, LessSafeKey) {
        &self.0.sealing[0]
    }

    /// The key of that name, to open with.
    pub(crate) fn opening(&self, id: KeyId) -> Option<&LessSafeKey> {
        self.0
            .sealing
            .iter()
            .find_map(|(own, key)| (*own == id).then_some(key))
    }

    /// The names of the keys, for messages.
    pub(crate) fn names(&self) -> String {
        let names: Vec<_> = self
            .0
            .sealing
            .iter()
            .map(|(id, _)| HexId(*id).to_string())
            .collect();
        names.join(", ")
    }

    fn from_lines(text: &str) -> Result<Self, (usize, &'static str)> {
        let mut sealing: Vec<(KeyId, LessSafeKey)> = Vec::new();
        let mut hashing = None;
        for (index, line) in text.lines().enumerate() {
            let malformed = |reason| (index + 1, reason);
            let (id, secret) = parse_line(line).map_err(malformed)?;
            if sealing.iter().any(|(own, _)| *own == id) {
                return Err(malformed("another key has the same name"));
            }
            sealing.push((id, sealing_key(&secret)));
            hashing = Some(subkey(&secret, "causeway: keyed hash, 1"));
        }
        let hashing = hashing.ok_or((1, "the file is empty"))?;
        Ok(Self(Arc::new(KeyRing {
            sealing,
            hashing: hmac::Key::new(hmac::HMAC_SHA256, hashing.as_slice()),
        })))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keys({})", self.names())
    }
}

type Secret = Zeroizing<[u8; KEY_LENGTH]>;

fn parse_line(line: &str) -> Result<(KeyId, Secret), &'static str> {
    let mut parts = line.trim_end().split(':');
    if parts.next() != Some(FORMAT) {
        return Err("a line has to begin with `causeway-key-1:`");
    }
    let (Some(id), Some(key), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err("a line has to be `causeway-key-1:<id>:<base64>`");
    };
    let id = HexId::parse(id).ok_or("the key's name has to be eight hexadecimal digits")?;
    let bytes = BASE64.decode(key).map(Zeroizing::new);
    let secret = bytes
        .ok()
        .and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new))
        .ok_or("the key has to be 32 bytes in base64")?;
    Ok((id, secret))
}

fn sealing_key(secret: &Secret) -> LessSafeKey {
    let subkey = subkey(secret, "causeway: seal, 1");
    #[expect(clippy::expect_used, reason = "the length is fixed by the types")]
    let unbound =
        UnboundKey::new(&AES_256_GCM_SIV, subkey.as_slice()).expect("AES-256 takes 32 bytes");
    LessSafeKey::new(unbound)
}

/// A key for one purpose, so that no key serves two algorithms.
fn subkey(secret: &Secret, purpose: &str) -> Secret {
    let root = hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice());
    Zeroizing::new(to_array(&hmac::sign(&root, purpose.as_bytes())))
}

fn to_array(tag: &hmac::Tag) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "the length is fixed by the algorithm")]
    tag.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// A key's name as text.
pub(crate) struct HexId(pub(crate) KeyId);

impl HexId {
    fn parse(text: &str) -> Option<KeyId> {
        let all_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        all_digits
            .then(|| u32::from_str_radix(text, 16).ok())?
            .map(u32::to_be_bytes)
    }
}

impl fmt::Display for HexId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", u32::from_be_bytes(self.0))
    }
}
