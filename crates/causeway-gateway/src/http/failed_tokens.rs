//! Slows down whoever tries tokens.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
const MOST_ADDRESSES: usize = 10_000;

/// Counts failed tokens by address. Only failures are ever refused by it: a valid token is served
/// whoever else fails behind the same address.
#[derive(Debug)]
pub(crate) struct FailedTokens {
    limit: u32,
    by_address: Mutex<HashMap<IpAddr, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Instant,
    count: u32,
}

impl FailedTokens {
    /// `limit` failures a minute are let through.
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            by_address: Mutex::default(),
        }
    }

    /// Notes a failure; the seconds to wait when there were too many.
    pub fn note(&self, address: IpAddr, now: Instant) -> Option<u32> {
        let mut by_address = self
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if by_address.len() >= MOST_ADDRESSES {
            by_address.retain(|_, failures| now.duration_since(failures.since) < WINDOW);
        }
        if by_address.len() >= MOST_ADDRESSES {
            by_address.clear();
        }
        let fresh = Failures {
            since: now,
            count: 0,
        };
        let failures = by_address.entry(address).or_insert(fresh);
        if now.duration_since(failures.since) >= WINDOW {
            *failures = fresh;
        }
        failures.count = failures.count.saturating_add(1);
        let left = WINDOW.saturating_sub(now.duration_since(failures.since));
        let seconds = u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX);
        (failures.count > self.limit).then_some(seconds)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn failures_count_by_address_and_minute() {
        let failed = FailedTokens::new(2);
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let start = Instant::now();
        assert_eq!(failed.note(one, start), None);
        assert_eq!(failed.note(one, start), None);
        assert_eq!(failed.note(one, start + Duration::from_secs(20)), Some(41));
        assert_eq!(failed.note(other, start), None);
        assert_eq!(failed.note(one, start + WINDOW), None);
    }

    #[test]
    fn memory_stays_bounded() {
        let failed = FailedTokens::new(2);
        let start = Instant::now();
        for number in 0..25_000_u32 {
            failed.note(IpAddr::from(number.to_be_bytes()), start);
        }
        assert!(failed.by_address.lock().unwrap().len() <= MOST_ADDRESSES);
    }
}
