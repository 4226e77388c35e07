//! One exchange with a vendor.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use causeway_definition::request::Method;
use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Reply, Vendor};
use reqwest::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    RETRY_AFTER, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use reqwest::{Client, Response};
use url::Url;

use crate::address::request_address;
use crate::body;
use crate::failure::{Exchange, not_sent};
use crate::retry_after;
use crate::settings::{HttpVendorError, HttpVendorSettings, client};

/// Speaks to vendors by HTTP. One for the whole process: it keeps the connections.
#[derive(Debug)]
pub struct HttpVendor {
    public_client: Client,
    private_client: Client,
    connect_timeout: Duration,
    answer_limit: usize,
}

/// A request that cannot be written down as HTTP.
#[derive(Debug, thiserror::Error)]
enum UnsendableRequest {
    #[error("`{0}` is not a header's name")]
    HeaderName(String),
    #[error("the header `{0}` cannot be sent: its value has a line end or a control character")]
    HeaderValue(HeaderName),
    #[error("the header `{0}` cannot be set by a definition; the HTTP client sets it")]
    OwnHeader(HeaderName),
    #[error(transparent)]
    Body(#[from] body::BodyError),
}

impl HttpVendor {
    /// Sets the client up.
    ///
    /// # Errors
    /// A setting that cannot be used, or no root certificates at all.
    pub fn new(settings: HttpVendorSettings) -> Result<Self, HttpVendorError> {
        Ok(Self {
            public_client: client(&settings, false)?,
            private_client: client(&settings, true)?,
            connect_timeout: settings.connect_timeout,
            answer_limit: settings.answer_limit,
        })
    }

    async fn exchange(
        &self,
        client: &Client,
        address: Url,
        message: Message,
        timeout: Duration,
    ) -> Reply {
        let place = place(&address);
        let exchange = Exchange {
            place: &place,
            timeout,
            connect_timeout: self.connect_timeout,
        };
        let mut request = client
            .request(message.method, address)
            .headers(message.headers)
            .timeout(timeout);
        if let Some(body) = message.body {
            request = request.body(body);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return exchange.without_answer(&error),
        };
        let status = response.status().as_u16();
        tracing::debug!(place, status, "answered");
        let retry_after = retry_after_of(&response);
        match read_body(response, self.answer_limit).await {
            Ok(Some(body)) => Reply::Answered(Answer {
                status,
                retry_after,
                body,
            }),
            Ok(None) => exchange.too_long(status, self.answer_limit),
            Err(error) => exchange.amid_answer(status, &error),
        }
    }
}

#[async_trait]
impl Vendor for HttpVendor {
    async fn send(
        &self,
        definition: &Definition,
        api: Option<&str>,
        request: &Request,
        timeout: Duration,
    ) -> Reply {
        let service = &definition.service;
        let address = match request_address(service, api, &request.target) {
            Ok(address) => address,
            Err(error) => return not_sent(error.to_string(), false),
        };
        let message = match Message::of(request) {
            Ok(message) => message,
            Err(error) => return not_sent(error.to_string(), false),
        };
        let client = if service.private_network {
            &self.private_client
        } else {
            &self.public_client
        };
        self.exchange(client, address, message, timeout).await
    }
}

/// A request as HTTP has it.
struct Message {
    method: reqwest::Method,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Message {
    fn of(request: &Request) -> Result<Self, UnsendableRequest> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if request.body.is_some() {
            let content_type = body::content_type(request.format);
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| UnsendableRequest::HeaderName(name.clone()))?;
            // They frame the message: a second opinion on them would let one request pass for two.
            if [
                CONNECTION,
                CONTENT_LENGTH,
                HOST,
                TE,
                TRAILER,
                TRANSFER_ENCODING,
                UPGRADE,
            ]
            .contains(&name)
            {
                return Err(UnsendableRequest::OwnHeader(name));
            }
            let mut value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| UnsendableRequest::HeaderValue(name.clone()))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let body = request
            .body
            .as_ref()
            .map(|body| body::encode(body, request.format))
            .transpose()?;
        let has_content = body.as_ref().is_some_and(|body| !body.is_empty());
        if !has_content && matches!(request.method, Method::Post | Method::Put | Method::Patch) {
            // Some servers answer 411 when the length is left to be guessed.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(Self {
            method: http_method(request.method),
            headers,
            body,
        })
    }
}

const fn http_method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Host and port, as errors name them.
fn place(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    match address.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn retry_after_of(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    retry_after::parse(value, SystemTime::now())
}

/// The whole body, or `None` when it is longer than `limit`; never holds much more than that.
async fn read_body(mut response: Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Ok(None);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
