//! The way to the vendor: each request on a connection of its own, so that nothing is ever sent twice
//! or lost on an old one.

use std::error::Error;
use std::io;
use std::sync::Arc;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::sockets::authority::provider;
use crate::sockets::request::LARGEST_BODY;

use super::answer::Answer;
use super::error::FaultProxyError;
use super::request::Request;
use super::settings::FaultProxySettings;

pub(crate) struct Upstream {
    address: (String, u16),
    host: HeaderValue,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    keeps_host: bool,
    timeout: std::time::Duration,
    /// Scheme, host and port, as the vendor's answers may name them.
    pub(crate) origin: String,
    /// The path of the API, without a slash at the end.
    pub(crate) base: String,
}

type Failure = Box<dyn Error + Send + Sync>;

impl Upstream {
    pub(crate) fn new(settings: &FaultProxySettings) -> Result<Self, FaultProxyError> {
        let url = &settings.upstream;
        let unusable = || FaultProxyError::Upstream {
            address: url.to_string(),
        };
        let is_base = url.query().is_none() && url.fragment().is_none();
        let (Some(host), Some(port), true) = (url.host_str(), url.port_or_known_default(), is_base)
        else {
            return Err(unusable());
        };
        let bare_host = host.trim_start_matches('[').trim_end_matches(']');
        let tls = match url.scheme() {
            "http" => None,
            "https" => {
                let name = ServerName::try_from(bare_host.to_owned()).map_err(|_| unusable())?;
                Some((connector(&settings.upstream_roots)?, name))
            }
            _ => return Err(unusable()),
        };
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            address: (bare_host.to_owned(), port),
            host: HeaderValue::try_from(authority).map_err(|_| unusable())?,
            tls,
            keeps_host: settings.keeps_host,
            timeout: settings.upstream_timeout,
            origin: origin(url),
            base: url.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Sends the request once; the error is a line for the record.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, String> {
        match timeout(self.timeout, self.exchange(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failure)) => Err(root_cause(failure.as_ref())),
            Err(_) => Err(format!("no answer within {} ms", self.timeout.as_millis())),
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, Failure> {
        let (host, port) = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        stream.set_nodelay(true)?;
        match &self.tls {
            None => self.exchange_on(stream, request).await,
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await?;
                self.exchange_on(stream, request).await
            }
        }
    }

    async fn exchange_on<S>(&self, stream: S, request: &Request) -> Result<Answer, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the exchange; what fails there fails here as well.
        tokio::spawn(connection);
        let mut headers = passed_on(&request.head.headers);
        let host = request.head.headers.get(header::HOST);
        let host = host.filter(|_| self.keeps_host).unwrap_or(&self.host);
        headers.insert(header::HOST, host.clone());
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        let mut message = http::Request::new(Full::new(request.body.clone()));
        *message.method_mut() = request.head.method.clone();
        *message.uri_mut() = request.target().parse()?;
        *message.headers_mut() = headers;
        let (head, body) = sender.send_request(message).await?.into_parts();
        let body = Limited::new(body, LARGEST_BODY).collect().await?.to_bytes();
        Ok(Answer {
            status: head.status,
            headers: passed_on(&head.headers),
            body,
        })
    }
}

fn connector(roots: &[Vec<u8>]) -> Result<TlsConnector, FaultProxyError> {
    let mut extra = Vec::new();
    for (index, pem) in roots.iter().enumerate() {
        let unreadable = |reason: String| FaultProxyError::UpstreamRoot {
            number: index + 1,
            reason,
        };
        let certificates = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unreadable(error.to_string()))?;
        if certificates.is_empty() {
            return Err(unreadable("there is no certificate in it".to_owned()));
        }
        extra.extend(certificates);
    }
    let verifier = Verifier::new_with_extra_roots(extra, provider())?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The headers without those that are of one connection alone (RFC 9110, section 7.6.1).
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut left_out = vec![
        header::CONNECTION,
        header::HOST,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::EXPECT,
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("proxy-connection"),
    ];
    let named = headers.get_all(header::CONNECTION).into_iter();
    left_out.extend(
        named
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|name| name.trim().parse().ok()),
    );
    headers
        .iter()
        .filter(|(name, _)| !left_out.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if cause.is::<LengthLimitError>() {
        return format!("its answer is longer than {LARGEST_BODY} bytes");
    }
    match cause.downcast_ref::<io::Error>() {
        Some(error) => format!("{error}"),
        None => cause.to_string(),
    }
}
