//! The intercepting proxy: leads what a module asks of a host that it has built in
//! (`https://api.vendor.example`) to a vendor on this machine, without a changed line in the module.
//!
//! PHP is told by its environment and its settings, which [`Interceptor::environment`] and
//! [`Interceptor::ini`] give. That catches curl, and with it Guzzle, and PHP's own http streams
//! (`file_get_contents`, `fopen`), for which a file is run before every script.
//!
//! # What does not come here
//!
//! - Whoever wants no proxy (`CURLOPT_PROXY` empty, Guzzle's `proxy` empty) or one of their own.
//! - What makes its own connection: `SoapClient`, `fsockopen`, `stream_socket_client`, FTP, SSH.
//! - A module that brings its own list of authorities (`CURLOPT_CAINFO`) comes, and does not trust the
//!   one of the run: [`AskedHost::failed_handshakes`] shows it.
//!
//! PHP's http streams are not quite as without the interceptor: `$http_response_header` is not set, and
//! `get_headers` gives nothing. `stream_get_meta_data` has the header lines.
//!
//! # What passes
//!
//! Each request goes to the upstream on a connection of its own, with the host that was asked for in
//! `Host`, and what comes back is passed on byte by byte as it comes: half an answer is half an answer
//! here, an end an end, a reset a reset, and silence silence. Nothing is ever answered in the upstream's
//! place; where it cannot be reached, the connection is reset.

mod asked_hosts;
mod authorities;
mod error;
mod forward;
mod server;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use tempfile::NamedTempFile;
use url::Url;

pub use asked_hosts::AskedHost;
pub use error::InterceptorError;

use crate::sockets::own_thread::OwnThread;
use authorities::Authorities;
use server::Shared;

/// Where an interceptor leads to.
#[derive(Debug, Clone)]
pub struct InterceptorSettings {
    /// A plain HTTP port: the fault proxy's (with
    /// [`keeps_host`](crate::fault_proxy::FaultProxySettings::keeps_host), if the vendor tells its
    /// hosts apart), or the vendor's. Its path does not count: the module's own is passed on.
    pub upstream: Url,
}

/// A running interceptor. It stops when dropped, cutting what is in progress.
pub struct Interceptor {
    shared: Arc<Shared>,
    address: SocketAddr,
    authority: NamedTempFile,
    authority_pem: String,
    streams: NamedTempFile,
    _thread: OwnThread,
}

impl Interceptor {
    /// Listens on a free port of 127.0.0.1, on a thread of its own, with an authority made for this run.
    ///
    /// # Errors
    /// An upstream that is no http address with a port, or a system without a free port or file.
    pub async fn start(settings: InterceptorSettings) -> Result<Self, InterceptorError> {
        let authorities = Authorities::make()?;
        let authority_pem = authorities.trusted_pem().to_owned();
        let authority = file(".pem", &authority_pem)?;
        let streams = file(".php", include_str!("streams.php"))?;
        let shared = Arc::new(Shared::new(
            authorities,
            server::address_of(&settings.upstream)?,
        ));
        let (thread, address) =
            OwnThread::start("interceptor", server::open(Arc::clone(&shared))).await?;
        Ok(Self {
            shared,
            address,
            authority,
            authority_pem,
            streams,
            _thread: thread,
        })
    }

    /// The environment of the processes whose requests are to come here.
    #[must_use]
    pub fn environment(&self) -> BTreeMap<String, String> {
        let proxy = format!("http://{}", self.address);
        // Of HTTP_PROXY in capitals curl is afraid, since a request's header `Proxy` could set it.
        let through = ["http_proxy", "https_proxy", "HTTPS_PROXY"];
        // A host that is nowhere: loopback hosts lead here, too, and php-fpm takes no empty value.
        let past = ["no_proxy", "NO_PROXY"];
        let through = through.map(|name| (name.to_owned(), proxy.clone()));
        let past = past.map(|name| (name.to_owned(), "nowhere.invalid".to_owned()));
        through.into_iter().chain(past).collect()
    }

    /// The settings with which PHP trusts the authority of this run, and no other, and leads its own
    /// streams here.
    #[must_use]
    pub fn ini(&self) -> BTreeMap<String, String> {
        [
            ("curl.cainfo", &self.authority),
            ("openssl.cafile", &self.authority),
            ("auto_prepend_file", &self.streams),
        ]
        .map(|(name, file)| (name.to_owned(), file.path().to_string_lossy().into_owned()))
        .into_iter()
        .collect()
    }

    /// The authority's certificate, for who is to trust it.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Leads what comes from now on somewhere else.
    ///
    /// # Errors
    /// An address that is no http address with a port.
    pub fn lead_to(&self, upstream: &Url) -> Result<(), InterceptorError> {
        self.shared.lead_to(server::address_of(upstream)?);
        Ok(())
    }

    /// Whether connections from now on are shown a certificate of an authority that nobody trusts. A
    /// handshake that is completed all the same is counted in [`AskedHost::untrusted_handshakes`].
    pub fn present_untrusted(&self, untrusted: bool) {
        self.shared.present_untrusted(untrusted);
    }

    /// Whether requests from now on are taken and never answered: a connection to an https host does not
    /// come about, and of a plain http one no answer comes. What is held is reset when this is off again.
    pub fn hold_connections(&self, hold: bool) {
        self.shared.hold_connections(hold);
    }

    /// Which hosts were asked for since the beginning, or since [`Interceptor::forget_hosts`], in the
    /// order in which they were first asked for.
    #[must_use]
    pub fn hosts(&self) -> Vec<AskedHost> {
        self.shared.asked().all()
    }

    /// Begins a new list of hosts.
    pub fn forget_hosts(&self) {
        self.shared.asked().forget();
    }
}

fn file(suffix: &str, text: &str) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::with_suffix(suffix)?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

impl fmt::Debug for Interceptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Interceptor")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
