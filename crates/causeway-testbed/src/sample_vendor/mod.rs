//! The sample vendor: "ShieldPress Security", a security platform with a REST API as a Laravel
//! team would have built it. A real HTTP server on a real SQLite database, run in-process by
//! tests, by the demo and by benchmarks.
//!
//! # The API
//!
//! Every path begins with `/v1`. Bodies and answers are JSON. Each call carries
//! `Authorization: Bearer <token>`; a token belongs to one reseller account, and an account sees
//! only its own users and services: another account's id answers 404.
//!
//! | call | body or query | answer |
//! |---|---|---|
//! | `GET /account` | | 200 `{id, name}` |
//! | `POST /users` | `firstname`, `lastname`?, `email`, `password`, `password_confirmation` | 201 user |
//! | `GET /users` | `email`?, `page`?, `per_page`? | 200 page of users |
//! | `GET /users/{id}` | | 200 user |
//! | `PUT /users/{id}/password` | `password`, `password_confirmation` | 200 user |
//! | `DELETE /users/{id}` | | 204; 409 while the user has live services |
//! | `POST /services` | `domain`, `user_id`, `plan`, `type_id` | 201 service |
//! | `GET /services` | `domain`?, `user_id`?, `status`?, `page`?, `per_page`? | 200 page of services |
//! | `GET /services/{id}` | | 200 service |
//! | `PATCH /services/{id}` | `plan` | 200 service |
//! | `DELETE /services/{id}` | | 204; the service is gone from every answer |
//! | `POST /services/{id}/suspend` | | 200 service, also when already suspended |
//! | `POST /services/{id}/unsuspend` | | 200 service, also when already active |
//! | `PUT /services/{id}/renewal` | `paid_until` (`YYYY-MM-DD`) | 200 service |
//! | `POST /services/{id}/login-link` | | 200 `{url, expires_at}`; 403 while suspended |
//!
//! - User: `{id, firstname, lastname, email, created_at, updated_at}`.
//! - Service: `{id, domain, user_id, plan, type_id, status, license: {key}, paid_until,
//!   created_at, updated_at, suspended_at}`. `status` is `pending`, `active`, `suspended` or
//!   `failed`. Plans: `basic`, `pro`, `business`. Types: 1 and 2.
//! - Page: `{data: [...], links: {first, last, prev, next}, meta: {current_page, last_page,
//!   per_page, total}}`, 15 entries unless `per_page` says otherwise, at most 100.
//!
//! | status | when | body |
//! |---|---|---|
//! | 401 | token missing or wrong | `{"message": "Unauthenticated."}` |
//! | 404 | no such route, or no such user or service | `{"message"}` |
//! | 405 | the route has other methods | `{"message"}`, header `Allow` |
//! | 409 | the resource's state forbids the call | `{"message"}` |
//! | 422 | the input is not valid | `{"message", "errors": {field: [messages]}}` |
//! | 500 | anything that the platform did not foresee | `{"message": "Server Error"}` |
//!
//! # Habits that a caller meets
//!
//! - An e-mail address is unique in the whole platform, whatever its case, so it can be taken by
//!   another account's user whom a search does not show. It is stored in lower case.
//! - A domain is not unique: two equal `POST /services` make two services.
//! - `type_id` and the existence of the user are not validated: the insert violates a foreign key
//!   and the answer is the bare 500.
//! - Strings are trimmed and empty ones count as absent, passwords excepted. So `?email=` is no
//!   filter at all. Numbers may come as strings. Unknown fields are ignored.
//! - A body that is not JSON, or comes without a JSON content type, counts as empty.
//! - A call that has been taken up is worked off even when its caller hangs up.
//!
//! # By configuration
//!
//! - [`SampleVendorSettings::idempotency_keys`]: every call that changes something honours
//!   `Idempotency-Key`. The same call with the same key replays the stored answer, with the header
//!   `Idempotent-Replayed: true`; another call with that key is 422; while the first is running,
//!   409. Only successes are stored: a refused call leaves its key free.
//! - [`SampleVendorSettings::provisioning`]: a new service can be `pending`, with no licence key,
//!   before it is `active` or `failed`. Suspend, unsuspend, a change of plan and a login link
//!   answer 409 until it is active.
//! - [`SampleVendorSettings::latency`]: how long each call waits before its work.
//! - [`SampleVendorSettings::list_lag`]: lists come from a copy that lags behind: they lack a user or
//!   a service that is younger than this, and show everything else as it is. A read by id is up to date.

mod account;
mod call;
mod database;
mod idempotency;
mod input;
mod pagination;
mod provisioning;
mod record;
mod routes;
mod server;
mod service_status;
mod services;
mod settings;
mod truth;
mod users;
mod validation;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

pub use record::RecordedRequest;
pub use service_status::ServiceStatus;
pub use settings::{Provisioning, SampleVendorSettings};
pub use truth::{ServiceRow, UserRow};

use server::{Running, Vendor};

/// A running sample vendor. It stops when dropped, cutting what is in progress, or by
/// [`SampleVendor::shutdown`], which lets it finish.
#[derive(Debug)]
pub struct SampleVendor {
    vendor: Arc<Vendor>,
    running: Running,
    address: SocketAddr,
}

/// Why the sample vendor could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SampleVendorError {
    /// The address is taken, or the system refused a thread or a socket.
    #[error("the sample vendor could not listen on 127.0.0.1:{port} (port 0 takes a free one)")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The database could not be opened, read or written.
    #[error("the sample vendor's database failed")]
    Database(#[from] rusqlite::Error),
    /// A test wanted to remove a service that is not there.
    #[error("the sample vendor has no live service {id}")]
    NoSuchService {
        /// The id asked for.
        id: i64,
    },
}

impl SampleVendor {
    /// Opens the database and listens on 127.0.0.1, on a thread of its own.
    pub async fn start(settings: SampleVendorSettings) -> Result<Self, SampleVendorError> {
        let port = settings.port;
        let vendor = Arc::new(Vendor::open(settings)?);
        let (running, address) = Running::start(Arc::clone(&vendor), port)
            .await
            .map_err(|source| SampleVendorError::Listen { port, source })?;
        Ok(Self {
            vendor,
            running,
            address,
        })
    }

    /// The API's base URL: `http://127.0.0.1:PORT/v1`.
    pub fn api(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Opens a reseller account and returns its bearer token, of which only a hash is kept.
    pub fn add_account(&self, name: &str) -> Result<String, SampleVendorError> {
        Ok(account::add(&self.vendor.database(), name)?)
    }

    /// Every user of every account, by id.
    pub fn users(&self) -> Result<Vec<UserRow>, SampleVendorError> {
        Ok(truth::users(&self.vendor.database())?)
    }

    /// Every service of every account that ever was, terminated ones too, by id.
    pub fn services(&self) -> Result<Vec<ServiceRow>, SampleVendorError> {
        let database = self.vendor.settled_database()?;
        Ok(truth::services(&database)?)
    }

    /// The services that are not terminated, by id.
    pub fn live_services(&self) -> Result<Vec<ServiceRow>, SampleVendorError> {
        let mut services = self.services()?;
        services.retain(ServiceRow::is_live);
        Ok(services)
    }

    /// Terminates a service behind every caller's back, as the vendor's staff would.
    pub fn remove_service_by_hand(&self, id: i64) -> Result<(), SampleVendorError> {
        match services::terminate(&self.vendor.database(), id)? {
            true => Ok(()),
            false => Err(SampleVendorError::NoSuchService { id }),
        }
    }

    /// Is this the user's password? False for a user that does not exist.
    pub fn password_matches(
        &self,
        user_id: i64,
        password: &str,
    ) -> Result<bool, SampleVendorError> {
        Ok(users::password_matches(
            &self.vendor.database(),
            user_id,
            password,
        )?)
    }

    /// The calls answered so far, in the order in which their work was done, with nothing masked;
    /// of very many, the newest 10 000. Empty when [`SampleVendorSettings::record_requests`] is off.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.vendor.requests()
    }

    /// Takes no new connections, finishes the calls in progress (for at most 5 s) and stops.
    pub async fn shutdown(self) {
        self.running.finish().await;
    }
}
