//! Which gateways are taken for alive.

use std::collections::BTreeMap;
use std::time::Duration;

/// For how long a gateway is taken for alive after it has said so.
pub const LEASE: Duration = Duration::from_secs(3);

/// A gateway counts its lease as over before others may, so that a request that is just being sent has
/// left by then.
pub const MARGIN: Duration = Duration::from_millis(500);

/// Names a lease; a gateway that lost one gets another number, so that it cannot pass for what it was.
pub type LeaseNumber = u32;

/// A lease that was not ended.
#[derive(Debug)]
struct Held {
    since: Duration,
    until: Duration,
}

/// The leases that were not ended.
#[derive(Debug, Default)]
pub struct Leases {
    held: BTreeMap<LeaseNumber, Held>,
    last: LeaseNumber,
}

impl Leases {
    pub fn new_lease(&mut self, now: Duration) -> LeaseNumber {
        self.last += 1;
        let held = Held {
            since: now,
            until: now + LEASE,
        };
        self.held.insert(self.last, held);
        self.last
    }

    /// Whether the lease goes on; one that was ended does not.
    pub fn renew(&mut self, lease: LeaseNumber, now: Duration) -> bool {
        let Some(held) = self.held.get_mut(&lease) else {
            return false;
        };
        if held.until < now {
            held.since = now;
        }
        held.until = now + LEASE;
        true
    }

    /// Ends every lease that has run out, once this one was held without a gap for as long as one
    /// lasts: after an outage of the journal everybody first has time to renew.
    pub fn end_expired(&mut self, own: LeaseNumber, now: Duration) {
        let is_steady = self
            .held
            .get(&own)
            .is_some_and(|held| held.until > now && held.since + LEASE <= now);
        if is_steady {
            self.held.retain(|_, held| held.until >= now);
        }
    }

    /// Whether nobody has ended it.
    pub fn goes_on(&self, lease: LeaseNumber) -> bool {
        self.held.contains_key(&lease)
    }
}
