//! One connection, from its first byte to its end.

use std::net::IpAddr;
use std::pin::pin;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::{Phase, Server, plain_answer};
use crate::http::Peer;

/// The first byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 22;

const LONGEST_HEAD: usize = 64 * 1024;

pub(super) struct Connection {
    pub server: Server,
    pub peer: IpAddr,
    pub _permit: OwnedSemaphorePermit,
}

impl Connection {
    pub async fn serve(self, stream: TcpStream) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone at once");
            return;
        }
        let Some(acceptor) = self.server.tls.clone() else {
            return self.serve_http(stream).await;
        };
        let handshake = async {
            let mut first = [0];
            if stream.peek(&mut first).await? == 1 && first[0] != TLS_HANDSHAKE {
                plain_answer::speaks_tls(&stream);
                return Err(std::io::Error::other("it speaks plain HTTP to a TLS port"));
            }
            acceptor.accept(stream).await
        };
        match timeout(self.server.handshake_timeout, handshake).await {
            Ok(Ok(stream)) => self.serve_http(stream).await,
            Ok(Err(error)) => tracing::debug!(peer = %self.peer, %error, "no TLS came about"),
            Err(_) => tracing::debug!(peer = %self.peer, "the TLS handshake took too long"),
        }
    }

    async fn serve_http(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let router = self.server.router.clone();
        let peer = Peer(self.peer);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            let router = router.clone();
            router.oneshot(request.map(Body::new))
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.server.header_timeout)
            .max_buf_size(LONGEST_HEAD);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = Phase::stopping(self.server.phase.clone()) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}
