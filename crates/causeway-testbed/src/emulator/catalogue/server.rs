//! Servers.

use serde::Serialize;

/// A server as the provider's staff enters it.
#[derive(Debug, Clone, Serialize)]
pub struct Server {
    module: String,
    name: String,
    hostname: String,
    ipaddress: String,
    username: String,
    password: String,
    accesshash: String,
    secure: bool,
    port: Option<u16>,
}

impl Server {
    /// A server of a module, at `127.0.0.1` without TLS until told otherwise.
    #[must_use]
    pub fn new(module: impl Into<String>) -> Self {
        let module = module.into();
        Self {
            name: format!("{module} server"),
            module,
            hostname: "127.0.0.1".into(),
            ipaddress: "127.0.0.1".into(),
            username: String::new(),
            password: String::new(),
            accesshash: String::new(),
            secure: false,
            port: None,
        }
    }

    /// The name in the server list.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The host name.
    #[must_use]
    pub fn hostname(mut self, hostname: impl Into<String>) -> Self {
        self.hostname = hostname.into();
        self
    }

    /// The address.
    #[must_use]
    pub fn ip_address(mut self, address: impl Into<String>) -> Self {
        self.ipaddress = address.into();
        self
    }

    /// The port; the module's default when never given.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The user name.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = username.into();
        self
    }

    /// The password; WHMCS keeps it encrypted.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = password.into();
        self
    }

    /// The access hash.
    #[must_use]
    pub fn access_hash(mut self, hash: impl Into<String>) -> Self {
        self.accesshash = hash.into();
        self
    }

    /// Ticks "use SSL".
    #[must_use]
    pub fn secure(mut self) -> Self {
        self.secure = true;
        self
    }
}
