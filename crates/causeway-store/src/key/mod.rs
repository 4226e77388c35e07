//! The keys of a journal: what they do, and the file that holds them.

mod file;
mod file_error;
mod line;
mod ring;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

pub use self::file::{KeyFile, KeyUse, ListedKey};
pub use self::file_error::KeyFileError;
pub use self::line::KeyName;

pub(crate) use self::line::KeyId;

use self::file::FileState;
use self::ring::KeyRing;

/// How often a file is looked at that keys are used of.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// The keys of one key file, as it is now: a file that has changed is read again within a second of
/// their use. Cheap to clone; shows nothing of itself.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

struct Shared {
    path: PathBuf,
    ring: RwLock<Arc<KeyRing>>,
    /// How the file was when the ring was made of it.
    read: Mutex<Option<FileState>>,
    /// In milliseconds since [`START`].
    next_look: AtomicU64,
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Keys {
    fn new(path: &Path, ring: KeyRing, read: Option<FileState>) -> Self {
        Self(Arc::new(Shared {
            path: path.to_owned(),
            ring: RwLock::new(Arc::new(ring)),
            read: Mutex::new(read),
            next_look: AtomicU64::new(now() + milliseconds(BETWEEN_LOOKS)),
        }))
    }

    /// A hash that only the holder of the key file can make: equal for equal data of one domain, and
    /// telling nothing about it. Stays the same however the keys are rotated.
    pub fn keyed_hash(&self, domain: &str, data: &[u8]) -> [u8; 32] {
        self.kept().keyed_hash(domain, data)
    }

    /// A turn's key as the journal has it: it may tell of a client.
    pub(crate) fn hashed_turn(&self, key: &str) -> [u8; 32] {
        self.keyed_hash("causeway: turn, 1", key.as_bytes())
    }

    /// The keys to seal with.
    pub(crate) fn ring(&self) -> Arc<KeyRing> {
        let shared = &*self.0;
        let (now, look) = (now(), shared.next_look.load(Ordering::Relaxed));
        if now >= look {
            let next = now + milliseconds(BETWEEN_LOOKS);
            // One of those who come together looks.
            let mine =
                shared
                    .next_look
                    .compare_exchange(look, next, Ordering::Relaxed, Ordering::Relaxed);
            if mine.is_ok() {
                self.look();
            }
        }
        self.kept()
    }

    /// The keys to open with what was sealed with this one; the file is read again when it is not
    /// among those that were read.
    pub(crate) fn ring_with(&self, id: KeyId) -> Arc<KeyRing> {
        let kept = self.kept();
        if kept.opening(id).is_some() {
            return kept;
        }
        self.look();
        self.kept()
    }

    /// Reads the file again now when it has changed.
    pub fn read_again(&self) {
        self.look();
    }

    /// The key that seals.
    pub fn sealing(&self) -> KeyName {
        KeyName(self.kept().sealing().0)
    }

    /// The names of the keys, for messages.
    pub(crate) fn names(&self) -> String {
        self.kept().names()
    }

    /// Reads the file again when it has changed. One that cannot be used changes nothing.
    fn look(&self) {
        let shared = &*self.0;
        let mut read = shared.read.lock().unwrap_or_else(PoisonError::into_inner);
        let state = FileState::of(&shared.path);
        if state.is_none() || *read == state {
            return;
        }
        *read = state;
        match KeyFile::read(&shared.path) {
            Ok(ring) if ring.hashes_like(&self.kept()) => {
                tracing::info!(
                    keys = ring.names(),
                    "the key file has changed and is read again"
                );
                *shared.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
            }
            Ok(_) => tracing::error!(
                path = %shared.path.display(),
                "the key file is another journal's now (its last key has changed); the keys that were read stay in use"
            ),
            Err(error) => tracing::error!(%error, "the keys that were read stay in use"),
        }
    }

    fn kept(&self) -> Arc<KeyRing> {
        let ring = self.0.ring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ring)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keys({})", self.names())
    }
}

fn now() -> u64 {
    milliseconds(START.elapsed())
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
