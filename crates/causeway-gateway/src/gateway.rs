//! The gateway as a whole: start, address, stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use causeway_engine::Store;
use thiserror::Error;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::executor::{Definitions, Executor};
use crate::http::{FailedTokens, Places, Readiness, Shared, router};
use crate::metrics;
use crate::server::{
    ListenError, Phase, Server, TlsError, TlsFiles, acceptor, listen, refuse_plain, serve,
};

/// What an operator can set.
#[derive(Debug, Clone)]
pub struct GatewaySettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The gateway's own certificate.
    pub tls: Option<TlsFiles>,
    /// Whether a proxy that speaks TLS stands in front; then its X-Forwarded-For is believed.
    pub behind_proxy: bool,
    /// The longest request body, in bytes.
    pub body_limit: usize,
    /// How long a request's head may take to arrive, and how long a connection may rest.
    pub header_timeout: Duration,
    /// How long a request's body may take to arrive.
    pub body_timeout: Duration,
    /// How long the TLS handshake may take.
    pub handshake_timeout: Duration,
    /// How many connections there may be at once; further ones are refused.
    pub connections: usize,
    /// How many requests may be worked on at once, those that wait for an operation among them;
    /// further ones are refused.
    pub requests: usize,
    /// How many of them may be one provider's: nobody keeps the others out.
    pub requests_per_provider: usize,
    /// How many failed tokens a minute one address is told about at once, before it is told to wait.
    pub failed_tokens_per_minute: u32,
    /// How long running operations may go on when the gateway stops; the journal has the rest.
    pub stop_patience: Duration,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8440)),
            tls: None,
            behind_proxy: false,
            body_limit: 256 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            connections: 4096,
            requests: 2048,
            requests_per_provider: 1024,
            failed_tokens_per_minute: 20,
            stop_patience: Duration::from_secs(5),
        }
    }
}

impl GatewaySettings {
    /// Whether a gateway could start with these settings, before anything is begun: the certificate
    /// can be used, and nobody can listen in.
    ///
    /// # Errors
    /// What [`Gateway::start`] would refuse them for.
    pub fn check(&self) -> Result<(), GatewayError> {
        self.tls.as_ref().map(acceptor).transpose()?;
        let protected = self.tls.is_some() || self.behind_proxy;
        Ok(refuse_plain(self.listen, protected)?)
    }
}

/// Why the gateway does not start.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// It cannot listen.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// Its certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A gateway that listens.
pub struct Gateway {
    address: SocketAddr,
    scheme: &'static str,
    executor: Arc<Executor>,
    stop_patience: Duration,
    phase: watch::Sender<Phase>,
    serving: Mutex<Option<JoinHandle<()>>>,
    /// Its other end lives as long as the server.
    served: watch::Receiver<()>,
}

impl Gateway {
    /// Begins to serve. The store has to be the executor's own, and the definitions, too.
    ///
    /// # Errors
    /// When it cannot listen, would do so without TLS where others can listen in, or the certificate
    /// cannot be used.
    pub async fn start(
        settings: GatewaySettings,
        executor: Arc<Executor>,
        store: Arc<dyn Store>,
        definitions: Definitions,
    ) -> Result<Self, GatewayError> {
        metrics::record();
        let tls = settings.tls.as_ref().map(acceptor).transpose()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let protected = tls.is_some() || settings.behind_proxy;
        let (listener, address) = listen(settings.listen, protected).await?;
        let (phase, phases) = watch::channel(Phase::Running);
        let shared = Shared {
            executor: Arc::clone(&executor),
            store,
            definitions,
            behind_proxy: settings.behind_proxy,
            body_limit: settings.body_limit,
            body_timeout: settings.body_timeout,
            failed_tokens: FailedTokens::new(settings.failed_tokens_per_minute),
            requests: Semaphore::new(settings.requests),
            places: Places::new(settings.requests_per_provider),
            readiness: Readiness::default(),
            phase: phases.clone(),
        };
        let server = Server {
            router: router(Arc::new(shared)),
            tls,
            header_timeout: settings.header_timeout,
            handshake_timeout: settings.handshake_timeout,
            connections: Arc::new(Semaphore::new(settings.connections)),
            phase: phases,
        };
        let (serves, served) = watch::channel(());
        let serving = tokio::spawn(async move {
            serve(server, listener).await;
            drop(serves);
        });
        tracing::info!(%address, scheme, "listening");
        Ok(Self {
            address,
            scheme,
            executor,
            stop_patience: settings.stop_patience,
            phase,
            serving: Mutex::new(Some(serving)),
            served,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for clients on this machine, without a final slash.
    pub fn url(&self) -> String {
        let mut address = self.address;
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("{}://{address}", self.scheme)
    }

    /// Waits until it serves no more.
    pub async fn wait(&self) {
        let _ = self.served.clone().changed().await;
    }

    /// Stops: takes no new connections, lets running operations go on for a while, answers everyone
    /// who still waits, and leaves the rest to the journal. Says how many operations are still open.
    pub async fn stop(&self) -> usize {
        const LAST_ANSWERS: Duration = Duration::from_secs(1);
        let mut serving = self.serving.lock().await;
        tracing::info!("stopping");
        self.phase.send_replace(Phase::Stopping);
        let still_open = self.executor.stop(self.stop_patience).await;
        if let Some(mut serving) = serving.take()
            && timeout(LAST_ANSWERS, &mut serving).await.is_err()
        {
            self.phase.send_replace(Phase::Closing);
            if timeout(LAST_ANSWERS, &mut serving).await.is_err() {
                serving.abort();
                let _ = serving.await;
            }
        }
        tracing::info!(still_open, "stopped");
        still_open
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Gateway({})", self.url())
    }
}
