//! A vendor that is given by its address: a sandbox, used by every lane and by others, too. What it has is
//! read by the definition's own calls, sent to the vendor itself; what they cannot show is said not to be
//! known.

mod ask;
mod judge;
mod left;
mod names;
mod suspension;
mod thing;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand::RngExt as _;
use rand::distr::{Alphanumeric, SampleString as _};
use serde_json::Value;
use url::Url;

pub use self::ask::AskVendor;
use self::suspension::Suspension;
use crate::matrix::error::MatrixError;

/// The first number that WHMCS gives a service or a client is at least this and at most the other one: a
/// service's reference is made from it, and no other lane or run may have the same.
const LOWEST_NUMBER: i64 = 1_000_000;
const HIGHEST_NUMBER: i64 = 2_000_000_000;

/// A vendor that is given by its address, and what this run knows of it.
pub struct GivenVendor {
    api: Url,
    credential: String,
    roots: Vec<Vec<u8>>,
    vendor: Arc<dyn AskVendor>,
    run: String,
    customers: AtomicU32,
    suspension: Suspension,
    left_behind: Mutex<Vec<String>>,
}

/// Without the credential.
impl fmt::Debug for GivenVendor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GivenVendor")
            .field("api", &self.api.as_str())
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

impl GivenVendor {
    /// The vendor whose API is there. `vendor` is the way to it past the fault proxy, `roots` are PEM texts
    /// of the authorities that the fault proxy trusts beside the system's.
    #[must_use]
    pub fn new(
        api: Url,
        credential: String,
        roots: Vec<Vec<u8>>,
        vendor: Arc<dyn AskVendor>,
    ) -> Self {
        Self {
            api,
            credential,
            roots,
            vendor,
            run: run_name(),
            customers: AtomicU32::new(1),
            suspension: Suspension::default(),
            left_behind: Mutex::default(),
        }
    }

    /// Stands in the address and the domain of every customer of this run, and of no other.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Where the API is.
    #[must_use]
    pub const fn api(&self) -> &Url {
        &self.api
    }

    /// What the run has left behind at the vendor, so far as it is known, each thing in a few words.
    #[must_use]
    pub fn left_behind(&self) -> Vec<String> {
        let left = self.left_behind.lock();
        left.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn credential(&self) -> &str {
        &self.credential
    }

    pub(super) fn roots(&self) -> &[Vec<u8>] {
        &self.roots
    }

    pub(super) fn next_customer(&self) -> String {
        let number = self.customers.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number}", self.run)
    }

    /// From which number on a WHMCS counts its clients and services.
    pub fn first_number(&self) -> i64 {
        rand::rng().random_range(LOWEST_NUMBER..HIGHEST_NUMBER)
    }

    pub(super) fn cannot_be_counted(&self) -> MatrixError {
        MatrixError::Vendor {
            reason: format!(
                "{} is not this run's own, so that not all that it has can be counted",
                self.api
            ),
        }
    }

    pub(super) fn learn_of_suspension(&self, suspended: &Value, active: &Value) {
        let things = suspended["resources"].as_object();
        for (name, items) in things.into_iter().flatten() {
            let of_active = active["resources"][name].as_array();
            if let (Some([suspended]), Some([active])) = (
                items.as_array().map(Vec::as_slice),
                of_active.map(Vec::as_slice),
            ) {
                self.suspension.learn(name, suspended, active);
            }
        }
    }
}

/// It can stand in an address and in a domain: `run-k3f9x2q8`.
fn run_name() -> String {
    const LENGTH: usize = 8;
    let letters = Alphanumeric.sample_string(&mut rand::rng(), LENGTH);
    format!("run-{}", letters.to_ascii_lowercase())
}
