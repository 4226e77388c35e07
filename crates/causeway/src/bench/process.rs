//! What the system says of a process (Linux: proc(5)). Zero where it cannot be read.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// A process whose use of the machine is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(u32);

impl Process {
    /// The process with this id.
    pub const fn of(id: u32) -> Self {
        Self(id)
    }

    /// This one.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// The processes that it has started.
    pub fn children(self) -> Vec<Self> {
        let children = self.read(&format!("task/{}/children", self.0));
        children
            .split_whitespace()
            .filter_map(|id| id.parse().ok().map(Self))
            .collect()
    }

    /// The processor time so far, all threads together: the 14th and 15th field of `stat`, in
    /// hundredths of a second.
    pub fn processor_time(&self) -> Duration {
        let stat = self.read("stat");
        let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let ticks: u64 = after_name
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// The resident memory now, in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The resident memory now that no file or shared memory stands behind, in bytes.
    pub fn own_memory(&self) -> u64 {
        self.status("RssAnon:")
    }

    /// The largest resident memory since the start, or since [`reset_peak`], in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(self, name: &str) -> u64 {
        let status = self.read("status");
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kibibytes.unwrap_or(0) * 1024
    }

    fn read(self, file: &str) -> String {
        let path = PathBuf::from(format!("/proc/{}", self.0)).join(file);
        fs::read_to_string(path).unwrap_or_default()
    }
}

/// Begins to look for this process's peak of memory anew.
pub fn reset_peak() {
    // Where that is not allowed, the peak is that of the whole life.
    let _ = fs::write("/proc/self/clear_refs", "5");
}
