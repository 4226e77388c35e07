//! Which hosts were asked for.

use indexmap::IndexMap;

/// A host that a module asked for, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedHost {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Connections made for it, held ones among them.
    pub connections: u32,
    /// Of these, the ways that were asked for with CONNECT, as for an https host.
    pub tunnels: u32,
    /// Requests that were passed on.
    pub requests: u32,
    /// Handshakes that the caller broke off: it did not trust the certificate, most likely.
    pub failed_handshakes: u32,
    /// Handshakes that the caller completed with a certificate of an authority that nobody trusts:
    /// it does not verify.
    pub untrusted_handshakes: u32,
}

/// A host and its port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    pub host: String,
    pub port: u16,
}

/// By host and port, in the order of their first connections.
#[derive(Debug, Default)]
pub(super) struct AskedHosts(IndexMap<Target, AskedHost>);

impl AskedHosts {
    /// What is counted for a host.
    pub fn of(&mut self, target: &Target) -> &mut AskedHost {
        self.0.entry(target.clone()).or_insert_with(|| AskedHost {
            host: target.host.clone(),
            port: target.port,
            connections: 0,
            tunnels: 0,
            requests: 0,
            failed_handshakes: 0,
            untrusted_handshakes: 0,
        })
    }

    pub fn all(&self) -> Vec<AskedHost> {
        self.0.values().cloned().collect()
    }

    pub fn forget(&mut self) {
        self.0.clear();
    }
}
