//! One gateway for each journal.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use causeway_engine::StoreError;

use super::failure::from_io;

/// Held while a process runs operations on the journal. The system lets go of it however the process
/// ends.
#[derive(Debug)]
pub(crate) struct GatewayLock(File);

impl GatewayLock {
    /// Takes the lock beside the journal at `path`, or says who has it.
    pub(crate) fn take(path: &Path) -> Result<Self, StoreError> {
        let lock_path = path.with_added_extension("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // Whoever may open the file can lock it, and keep the gateway from starting.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&lock_path)
            .map_err(|error| from_io(&error, &lock_path))?;
        match file.try_lock() {
            Ok(()) => {
                // Only for the message below: a lock without a name in it locks just as well.
                let _ = note_holder(&mut file);
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::Unavailable(format!(
                "another gateway{} runs on {}; stop it first: one journal serves one gateway",
                holder(&mut file),
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(from_io(&error, &lock_path)),
        }
    }
}

impl Drop for GatewayLock {
    fn drop(&mut self) {
        // Closing is not enough: a program that this process is just starting holds a copy of the file
        // for an instant, and the lock would stay as long.
        let _ = self.0.unlock();
    }
}

fn note_holder(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.is_empty() => format!(" (process {text})"),
        _ => String::new(),
    }
}
