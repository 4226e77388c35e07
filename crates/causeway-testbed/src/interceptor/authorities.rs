//! The two authorities: one that PHP is told to trust, and one that nobody trusts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio_rustls::TlsAcceptor;

use crate::sockets::authority::{Authority, AuthorityError};

pub(super) struct Authorities {
    trusted: Authority,
    untrusted: Authority,
    /// A certificate for a host is made when it is first asked for.
    made: Mutex<HashMap<(bool, String), TlsAcceptor>>,
}

impl Authorities {
    pub fn make() -> Result<Self, AuthorityError> {
        Ok(Self {
            trusted: Authority::make("Causeway test bed")?,
            // Whoever trusts by name alone is found out, too.
            untrusted: Authority::make("Causeway test bed")?,
            made: Mutex::default(),
        })
    }

    pub fn trusted_pem(&self) -> &str {
        self.trusted.pem()
    }

    pub fn acceptor_for(
        &self,
        host: &str,
        is_untrusted: bool,
    ) -> Result<TlsAcceptor, AuthorityError> {
        let key = (is_untrusted, host.to_owned());
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(acceptor) = made.get(&key) {
            return Ok(acceptor.clone());
        }
        let authority = if is_untrusted {
            &self.untrusted
        } else {
            &self.trusted
        };
        let acceptor = authority.acceptor_for([host.to_owned()])?;
        made.insert(key, acceptor.clone());
        Ok(acceptor)
    }
}
