//! Where the database is, from a URL.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use causeway_engine::StoreError;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use url::form_urlencoded;

/// How long to wait for a server that takes no connection, or is silent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const SILENCE_TIMEOUT: Duration = Duration::from_secs(5);

/// The schema that holds the journal; how long a row may be waited for; and how long a gateway that
/// stands still may keep rows from the others.
const SESSION: &str = "-c search_path=causeway -c lock_timeout=5s \
                       -c idle_in_transaction_session_timeout=2s";

/// Where a PostgreSQL database is, and as whom to use it. Shown without its password.
#[derive(Clone)]
pub struct PostgresAddress {
    config: Config,
    pub(super) tls: Tls,
}

/// How the connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tls {
    /// Not at all: the server is on this machine, or the URL says so.
    Off,
    /// By TLS; the server's certificate is verified against these roots, or the system's.
    Verified { roots: Option<PathBuf> },
}

impl PostgresAddress {
    /// Whether a text is meant as a PostgreSQL address rather than as a file's path.
    pub fn is_meant_by(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// Takes a password that the URL does not have.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        if self.config.get_password().is_none() {
            self.config.password(password);
        }
        self
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    fn finish(&mut self, sslmode: Option<&str>, roots: Option<PathBuf>) -> Result<(), StoreError> {
        self.tls = match sslmode {
            Some("disable") => Tls::Off,
            Some("require" | "verify-full") => Tls::Verified { roots },
            None if roots.is_none() && self.is_local() => Tls::Off,
            None => Tls::Verified { roots },
            Some(_) => {
                return Err(malformed(
                    "`sslmode` has to be `disable`, or `verify-full` (`require` means the same here: a \
                     server's certificate is always verified)",
                ));
            }
        };
        let config = &mut self.config;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(malformed("it names no host"));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("causeway");
        }
        let options = match config.get_options() {
            Some(own) => format!("{own} {SESSION}"),
            None => SESSION.to_owned(),
        };
        config
            .keepalives_idle(SILENCE_TIMEOUT)
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .options(options)
            .ssl_mode(match self.tls {
                Tls::Off => SslMode::Disable,
                Tls::Verified { .. } => SslMode::Require,
            });
        Ok(())
    }

    fn is_local(&self) -> bool {
        let is_local_host = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                name == "localhost"
                    || name
                        .parse::<std::net::IpAddr>()
                        .is_ok_and(|address| address.is_loopback())
            }
        };
        self.config.get_hosts().iter().all(is_local_host)
            && self
                .config
                .get_hostaddrs()
                .iter()
                .all(std::net::IpAddr::is_loopback)
    }
}

impl FromStr for PostgresAddress {
    type Err = StoreError;

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with libpq's parameters after a `?`; of
    /// those, `sslmode` and `sslrootcert` are Causeway's own.
    fn from_str(url: &str) -> Result<Self, StoreError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut sslmode, mut roots) = (None, None);
        let mut others = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => sslmode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(&*value)),
                _ => {
                    others.append_pair(&name, &value);
                }
            }
        }
        // A space is `+` in a form, and `%20` in a PostgreSQL address.
        let query = others.finish().replace('+', "%20");
        // The parser's own words could quote a part of the password.
        let config: Config = format!("{base}?{query}").parse().map_err(|_| {
            malformed(
                "it is not of the form postgres://USER@HOST:PORT/DATABASE, with percent signs for what is \
                 special in user and password",
            )
        })?;
        let mut address = Self {
            config,
            tls: Tls::Off,
        };
        address.finish(sslmode.as_deref(), roots)?;
        Ok(address)
    }
}

fn malformed(why: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "the PostgreSQL address cannot be understood: {why}"
    ))
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(formatter, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) => write!(formatter, "{comma}{name}")?,
                Host::Unix(folder) => write!(formatter, "{comma}{}", folder.display())?,
            }
            if let Some(port) = ports.get(index).or(ports.first()) {
                write!(formatter, ":{port}")?;
            }
        }
        match self.config.get_dbname().or(self.config.get_user()) {
            Some(database) => write!(formatter, "/{database}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PostgresAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tls(url: &str) -> Tls {
        url.parse::<PostgresAddress>().unwrap().tls
    }

    #[test]
    fn only_a_server_on_this_machine_is_used_without_tls_unasked() {
        let roots = Some(PathBuf::from("/etc/roots.pem"));
        for (url, expected) in [
            ("postgres://a@localhost/b", Tls::Off),
            ("postgres://a@127.0.0.1:5433/b", Tls::Off),
            ("postgres:///b?host=/run/postgresql&user=a", Tls::Off),
            ("postgres://a@db.example/b", Tls::Verified { roots: None }),
            (
                "postgres://a@localhost,db.example/b",
                Tls::Verified { roots: None },
            ),
            ("postgres://a@db.example/b?sslmode=disable", Tls::Off),
            (
                "postgres://a@localhost/b?sslmode=require",
                Tls::Verified { roots: None },
            ),
            (
                "postgres://a@db.example/b?sslmode=verify-full&sslrootcert=%2Fetc%2Froots.pem",
                Tls::Verified { roots },
            ),
        ] {
            assert_eq!(tls(url), expected, "{url}");
        }
        for refused in ["prefer", "allow", "verify-ca", "off"] {
            let url = format!("postgres://a@db.example/b?sslmode={refused}");
            assert!(url.parse::<PostgresAddress>().is_err(), "{refused}");
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for url in [
            "postgres://ada:hunter2@db.example:5433/journal",
            "postgresql://ada@db.example:5433/journal?password=hunter2&application_name=a%20b",
        ] {
            let address: PostgresAddress = url.parse().unwrap();
            assert_eq!(
                address.to_string(),
                "postgres://ada@db.example:5433/journal"
            );
            assert!(!format!("{address:?}").contains("hunter2"));
            assert_eq!(address.config().get_password(), Some(b"hunter2".as_slice()));
        }
        for wrong in [
            "postgres://ada:hunter2?@db.example/journal",
            "postgres://ada:hunter2/@db.example/journal",
            "postgres://db.example:hunter2",
        ] {
            let told = match wrong.parse::<PostgresAddress>() {
                Ok(address) => address.to_string(),
                Err(error) => error.to_string(),
            };
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
