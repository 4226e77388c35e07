//! The certificates of the https port, and the authority that made them.

use std::net::Ipv4Addr;

use tokio_rustls::TlsAcceptor;

use crate::sockets::authority::{Authority, AuthorityError};

/// What the https port serves.
pub(super) struct Certificates {
    /// The authority to trust.
    pub(super) authority_pem: String,
    pub(super) right: TlsAcceptor,
    /// Of an authority that is nowhere to be had.
    pub(super) wrong: TlsAcceptor,
}

impl Certificates {
    pub(super) fn make() -> Result<Self, AuthorityError> {
        const NAME: &str = "Causeway fault proxy";
        let hosts = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
        let authority = Authority::make(NAME)?;
        Ok(Self {
            authority_pem: authority.pem().to_owned(),
            right: authority.acceptor_for(hosts.clone())?,
            wrong: Authority::make(NAME)?.acceptor_for(hosts)?,
        })
    }
}
