//! What one measurement gave.

use std::time::{Duration, Instant};

use super::process::{Process, reset_peak};

/// What one measurement gave; times in milliseconds.
#[derive(Debug, Clone)]
pub struct Figures {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Processor time of all that took part (vendor, gateway, callers, PHP) for one operation.
    pub cpu: f64,
    /// By how many MiB their resident memory was larger at its peak than before.
    pub memory: f64,
    /// Durable commits for one operation; none where nothing is recorded.
    pub syncs: Option<f64>,
}

/// Takes the time, the processor time and the memory of a measurement.
pub struct Meter {
    processes: Vec<Process>,
    began: Instant,
    cpu: Duration,
    memory: u64,
}

impl Meter {
    /// Begins to measure this process and those `others` that work for it.
    pub fn start(others: Vec<Process>) -> Self {
        reset_peak();
        let mut processes = others;
        processes.push(Process::own());
        Self {
            cpu: processes.iter().map(Process::processor_time).sum(),
            memory: processes.iter().map(Process::memory).sum(),
            processes,
            began: Instant::now(),
        }
    }

    /// The figures of operations that took so long each, in a run with so many durable commits.
    pub fn stop(self, mut times: Vec<Duration>, commits: Option<u64>) -> Figures {
        let wall = self.began.elapsed();
        let cpu: Duration = self.processes.iter().map(Process::processor_time).sum();
        let memory: u64 = self.processes.iter().map(Process::peak_memory).sum();
        let memory = memory.saturating_sub(self.memory);
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
            cpu: cpu.saturating_sub(self.cpu).as_secs_f64() * 1000.0 / count,
            memory: number(memory) / (1024.0 * 1024.0),
            syncs: commits.map(|commits| number(commits) / count),
        }
    }
}

impl Figures {
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
