//! What one measurement gave.

use std::fs;
use std::time::{Duration, Instant};

/// What one measurement gave; times in milliseconds.
#[derive(Debug, Clone)]
pub struct Figures {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Processor time of the whole process for one create: vendor, gateway and callers together.
    pub cpu: f64,
}

/// Wall clock and processor time since the beginning of a measurement.
pub struct Stopwatch {
    began: Instant,
    cpu: Duration,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self {
            began: Instant::now(),
            cpu: processor_time(),
        }
    }
}

/// The processor time of this process so far, all threads together; zero where it cannot be read.
/// Linux gives it in hundredths of a second, as the 14th and 15th field of /proc/self/stat (proc(5)).
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

impl Figures {
    /// The figures of creates that took so long each, all of them since `stopwatch` began.
    pub fn of(mut times: Vec<Duration>, stopwatch: &Stopwatch) -> Self {
        let wall = stopwatch.began.elapsed();
        let cpu = processor_time().saturating_sub(stopwatch.cpu);
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
            times
                .get(index)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let count = times.len() as f64;
        let per_second = count / wall.as_secs_f64();
        let cpu = cpu.as_secs_f64() * 1000.0 / count;
        Self {
            cpu,
            per_second,
            p50: at(50),
            p99: at(99),
        }
    }

    /// The round whose throughput is in the middle.
    pub fn median(mut rounds: Vec<Self>) -> Self {
        rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        rounds.swap_remove(rounds.len() / 2)
    }
}
