//! A vendor with the API of `examples/shieldpress.toml` and of definitions with the same shape:
//! what it has, and, unlike a real one, for whom it made it.

mod answer;
mod api;

use std::collections::BTreeMap;
use std::time::Duration;

use causeway_definition::Request;
use serde_json::{Value, json};

pub use self::answer::{answered, bad_answer};

/// The header in which the vendor takes idempotency keys.
pub const KEY_HEADER: &str = "Idempotency-Key";

/// A user at the vendor.
#[derive(Debug, Clone)]
pub struct User {
    pub email: String,
    pub password: String,
    pub made_at: Duration,
}

/// A service at the vendor.
#[derive(Debug, Clone)]
pub struct VendorService {
    pub domain: String,
    pub user_id: i64,
    pub reference: String,
    pub plan: String,
    pub suspended: bool,
    pub paid_until: String,
    pub made_at: Duration,
    pub ready_at: Duration,
    pub ended_at: Option<Duration>,
    /// The truth that no real vendor tells: the billing side's service that it was made for.
    pub made_for: String,
}

impl VendorService {
    pub fn lives(&self) -> bool {
        self.ended_at.is_none()
    }
}

/// A period that was paid for a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Renewal {
    /// The service at the vendor.
    pub id: i64,
    pub due: String,
    /// The billing side's service that it was bought for.
    pub reference: String,
}

/// Who sends a request, which no real vendor knows.
#[derive(Debug, Clone)]
pub struct SentFor {
    pub reference: String,
}

/// The vendor.
pub struct Vendor {
    pub users: BTreeMap<i64, User>,
    pub services: BTreeMap<i64, VendorService>,
    /// How often each renewal was bought.
    pub renewals: BTreeMap<Renewal, u32>,
    /// Services that are being made or changed right now by a request that is still on its way.
    pub on_the_way: BTreeMap<String, u32>,
    keys: BTreeMap<String, (u16, Value)>,
    last_id: i64,
    list_lag: Duration,
    ready_after: Duration,
    unique_emails: bool,
    page: usize,
}

impl Vendor {
    pub fn new(surroundings: &crate::history::Surroundings) -> Self {
        Self {
            users: BTreeMap::new(),
            services: BTreeMap::new(),
            renewals: BTreeMap::new(),
            on_the_way: BTreeMap::new(),
            keys: BTreeMap::new(),
            last_id: 40,
            list_lag: surroundings.list_lag,
            ready_after: surroundings.ready_after,
            unique_emails: surroundings.unique_emails,
            page: surroundings.page.max(1),
        }
    }

    /// Takes a request: what it answers, in status and body.
    pub fn act(&mut self, request: &Request, sent_for: &SentFor, now: Duration) -> (u16, Value) {
        let key = request
            .headers
            .iter()
            .find(|(name, _)| name == KEY_HEADER)
            .map(|(_, key)| key.clone());
        if let Some(known) = key.as_ref().and_then(|key| self.keys.get(key)) {
            return known.clone();
        }
        let done = self.act_once(request, sent_for, now);
        if let Some(key) = key.filter(|_| done.0 < 400) {
            self.keys.insert(key, done.clone());
        }
        done
    }

    /// Whether it has acted on a request with the same idempotency key before.
    pub fn knows_key_of(&self, request: &Request) -> bool {
        request
            .headers
            .iter()
            .any(|(name, key)| name == KEY_HEADER && self.keys.contains_key(key))
    }

    /// The services that live.
    pub fn live(&self) -> impl Iterator<Item = (&i64, &VendorService)> {
        self.services.iter().filter(|(_, service)| service.lives())
    }

    /// Ends a service, as somebody at the vendor's own pages does.
    pub fn remove(&mut self, id: i64, now: Duration) {
        if let Some(service) = self.services.get_mut(&id) {
            service.ended_at.get_or_insert(now);
        }
    }

    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    fn shown(&self, id: i64, service: &VendorService, at: Duration) -> Value {
        let status = if service.ended_at.is_some_and(|ended| ended <= at) {
            "terminated"
        } else if at < service.ready_at {
            "pending"
        } else if service.suspended {
            "suspended"
        } else {
            "active"
        };
        json!({
            "id": id,
            "domain": service.domain,
            "user_id": service.user_id,
            "reference": service.reference,
            "plan": service.plan,
            "status": status,
            "paid_until": service.paid_until,
            "license": { "key": license_key(id) },
        })
    }
}

/// The licence key of the service with this id.
pub fn license_key(id: i64) -> String {
    format!("SP-{id:04}")
}
