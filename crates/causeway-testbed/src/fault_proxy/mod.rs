//! The fault proxy: stands between a caller and a vendor's API, passes every exchange on as it is, and
//! does one thing wrong at one step, the n-th time. A real HTTP/1.1 server with two ports of
//! 127.0.0.1, before the sample vendor or before a sandbox somewhere.
//!
//! # One case
//!
//! ```no_run
//! # use std::num::NonZeroU32;
//! # use causeway_definition::request::Method;
//! # use causeway_testbed::fault_proxy::*;
//! # async fn case(sandbox: url::Url) -> Result<(), Box<dyn std::error::Error>> {
//! let proxy = FaultProxy::start(FaultProxySettings::before(sandbox)).await?;
//! let place = Place::Request {
//!     method: Method::Post,
//!     path: PathPattern::of_template("/services/{{ service_id }}/suspend"),
//! };
//! let fault = ArmedFault::new(Fault::ResetAfter, place, NonZeroU32::MIN)?;
//! proxy.arm([fault]).await;
//! // … let the caller work on proxy.api() …
//! proxy.disarm().await;
//! proxy.settled().await;
//! let (struck, record) = (proxy.struck(), proxy.record());
//! # Ok(()) }
//! ```
//!
//! # What passes
//!
//! Method, path, query, headers and body, both ways, without those headers that are of one connection
//! alone. `Host` is the vendor's on the way there, unless [`FaultProxySettings::keeps_host`]; addresses at the vendor in an answer are the proxy's
//! on the way back, so that the link to a next page leads through the proxy. Each request has a
//! connection of its own, here and to the vendor. Bodies of up to 8 MiB are held whole.
//!
//! What the vendor has been sent goes on to its end, whoever hangs up. When the vendor cannot be
//! reached, the caller is given 502 and the record says why.
//!
//! # Faults of a connection
//!
//! They are decided before a request is read, so they count connections, not requests; a caller
//! opens one for each request, and an undisturbed run tells which is which.
//!
//! [`Fault::Refuse`] differs by port. On the https port the connection is reset before its TLS
//! handshake. On the http port a caller that is connected has sent its request already, so there the
//! port is closed, in time for the connection in question, for
//! [`FaultProxySettings::refused_for`]: the system refuses by itself, and nobody sees whether
//! a caller came. The strike is counted when the port closes.

pub(crate) mod answer;
mod certificates;
mod error;
mod exchange;
mod fault;
mod lag;
pub(crate) mod links;
mod place;
mod record;
pub(crate) mod request;
mod server;
mod settings;
mod spoil;
mod state;
pub(crate) mod upstream;

use std::fmt;
use std::sync::Arc;

pub use error::FaultProxyError;
pub use fault::{Delivery, Fault, UnknownFault};
pub use place::{ArmedFault, MisplacedFault, PathPattern, Place, Port};
pub use record::{
    DeliveryOutcome, ExchangeNumber, Given, RecordedDelivery, RecordedExchange, RecordedRequest,
};
pub use settings::{ExchangeObserver, FaultProxySettings, ObserveExchange};

use certificates::Certificates;
use exchange::Exchanges;
use server::{Addresses, Running};
use state::State;
use upstream::Upstream;

/// A running fault proxy. It stops when dropped, cutting what is in progress.
pub struct FaultProxy {
    exchanges: Arc<Exchanges>,
    running: Running,
    addresses: Addresses,
    authority_pem: String,
}

impl FaultProxy {
    /// Listens on two free ports of 127.0.0.1, on a thread of its own. Nothing is armed.
    ///
    /// # Errors
    /// An upstream that is none, or a system without a free port or root certificates.
    pub async fn start(settings: FaultProxySettings) -> Result<Self, FaultProxyError> {
        let certificates = Certificates::make()?;
        let authority_pem = certificates.authority_pem.clone();
        let exchanges = Arc::new(Exchanges {
            state: State::new(settings.observer.clone()),
            upstream: Upstream::new(&settings)?,
            settings,
        });
        let (running, addresses) = Running::start(Arc::clone(&exchanges), certificates).await?;
        Ok(Self {
            exchanges,
            running,
            addresses,
            authority_pem,
        })
    }

    /// The API's base URL on the http port: `http://127.0.0.1:PORT/v1`, with the upstream's path.
    #[must_use]
    pub fn api(&self) -> String {
        format!(
            "http://{}{}",
            self.addresses.http, self.exchanges.upstream.base
        )
    }

    /// The API's base URL on the https port. The certificate is good for `localhost`, too.
    #[must_use]
    pub fn secure_api(&self) -> String {
        format!(
            "https://{}{}",
            self.addresses.https, self.exchanges.upstream.base
        )
    }

    /// The authority that made the https port's certificate, for who is to trust it.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Begins a new record and counts anew, with these faults in place of those before. Without any
    /// it only records. Of several that would strike one request or connection, the first does.
    pub async fn arm(&self, faults: impl IntoIterator<Item = ArmedFault>) {
        self.exchanges.state.arm(faults);
        self.running.looks_again().await;
    }

    /// Arms one more fault beside those that are armed, and counts from now on; the record goes on. After
    /// [`Self::disarm`] it is [`Self::arm`].
    pub async fn arm_also(&self, fault: ArmedFault) {
        self.exchanges.state.arm_also(fault);
        self.running.looks_again().await;
    }

    /// Ends all faults, and lets go what they hold: an answer that was late is given, a request that
    /// was late is delivered, a connection that hung is reset, a closed port is open. The record goes on.
    pub async fn disarm(&self) {
        self.exchanges.state.disarm();
        self.running.looks_again().await;
    }

    /// Returns when no exchange is in progress. Before what came of a case is compared or its record
    /// is read: a late request may be on its way to the vendor still.
    pub async fn settled(&self) {
        self.running.settled().await;
    }

    /// How often each armed fault has struck, in the order in which they were armed. A case whose
    /// fault has not struck proves nothing. [`Fault::LaggingReads`] strikes with its write, and
    /// with each read that was answered as before.
    #[must_use]
    pub fn struck(&self) -> Vec<u32> {
        self.exchanges.state.struck()
    }

    /// Every exchange since faults were armed, in the order of the requests.
    #[must_use]
    pub fn record(&self) -> Vec<RecordedExchange> {
        self.exchanges.state.record()
    }
}

impl fmt::Debug for FaultProxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FaultProxy")
            .field("upstream", &self.exchanges.upstream.origin)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}
