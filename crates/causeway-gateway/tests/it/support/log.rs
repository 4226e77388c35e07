//! The log of this process, in memory.

use std::io::Write;
use std::sync::{Mutex, Once};

use tracing::Level;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Memory;

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins to remember everything that is logged, in every test.
pub fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Memory)
            .init();
    });
}

/// Everything that was logged so far, by whatever crate.
pub fn everything() -> String {
    String::from_utf8(LINES.lock().unwrap().clone()).unwrap()
}

/// What this workspace's crates have logged so far.
pub fn own_lines() -> Vec<String> {
    everything()
        .lines()
        .filter(|line| line.contains("causeway_"))
        .map(str::to_owned)
        .collect()
}
