//! What one measurement gave.

use std::time::{Duration, Instant};

use super::process::{Process, reset_peak};

/// What one measurement gave; times in milliseconds.
#[derive(Debug, Clone)]
pub struct Figures {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Processor time of all that took part (vendor, gateway, callers, PHP, PostgreSQL) for
    /// one operation.
    pub cpu: f64,
    /// By how many MiB the resident memory rose: this process's at its peak, and that of the others
    /// at the end, as far as they share it with nobody.
    pub memory: f64,
    /// How often the journal waited for the disk, for one operation; none where nothing is recorded.
    pub syncs: Option<f64>,
    operations: f64,
}

/// Takes the time, the processor time and the memory of a measurement.
pub struct Meter {
    began: Instant,
    own: Use,
    others: Vec<(Process, Use)>,
}

/// What a process has used.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    cpu: Duration,
    memory: u64,
}

impl Use {
    fn of_another(process: &Process) -> Self {
        Self {
            cpu: process.processor_time(),
            memory: process.own_memory(),
        }
    }

    const fn since(self, before: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(before.cpu),
            memory: self.memory.saturating_sub(before.memory),
        }
    }
}

impl Meter {
    /// Begins to measure this process and those `others` that work for it.
    pub fn start(others: &[Process]) -> Self {
        reset_peak();
        let own = Process::own();
        let with_use = |process: &Process| (*process, Use::of_another(process));
        Self {
            own: Use {
                cpu: own.processor_time(),
                memory: own.memory(),
            },
            others: others.iter().map(with_use).collect(),
            began: Instant::now(),
        }
    }

    /// The figures of operations that took so long each, which `others` have worked for: some of
    /// them may have been started meanwhile.
    pub fn stop(self, mut times: Vec<Duration>, others: &[Process]) -> Figures {
        let wall = self.began.elapsed();
        let own = Process::own();
        let own = Use {
            cpu: own.processor_time(),
            memory: own.peak_memory(),
        };
        let since_the_start = |process: &Process| {
            let mut known = self.others.iter();
            let before = known.find(|(other, _)| other == process);
            Use::of_another(process).since(before.map_or_else(Use::default, |(_, before)| *before))
        };
        let mut used: Vec<Use> = others.iter().map(since_the_start).collect();
        used.push(own.since(self.own));
        let cpu: Duration = used.iter().map(|used| used.cpu).sum();
        let memory: u64 = used.iter().map(|used| used.memory).sum();
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
            times
                .get(index)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let count = number(times.len() as u64).max(1.0);
        Figures {
            per_second: count / wall.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            cpu: cpu.as_secs_f64() * 1000.0 / count,
            memory: number(memory) / (1024.0 * 1024.0),
            syncs: None,
            operations: count,
        }
    }
}

impl Figures {
    /// With so many waits for the disk.
    pub fn with_syncs(self, syncs: Option<u64>) -> Self {
        Self {
            syncs: syncs.map(|syncs| number(syncs) / self.operations),
            ..self
        }
    }

    /// The round whose throughput is in the middle.
    pub fn median(mut rounds: Vec<Self>) -> Option<Self> {
        rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        let middle = rounds.len() / 2;
        rounds.into_iter().nth(middle)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}
