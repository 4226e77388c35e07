//! What an operator can set, and the clients that come of it.

use std::fmt;
use std::time::Duration;

use reqwest::{Certificate, Client, NoProxy, Proxy, redirect, retry};
use url::Url;

use crate::failure::root_cause;
use crate::resolver::GuardedResolver;

/// What an operator can set.
#[derive(Clone)]
pub struct HttpVendorSettings {
    /// How long finding the name, connecting and the TLS handshake may take together.
    pub connect_timeout: Duration,
    /// How long a connection may rest and still be used again. Servers close a resting connection
    /// after 2 s at the earliest (gunicorn; Node 5 s); a request that crosses with that close is lost
    /// without a trace, so this stays below.
    pub idle_timeout: Duration,
    /// The longest answer that is read, in bytes.
    pub answer_limit: usize,
    /// Root certificates to trust beside the system's, each a PEM text (several in one are fine).
    pub extra_roots: Vec<Vec<u8>>,
    /// A forward proxy. The proxy then looks names up, so it is the proxy that has to keep requests
    /// out of private networks. Loopback addresses never go through it. The proxy variables of the
    /// environment are ignored.
    pub proxy: Option<Url>,
}

/// A proxy's address may hold a password.
impl fmt::Debug for HttpVendorSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpVendorSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("answer_limit", &self.answer_limit)
            .field("extra_roots", &self.extra_roots.len())
            .field("proxy", &self.proxy.as_ref().map(Url::host_str))
            .finish()
    }
}

impl Default for HttpVendorSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_millis(1500),
            answer_limit: 1024 * 1024,
            extra_roots: Vec::new(),
            proxy: None,
        }
    }
}

/// Why the client could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum HttpVendorError {
    /// An extra root certificate cannot be read.
    #[error("extra root certificate {number} cannot be read: {reason}; it has to be a PEM file")]
    Root {
        /// Which one of the settings, counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy's address cannot be used.
    #[error("the proxy address cannot be used: {reason}; write it like http://proxy.example:3128")]
    Proxy {
        /// What is wrong with it.
        reason: String,
    },
    /// TLS could not be set up, as on a system without root certificates.
    #[error(
        "the HTTP client cannot start: {reason}; are root certificates installed (ca-certificates)?"
    )]
    Client {
        /// What is wrong.
        reason: String,
    },
}

/// A client that reaches public hosts, or private ones, too.
pub(crate) fn client(
    settings: &HttpVendorSettings,
    private_network: bool,
) -> Result<Client, HttpVendorError> {
    const IDLE_CONNECTIONS_PER_HOST: usize = 256;
    let proxy_host = settings.proxy.as_ref().and_then(Url::host_str);
    let mut builder = Client::builder()
        .user_agent(concat!("causeway/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.idle_timeout)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
        .dns_resolver(GuardedResolver::new(private_network, proxy_host))
        .tls_certs_merge(extra_roots(&settings.extra_roots)?);
    if let Some(address) = &settings.proxy {
        let proxy = Proxy::all(address.clone()).map_err(|error| HttpVendorError::Proxy {
            reason: root_cause(&error),
        })?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_string("localhost,127.0.0.0/8,::1")));
    }
    builder.build().map_err(|error| HttpVendorError::Client {
        reason: root_cause(&error),
    })
}

fn extra_roots(bundles: &[Vec<u8>]) -> Result<Vec<Certificate>, HttpVendorError> {
    let mut roots = Vec::new();
    for (index, bundle) in bundles.iter().enumerate() {
        let unreadable = |reason| HttpVendorError::Root {
            number: index + 1,
            reason,
        };
        let certificates =
            Certificate::from_pem_bundle(bundle).map_err(|error| unreadable(root_cause(&error)))?;
        if certificates.is_empty() {
            return Err(unreadable("there is no certificate in it".to_owned()));
        }
        roots.extend(certificates);
    }
    Ok(roots)
}
