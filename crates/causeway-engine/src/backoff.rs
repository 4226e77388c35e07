//! How long to wait before the next try: doubling, with jitter that replays.

use std::time::Duration;

use uuid::Uuid;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(60);

/// The pause before try number `attempt` (the first retry is 1), between three quarters and five
/// quarters of the doubled step. The jitter comes from the operation's id, so that a history replays.
pub fn pause(attempt: u32, operation: Uuid) -> Duration {
    let doubled = FIRST
        .saturating_mul(1_u32 << attempt.saturating_sub(1).min(16))
        .min(LONGEST);
    let spread = f64::from(spread(attempt, operation)) / f64::from(u16::MAX);
    doubled.mul_f64(0.75 + spread / 2.0)
}

fn spread(attempt: u32, operation: Uuid) -> u16 {
    // FNV-1a: well spread, and the same on every machine.
    let hash = operation
        .as_bytes()
        .iter()
        .chain(&attempt.to_be_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (hash >> 48) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_below_their_limit() {
        let operation = Uuid::from_u128(7);
        let pauses: Vec<Duration> = (1..40).map(|attempt| pause(attempt, operation)).collect();
        assert!(pauses[0] >= Duration::from_millis(187) && pauses[0] <= Duration::from_millis(313));
        assert!(pauses[4] > pauses[0]);
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_secs(75)));
        assert_eq!(pause(3, operation), pause(3, operation));
        assert_ne!(pause(3, operation), pause(3, Uuid::from_u128(8)));
    }
}
