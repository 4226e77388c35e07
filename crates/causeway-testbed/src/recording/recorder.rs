//! The recorder: stands before a vendor, passes every exchange on as it is, and remembers it.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::fault_proxy::answer::{self, Answer};
use crate::fault_proxy::request::{self, Request};
use crate::fault_proxy::upstream::Upstream;
use crate::fault_proxy::{FaultProxyError, FaultProxySettings, links};
use crate::sockets::authority::Authority;
use crate::sockets::connection::Connection;
use crate::sockets::listening::serve_each;
use crate::sockets::own_thread::OwnThread;
use crate::sockets::request::NoRequest;

use super::Recording;
use super::exchange::Exchange;

/// The first byte of a TLS connection.
const TLS_HANDSHAKE: u8 = 22;

/// What a recorder stands before, and where.
#[derive(Debug, Clone)]
pub struct RecorderSettings {
    /// The API that requests are passed on to, http or https, without a query.
    pub upstream: Url,
    /// Root certificates to trust beside the system's for an https upstream, each a PEM text.
    pub upstream_roots: Vec<Vec<u8>>,
    /// How long the upstream may take for one exchange, connecting included.
    pub upstream_timeout: Duration,
    /// Where to listen; port 0 is a free one.
    pub listen: SocketAddr,
}

impl RecorderSettings {
    /// A recorder before this API, on a free port of 127.0.0.1.
    #[must_use]
    pub fn before(upstream: Url) -> Self {
        Self {
            upstream,
            upstream_roots: Vec::new(),
            upstream_timeout: Duration::from_secs(60),
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

/// Why a recorder cannot start.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    /// The upstream is no API's address.
    #[error(
        "{address} cannot be recorded; an API's address begins with http:// or https:// and has neither \
         ? nor #"
    )]
    Upstream {
        /// The address.
        address: String,
    },
    /// The system refused a thread or a socket.
    #[error("the recorder could not listen on {address}: {reason}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
    /// TLS could not be set up, here or to the upstream.
    #[error("the recorder could not set up TLS: {reason}")]
    Tls {
        /// What was wrong.
        reason: String,
    },
}

/// A running recorder. It stops when dropped, cutting what is in progress.
pub struct Recorder {
    shared: Arc<Shared>,
    address: SocketAddr,
    authority_pem: String,
    _thread: OwnThread,
}

struct Shared {
    upstream: Upstream,
    upstream_name: String,
    tls: TlsAcceptor,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Recorder {
    /// Listens on one port for http and https, on a thread of its own.
    ///
    /// # Errors
    /// An upstream that is none, or a system without the port or root certificates.
    pub async fn start(settings: RecorderSettings) -> Result<Self, RecorderError> {
        let RecorderSettings {
            upstream,
            upstream_roots,
            upstream_timeout,
            listen,
        } = settings;
        let upstream_name = upstream.host_str().unwrap_or_default().to_owned();
        let passed_on_to = FaultProxySettings {
            upstream_roots,
            upstream_timeout,
            ..FaultProxySettings::before(upstream)
        };
        let tls = |reason: String| RecorderError::Tls { reason };
        let authority =
            Authority::make("Causeway recorder").map_err(|error| tls(error.to_string()))?;
        let hosts = ["localhost".to_owned(), listen.ip().to_string()];
        let acceptor = authority.acceptor_for(hosts);
        let shared = Arc::new(Shared {
            upstream: Upstream::new(&passed_on_to).map_err(|error| match error {
                FaultProxyError::Upstream { address } => RecorderError::Upstream { address },
                other => tls(other.to_string()),
            })?,
            upstream_name,
            tls: acceptor.map_err(|error| tls(error.to_string()))?,
            exchanges: Mutex::default(),
        });
        let (thread, address) = OwnThread::start("recorder", open(Arc::clone(&shared), listen))
            .await
            .map_err(|reason| RecorderError::Listen {
                address: listen,
                reason,
            })?;
        Ok(Self {
            shared,
            address,
            authority_pem: authority.pem().to_owned(),
            _thread: thread,
        })
    }

    /// The API's base URL here: `http://127.0.0.1:PORT/v1`, with the upstream's path.
    #[must_use]
    pub fn api(&self) -> String {
        format!("http://{}{}", self.address, self.shared.upstream.base)
    }

    /// The same by https, on the same port. The certificate is good for `localhost`, too.
    #[must_use]
    pub fn secure_api(&self) -> String {
        format!("https://{}{}", self.address, self.shared.upstream.base)
    }

    /// The authority that made the certificate, for who is to trust it.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// How many exchanges there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shared.recorded().len()
    }

    /// What was recorded so far. Exchanges that the vendor did not answer are not in it.
    #[must_use]
    pub fn recording(&self) -> Recording {
        Recording {
            title: self.shared.upstream_name.clone(),
            prefix: self.shared.upstream.base.clone(),
            exchanges: self.shared.recorded().clone(),
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recorder")
            .field("upstream", &self.shared.upstream.origin)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn recorded(&self) -> std::sync::MutexGuard<'_, Vec<Exchange>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, connection: TcpStream, own: SocketAddr) {
        let mut first = [0];
        // Who leaves without a word needs no answer.
        if !matches!(connection.peek(&mut first).await, Ok(1)) {
            return;
        }
        if first[0] != TLS_HANDSHAKE {
            return self.answer(connection, &format!("http://{own}")).await;
        }
        match self.tls.accept(connection).await {
            Ok(connection) => self.answer(connection, &format!("https://{own}")).await,
            Err(error) => {
                tracing::warn!(%error, "a caller broke off its handshake with the recorder")
            }
        }
    }

    async fn answer(&self, mut connection: impl Connection, own: &str) {
        let request = match request::read(&mut connection).await {
            Ok(request) => request,
            Err(NoRequest::CallerGaveUp) => return,
            Err(NoRequest::Unreadable(status)) => {
                let answer = said(status, "The recorder cannot read this request.");
                // The caller learns it if it still listens.
                let _ = answer::write(&mut connection, &answer, &http::Method::GET).await;
                return;
            }
        };
        let answer = match self.upstream.send(&request).await {
            Ok(answer) => {
                self.record(&request, &answer);
                links::through_proxy(answer, &self.upstream.origin, own)
            }
            Err(reason) => said(
                StatusCode::BAD_GATEWAY,
                &format!("The recorder got no answer from the vendor: {reason}"),
            ),
        };
        // The vendor has acted, whether the caller still listens or not.
        let _ = answer::write(&mut connection, &answer, &request.head.method).await;
    }

    fn record(&self, request: &Request, given: &Answer) {
        let mut answer = http::Response::new(given.body.clone());
        *answer.status_mut() = given.status;
        *answer.headers_mut() = given.headers.clone();
        self.recorded().push(Exchange {
            request: http::Request::from_parts(request.head.clone(), request.body.clone()),
            answer,
        });
    }
}

fn said(status: StatusCode, message: &str) -> Answer {
    Answer::json(
        status,
        serde_json::json!({ "message": message }).to_string(),
    )
}

/// Takes the port; what comes back serves it.
async fn open(
    shared: Arc<Shared>,
    listen: SocketAddr,
) -> io::Result<(SocketAddr, impl Future<Output = ()> + Send + 'static)> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let serving = async move {
        serve_each(listener, |connection| {
            let shared = Arc::clone(&shared);
            async move { shared.serve(connection, address).await }
        })
        .await;
    };
    Ok((address, serving))
}
