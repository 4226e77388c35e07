//! A caller's connection, with or without TLS.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A caller's connection.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin {
    /// Makes the end of the connection a reset.
    fn resets_at_its_end(&self) -> io::Result<()>;
}

impl Connection for TcpStream {
    fn resets_at_its_end(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

impl Connection for TlsStream<TcpStream> {
    fn resets_at_its_end(&self) -> io::Result<()> {
        self.get_ref().0.set_zero_linger()
    }
}

/// Ends a connection by RST.
pub(crate) fn reset(connection: impl Connection) {
    if let Err(error) = connection.resets_at_its_end() {
        tracing::error!(%error, "a connection is closed that should be reset");
    }
}
