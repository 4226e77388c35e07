//! The certificates of the https port, and the authority that made them.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use super::error::FaultProxyError;

/// What the https port serves.
pub(super) struct Certificates {
    /// The authority to trust.
    pub(super) authority_pem: String,
    pub(super) right: TlsAcceptor,
    /// Of an authority that is nowhere to be had.
    pub(super) wrong: TlsAcceptor,
}

impl Certificates {
    pub(super) fn make() -> Result<Self, FaultProxyError> {
        let (authority_pem, right) = authority_and_acceptor()?;
        let (_, wrong) = authority_and_acceptor()?;
        Ok(Self {
            authority_pem,
            right,
            wrong,
        })
    }
}

/// The cryptography of this workspace, whatever else a program has linked.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn authority_and_acceptor() -> Result<(String, TlsAcceptor), FaultProxyError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
        .distinguished_name
        .push(DnType::CommonName, "Causeway fault proxy");
    let authority = params.self_signed(&key)?;
    let issuer = Issuer::new(params, key);

    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["localhost".to_owned()])?;
    params
        .subject_alt_names
        .push(SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, &issuer)?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Resumed, a connection would not show the certificate.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    Ok((authority.pem(), TlsAcceptor::from(Arc::new(config))))
}
