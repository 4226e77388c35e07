//! Which gateways are taken for alive.

use std::collections::BTreeMap;
use std::time::Duration;

/// For how long a gateway is taken for alive after it has said so.
pub const LEASE: Duration = Duration::from_secs(3);

/// Names a lease; a gateway that lost one gets another number, so that it cannot pass for what it was.
pub type LeaseNumber = u32;

/// The leases that were not ended.
#[derive(Debug, Default)]
pub struct Leases {
    until: BTreeMap<LeaseNumber, Duration>,
    last: LeaseNumber,
}

impl Leases {
    pub fn new_lease(&mut self, now: Duration) -> LeaseNumber {
        self.last += 1;
        self.until.insert(self.last, now + LEASE);
        self.last
    }

    /// Whether the lease goes on; one whose operations were taken over does not.
    pub fn renew(&mut self, lease: LeaseNumber, now: Duration) -> bool {
        match self.until.get_mut(&lease) {
            Some(until) => {
                *until = now + LEASE;
                true
            }
            None => false,
        }
    }

    pub fn end(&mut self, lease: LeaseNumber) {
        self.until.remove(&lease);
    }

    pub fn lives(&self, lease: LeaseNumber, now: Duration) -> bool {
        self.until.get(&lease).is_some_and(|until| *until > now)
    }
}
