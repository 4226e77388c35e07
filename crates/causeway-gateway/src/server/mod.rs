//! The HTTP server: connections, TLS, limits, a stop that loses nothing.

mod connection;
mod listen;
mod plain_answer;
mod tls;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_rustls::TlsAcceptor;

use self::connection::Connection;
pub use self::listen::ListenError;
pub(crate) use self::listen::{listen, refuse_plain};
pub(crate) use self::tls::acceptor;
pub use self::tls::{TlsError, TlsFiles};
use crate::metrics;

/// How far the stop has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    /// Requests are taken.
    #[default]
    Running,
    /// No new connections; running requests go on.
    Stopping,
    /// Requests that still wait are answered now.
    Closing,
}

impl Phase {
    /// Comes back when the stop begins.
    pub async fn stopping(mut phase: watch::Receiver<Self>) {
        let _ = phase.wait_for(|phase| *phase != Self::Running).await;
    }

    /// Comes back when those who still wait have to be answered.
    pub async fn closing(mut phase: watch::Receiver<Self>) {
        let _ = phase.wait_for(|phase| *phase == Self::Closing).await;
    }
}

/// What a server is told.
#[derive(Clone)]
pub(crate) struct Server {
    pub router: Router,
    pub tls: Option<TlsAcceptor>,
    pub header_timeout: Duration,
    pub handshake_timeout: Duration,
    /// One permit for each connection.
    pub connections: Arc<Semaphore>,
    pub phase: watch::Receiver<Phase>,
}

/// Serves until the stop, and then until the last connection is done.
pub(crate) async fn serve(server: Server, listener: TcpListener) {
    const BETWEEN_UPKEEPS: Duration = Duration::from_secs(5);
    const AFTER_FAILURE: Duration = Duration::from_millis(100);
    let mut stop = pin!(Phase::stopping(server.phase.clone()));
    let mut connections = JoinSet::new();
    let mut upkeep = interval(BETWEEN_UPKEEPS);
    upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(&server, stream, peer.ip(), &mut connections),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted; are there too many open files?");
                    sleep(AFTER_FAILURE).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = upkeep.tick() => metrics::record().run_upkeep(),
            () = &mut stop => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn admit(
    server: &Server,
    stream: TcpStream,
    peer: std::net::IpAddr,
    connections: &mut JoinSet<()>,
) {
    let Ok(permit) = Arc::clone(&server.connections).try_acquire_owned() else {
        tracing::warn!("a connection was refused: there are too many");
        if server.tls.is_none() {
            plain_answer::too_many_connections(&stream);
        }
        return;
    };
    let connection = Connection {
        server: server.clone(),
        peer,
        _permit: permit,
    };
    connections.spawn(connection.serve(stream));
}
