//! Where the gateway listens, and where it refuses to.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;
use tokio::net::TcpListener;

/// Why the gateway does not listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Tokens and passwords would travel in the clear.
    #[error(
        "the gateway does not listen on {0} without TLS, because tokens and passwords would travel in the clear; \
         give it a certificate (--tls-cert, --tls-key), put a TLS proxy in front of it and say so (--behind-proxy), \
         or listen on 127.0.0.1"
    )]
    WouldBePlain(SocketAddr),
    /// Somebody else listens there.
    #[error(
        "the address {0} is in use; end the other process or choose another port (port 0 takes a free one)"
    )]
    InUse(SocketAddr),
    /// The system does not allow it.
    #[error(
        "the gateway may not listen on {0}; ports below 1024 need a permission of their own, choose a higher one"
    )]
    NotAllowed(SocketAddr),
    /// The system said something else.
    #[error(
        "the gateway cannot listen on {address}: {source}; is that an address of this machine?"
    )]
    Other {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Refuses an address where others can listen in, unless what is said there is protected.
pub(crate) fn refuse_plain(address: SocketAddr, protected: bool) -> Result<(), ListenError> {
    if protected || address.ip().to_canonical().is_loopback() {
        Ok(())
    } else {
        Err(ListenError::WouldBePlain(address))
    }
}

pub(crate) async fn listen(
    address: SocketAddr,
    protected: bool,
) -> Result<(TcpListener, SocketAddr), ListenError> {
    refuse_plain(address, protected)?;
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::InUse(address),
        io::ErrorKind::PermissionDenied => ListenError::NotAllowed(address),
        _ => ListenError::Other { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
