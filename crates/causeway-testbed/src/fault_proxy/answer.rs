//! An answer, and how it is written to a connection.

use std::io::{self, Write as _};
use std::time::Duration;

use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use hyper::body::Bytes;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use super::request::REDIRECTED;

/// An answer with its whole body.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// Without those of the connection.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// A page as a proxy in front of the vendor writes it.
    pub(crate) fn page(status: StatusCode) -> Self {
        let body = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
             <center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n\
             </body>\r\n</html>\r\n"
        );
        Self::new(status, "text/html", body)
    }

    /// What a proxy, a firewall or a hoster puts in the vendor's place.
    pub(super) fn maintenance() -> Self {
        Self::new(
            StatusCode::OK,
            "text/html",
            "<!doctype html>\n<title>Maintenance</title>\n<h1>We will be back soon</h1>\n"
                .to_owned(),
        )
    }

    pub(crate) fn server_error() -> Self {
        Self::json(
            StatusCode::INTERNAL_SERVER_ERROR,
            r#"{"message":"Server Error"}"#,
        )
    }

    pub(crate) fn too_many_requests(retry_after: Option<&'static str>) -> Self {
        let mut answer = Self::json(
            StatusCode::TOO_MANY_REQUESTS,
            r#"{"message":"Too Many Attempts."}"#,
        );
        if let Some(seconds) = retry_after {
            let seconds = HeaderValue::from_static(seconds);
            answer.headers.insert(header::RETRY_AFTER, seconds);
        }
        answer
    }

    pub(crate) fn unauthorized() -> Self {
        Self::json(
            StatusCode::UNAUTHORIZED,
            r#"{"message":"Unauthenticated."}"#,
        )
    }

    /// To the same address, with a mark in it by which the proxy knows a caller that follows.
    pub(crate) fn redirect(target: &str) -> Self {
        let mark = if target.contains('?') { '&' } else { '?' };
        let mut answer = Self::json(
            StatusCode::TEMPORARY_REDIRECT,
            r#"{"message":"Temporary Redirect"}"#,
        );
        if let Ok(location) = HeaderValue::try_from(format!("{target}{mark}{REDIRECTED}")) {
            answer.headers.insert(header::LOCATION, location);
        }
        answer
    }

    /// As it stands on the wire, of which `announced` is the length of the body.
    fn head(&self, announced: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(512 + self.body.len());
        write!(head, "HTTP/1.1 {}\r\n", self.status)?;
        for (name, value) in &self.headers {
            if name == header::CONTENT_LENGTH {
                continue;
            }
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        if self.may_have_body() {
            write!(head, "content-length: {announced}\r\n")?;
        }
        head.extend_from_slice(b"connection: close\r\n\r\n");
        Ok(head)
    }

    fn wire(&self, method: &Method) -> io::Result<Vec<u8>> {
        if method == Method::HEAD {
            let length = self.headers.get(header::CONTENT_LENGTH);
            let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
            return self.head(length.unwrap_or(self.body.len()));
        }
        let mut bytes = self.head(self.body.len())?;
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }

    fn may_have_body(&self) -> bool {
        !matches!(
            self.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        )
    }
}

/// Writes an answer whole and ends the connection.
pub(crate) async fn write<C>(connection: &mut C, answer: &Answer, method: &Method) -> io::Result<()>
where
    C: AsyncWrite + Unpin,
{
    connection.write_all(&answer.wire(method)?).await?;
    connection.shutdown().await
}

/// Announces the whole body, writes `length` bytes of it and ends the connection.
pub(crate) async fn write_cut<C>(
    connection: &mut C,
    answer: &Answer,
    length: usize,
) -> io::Result<()>
where
    C: AsyncWrite + Unpin,
{
    let mut bytes = answer.head(answer.body.len())?;
    bytes.extend_from_slice(&answer.body[..length]);
    connection.write_all(&bytes).await?;
    connection.shutdown().await
}

/// Writes an answer in pieces, evenly over a time: byte by byte, or more at once where the time is
/// shorter than a millisecond for each.
pub(crate) async fn write_slowly<C>(
    connection: &mut C,
    answer: &Answer,
    method: &Method,
    time: Duration,
) -> io::Result<()>
where
    C: AsyncWrite + Unpin,
{
    let bytes = answer.wire(method)?;
    let most_pieces = usize::try_from(time.as_millis()).map_or(usize::MAX, |most| most.max(1));
    let piece = bytes.len().div_ceil(most_pieces);
    let pieces = u32::try_from(bytes.len().div_ceil(piece)).unwrap_or(u32::MAX);
    let pause = time / pieces;
    let mut due = Instant::now();
    for piece in bytes.chunks(piece) {
        connection.write_all(piece).await?;
        connection.flush().await?;
        due += pause;
        sleep_until(due).await;
    }
    connection.shutdown().await
}
