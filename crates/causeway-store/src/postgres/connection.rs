//! Connections: kept open for the next verb, and thrown away when they were left in the middle of one.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use causeway_engine::StoreError;
use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts, Transaction,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{IsolationLevel, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{PostgresAddress, Tls};
use super::failure::{Failure, Result};

/// How long a verb waits for a free connection.
const WAIT: Duration = Duration::from_secs(5);

/// A few open connections to one database.
#[derive(Debug)]
pub(super) struct Connections(Pool);

impl Connections {
    /// Opens none yet.
    pub(super) fn new(
        address: &PostgresAddress,
        at_most: usize,
    ) -> std::result::Result<Self, StoreError> {
        let config = address.config().clone();
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match &address.tls {
            Tls::Off => Manager::from_config(config, NoTls, recycling),
            Tls::Verified { roots } => {
                let tls = MakeRustlsConnect::new(tls_config(roots.as_deref())?);
                Manager::from_config(config, tls, recycling)
            }
        };
        let timeouts = Timeouts {
            wait: Some(WAIT),
            create: Some(WAIT),
            recycle: Some(WAIT),
        };
        Pool::builder(manager)
            .max_size(at_most)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map(Self)
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// A connection that nobody else uses.
    pub(super) async fn take(&self) -> Result<Connection> {
        Ok(Connection(Some(self.0.get().await?)))
    }

    /// Closes every connection that is not in use, and each other one after its use.
    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// A connection for one verb. One that is dropped and not released was left in the middle of something:
/// it is closed, and the server takes back what was not committed.
pub(super) struct Connection(Option<Client>);

impl Connection {
    /// Begins a transaction.
    pub(super) async fn begin(&mut self) -> Result<Transaction<'_>> {
        Ok(self
            .client_mut()
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .start()
            .await?)
    }

    /// Keeps the connection for the next verb: this one has all its answers.
    pub(super) fn release(mut self) {
        drop(self.0.take());
    }

    #[expect(
        clippy::expect_used,
        reason = "only `release` and `drop` take the client"
    )]
    fn client_mut(&mut self) -> &mut Client {
        self.0.as_mut().expect("it is there until the end")
    }
}

impl Deref for Connection {
    type Target = Client;

    #[expect(
        clippy::expect_used,
        reason = "only `release` and `drop` take the client"
    )]
    fn deref(&self) -> &Client {
        self.0.as_ref().expect("it is there until the end")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Object::take(client));
        }
    }
}

/// Commits; when the connection breaks meanwhile, nobody knows whether the server has.
pub(super) async fn commit(transaction: Transaction<'_>) -> Result<()> {
    transaction.commit().await.map_err(Failure::WhileCommitting)
}

fn tls_config(roots: Option<&Path>) -> std::result::Result<ClientConfig, StoreError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Unavailable(format!("TLS cannot be used ({error})")))?;
    let config = builder
        .with_root_certificates(root_certificates(roots)?)
        .with_no_client_auth();
    Ok(config)
}

fn root_certificates(file: Option<&Path>) -> std::result::Result<RootCertStore, StoreError> {
    let mut store = RootCertStore::empty();
    match file {
        Some(file) => {
            let unusable = |why: String| {
                StoreError::Unavailable(format!(
                    "the root certificates {} cannot be used ({why}); name a PEM file in `sslrootcert`",
                    file.display()
                ))
            };
            let certificates =
                CertificateDer::pem_file_iter(file).map_err(|error| unusable(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
                store
                    .add(certificate)
                    .map_err(|error| unusable(error.to_string()))?;
            }
        }
        None => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if store.is_empty() {
        return Err(StoreError::Unavailable(
            "there is no root certificate to verify PostgreSQL's with; install `ca-certificates`, or name a \
             PEM file with `sslrootcert`"
                .to_owned(),
        ));
    }
    Ok(store)
}
