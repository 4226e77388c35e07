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
    names: AtomicU32,
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
            names: AtomicU32::new(1),
            suspension: Suspension::default(),
            left_behind: Mutex::default(),
        }
    }

    /// Stands in the e-mail address of every customer of this run, and begins each domain.
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

    /// The run and a number: `kq7x2` and `00f`.
    pub(super) fn next_name(&self) -> String {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        let digit = |place: u32| char::from(DIGITS[(number / 36_u32.pow(place) % 36) as usize]);
        format!("{}{}{}{}", self.run, digit(2), digit(1), digit(0))
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

/// It can begin an address, a domain and a user name: `kq7x2`.
fn run_name() -> String {
    const LENGTH: usize = 4;
    let mut random = rand::rng();
    let first = char::from(random.random_range(b'a'..=b'z'));
    let rest = Alphanumeric.sample_string(&mut random, LENGTH);
    format!("{first}{}", rest.to_ascii_lowercase())
}
