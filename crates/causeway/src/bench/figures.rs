//! What one measurement gave.

use std::time::Duration;

/// What one measurement gave; times in milliseconds.
#[derive(Debug, Clone)]
pub struct Figures {
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
}

impl Figures {
    /// The figures of creates that took so long each, and `wall` in all.
    pub fn of(mut times: Vec<Duration>, wall: Duration) -> Self {
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
            times
                .get(index)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let per_second = times.len() as f64 / wall.as_secs_f64();
        Self {
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
