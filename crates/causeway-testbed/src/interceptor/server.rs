//! The port, and what a connection to it asks for.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{Method, Uri};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

use crate::sockets::connection::{Connection, reset};
use crate::sockets::listening::serve_each;
use crate::sockets::request;

use super::asked_hosts::{AskedHosts, Target};
use super::authorities::Authorities;
use super::error::InterceptorError;
use super::forward::{self, Message};

const HTTPS: u16 = 443;
const HTTP: u16 = 80;
/// The first byte of a TLS connection.
const TLS_HANDSHAKE: u8 = 22;

/// What every connection works with.
pub(super) struct Shared {
    authorities: Authorities,
    upstream: Mutex<String>,
    presents_untrusted: AtomicBool,
    holds: watch::Sender<bool>,
    asked: Mutex<AskedHosts>,
}

impl Shared {
    pub fn new(authorities: Authorities, upstream: String) -> Self {
        Self {
            authorities,
            upstream: Mutex::new(upstream),
            presents_untrusted: AtomicBool::new(false),
            holds: watch::Sender::new(false),
            asked: Mutex::default(),
        }
    }

    pub fn lead_to(&self, upstream: String) {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner) = upstream;
    }

    fn upstream(&self) -> String {
        let upstream = self.upstream.lock();
        upstream.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn present_untrusted(&self, untrusted: bool) {
        self.presents_untrusted.store(untrusted, Ordering::Relaxed);
    }

    pub fn hold_connections(&self, hold: bool) {
        self.holds.send_replace(hold);
    }

    pub fn asked(&self) -> MutexGuard<'_, AskedHosts> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, mut connection: TcpStream) {
        // Who sends no request needs no answer.
        let Ok((head, body)) = request::read(&mut connection).await else {
            return;
        };
        if head.method == Method::CONNECT {
            let Some(target) = target(&head.uri, HTTPS) else {
                return reset(connection);
            };
            {
                let mut asked = self.asked();
                let host = asked.of(&target);
                host.connections += 1;
                host.tunnels += 1;
            }
            if *self.holds.borrow() {
                return self.hold(connection).await;
            }
            self.tunnel(connection, &target).await;
        } else {
            let Some(target) = target(&head.uri, HTTP) else {
                return reset(connection);
            };
            self.asked().of(&target).connections += 1;
            let message = Message { head, body };
            self.pass(connection, &target, message).await;
        }
    }

    /// The way to an https host: what is sent on it is read in that host's name.
    async fn tunnel(&self, mut connection: TcpStream, target: &Target) {
        const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
        let mut first = [0];
        if connection.write_all(OPEN).await.is_err() || connection.peek(&mut first).await.is_err() {
            return;
        }
        if first[0] != TLS_HANDSHAKE {
            return self.read_and_pass(connection, target).await;
        }
        let is_untrusted = self.presents_untrusted.load(Ordering::Relaxed);
        let acceptor = match self.authorities.acceptor_for(&target.host, is_untrusted) {
            Ok(acceptor) => acceptor,
            Err(error) => {
                tracing::error!(%error, host = target.host, "no certificate can be made");
                return reset(connection);
            }
        };
        match acceptor.accept(connection).await {
            Ok(connection) => {
                if is_untrusted {
                    self.asked().of(target).untrusted_handshakes += 1;
                }
                self.read_and_pass(connection, target).await;
            }
            Err(_) => self.asked().of(target).failed_handshakes += 1,
        }
    }

    async fn read_and_pass(&self, mut connection: impl Connection, target: &Target) {
        if let Ok((head, body)) = request::read(&mut connection).await {
            let message = Message { head, body };
            self.pass(connection, target, message).await;
        }
    }

    async fn pass(&self, connection: impl Connection, target: &Target, message: Message) {
        if *self.holds.borrow() {
            return self.hold(connection).await;
        }
        self.asked().of(target).requests += 1;
        forward::pass(connection, &self.upstream(), target, &message).await;
    }

    /// Nothing more comes of it, until the caller gives up or connections are no longer held.
    async fn hold(&self, mut connection: impl Connection) {
        let mut holds = self.holds.subscribe();
        let mut unread = [0; 1024];
        loop {
            tokio::select! {
                _ = holds.wait_for(|holds| !holds) => return reset(connection),
                read = connection.read(&mut unread) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                },
            }
        }
    }
}

/// The host and port of a whole address, or of what CONNECT asks for.
fn target(uri: &Uri, usual_port: u16) -> Option<Target> {
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    Some(Target {
        host: host.to_ascii_lowercase(),
        port: uri.port_u16().unwrap_or(usual_port),
    })
}

/// Where to connect to.
pub(super) fn address_of(upstream: &Url) -> Result<String, InterceptorError> {
    match (upstream.scheme(), upstream.host_str()) {
        ("http", Some(host)) => {
            let port = upstream.port_or_known_default().unwrap_or(HTTP);
            Ok(format!("{host}:{port}"))
        }
        _ => Err(InterceptorError::Upstream {
            address: upstream.to_string(),
        }),
    }
}

/// Takes a free port; what comes back serves it.
pub(super) async fn open(
    shared: Arc<Shared>,
) -> io::Result<(SocketAddr, impl Future<Output = ()> + Send + 'static)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let serving = async move {
        serve_each(listener, |connection| {
            let shared = Arc::clone(&shared);
            async move { shared.serve(connection).await }
        })
        .await;
    };
    Ok((address, serving))
}
