//! Slows down whoever tries tokens.
//!
//! Nobody guesses 256 random bits, however fast; what is spared here is the work that guessing makes.
//! So the limit may be mild to those who share an address with the guesser: a valid token is served at
//! once, however many others fail beside it. Only a failure is answered late, and told to wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
const MOST_ADDRESSES: usize = 10_000;

/// How late a failure is answered when there were too many.
pub(super) const LATE: Duration = Duration::from_secs(1);

/// Counts failed tokens by address.
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

/// There were too many failures from an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany {
    /// When to try again, in seconds.
    pub wait: u32,
    /// Whether this failure was the first too many; what a guesser can write into the log is little.
    pub just_now: bool,
}

impl FailedTokens {
    /// `limit` failures a minute are let through.
    pub fn new(limit: u32) -> Self {
        Self {
            limit,
            by_address: Mutex::default(),
        }
    }

    /// Notes a failure, and says when there were too many.
    pub(super) fn note(&self, address: IpAddr, now: Instant) -> Option<TooMany> {
        let mut by_address = self
            .by_address
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if by_address.len() >= MOST_ADDRESSES {
            by_address.retain(|_, failures| now.duration_since(failures.since) < WINDOW);
        }
        // Whoever comes from very many addresses must not wipe out what others have done.
        if by_address.len() >= MOST_ADDRESSES {
            by_address.retain(|_, failures| failures.count > self.limit);
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
        (failures.count > self.limit).then_some(TooMany {
            wait: u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX),
            just_now: failures.count == self.limit.saturating_add(1),
        })
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
        let too_many = |wait, just_now| Some(TooMany { wait, just_now });
        let later = start + Duration::from_secs(20);
        assert_eq!(failed.note(one, later), too_many(41, true));
        assert_eq!(failed.note(one, later), too_many(41, false));
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

    #[test]
    fn many_addresses_do_not_clear_one_that_was_too_much() {
        let failed = FailedTokens::new(2);
        let start = Instant::now();
        let guesser = "2001:db8::".parse().unwrap();
        for _ in 0..3 {
            failed.note(guesser, start);
        }
        for number in 0..25_000_u32 {
            failed.note(IpAddr::from(number.to_be_bytes()), start);
        }
        assert!(failed.note(guesser, start).is_some());
    }
}
