//! Reading one request from a connection.

use std::io;

use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use httparse::Status;
use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const MOST_HEADERS: usize = 100;
const LONGEST_HEAD: usize = 64 * 1024;
pub(crate) const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Why no request came.
#[derive(Debug)]
pub(crate) enum NoRequest {
    /// The connection ended.
    CallerGaveUp,
    /// What came is no request, or more than is read.
    Unreadable(StatusCode),
}

impl From<io::Error> for NoRequest {
    fn from(_: io::Error) -> Self {
        Self::CallerGaveUp
    }
}

pub(crate) const BAD_REQUEST: NoRequest = NoRequest::Unreadable(StatusCode::BAD_REQUEST);
const TOO_LARGE: NoRequest = NoRequest::Unreadable(StatusCode::PAYLOAD_TOO_LARGE);

/// Reads a request to its end.
pub(crate) async fn read<C>(connection: &mut C) -> Result<(Parts, Bytes), NoRequest>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let mut buffer = Vec::with_capacity(4096);
    let (head, length) = loop {
        if let Some(read) = parse_head(&buffer)? {
            break read;
        }
        if buffer.len() > LONGEST_HEAD {
            return Err(NoRequest::Unreadable(
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            ));
        }
        receive(connection, &mut buffer).await?;
    };
    let begun = buffer.split_off(length);
    if head.headers.contains_key(header::EXPECT) {
        connection
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")
            .await?;
        connection.flush().await?;
    }
    let body = if is_chunked(&head.headers)? {
        read_chunks(connection, begun).await?
    } else {
        read_length(connection, begun, content_length(&head.headers)?).await?
    };
    Ok((head, body.into()))
}

/// The head and its length, once it has come whole.
fn parse_head(bytes: &[u8]) -> Result<Option<(Parts, usize)>, NoRequest> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Ok(None),
        Err(_) => return Err(BAD_REQUEST),
    };
    let mut request = http::Request::builder()
        .method(parsed.method.unwrap_or_default())
        .uri(parsed.path.unwrap_or_default());
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| BAD_REQUEST)?;
        let value = HeaderValue::from_bytes(header.value).map_err(|_| BAD_REQUEST)?;
        request = request.header(name, value);
    }
    let (head, ()) = request.body(()).map_err(|_| BAD_REQUEST)?.into_parts();
    Ok(Some((head, length)))
}

fn is_chunked(headers: &HeaderMap) -> Result<bool, NoRequest> {
    match headers.get(header::TRANSFER_ENCODING) {
        None => Ok(false),
        Some(coding) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(true),
        Some(_) => Err(NoRequest::Unreadable(StatusCode::NOT_IMPLEMENTED)),
    }
}

fn content_length(headers: &HeaderMap) -> Result<usize, NoRequest> {
    let Some(length) = headers.get(header::CONTENT_LENGTH) else {
        return Ok(0);
    };
    let length = length.to_str().ok().and_then(|text| text.parse().ok());
    match length {
        None => Err(BAD_REQUEST),
        Some(length) if length > LARGEST_BODY => Err(TOO_LARGE),
        Some(length) => Ok(length),
    }
}

async fn read_length<C>(
    connection: &mut C,
    mut body: Vec<u8>,
    length: usize,
) -> Result<Vec<u8>, NoRequest>
where
    C: AsyncRead + Unpin,
{
    while body.len() < length {
        receive(connection, &mut body).await?;
    }
    body.truncate(length);
    Ok(body)
}

async fn read_chunks<C>(connection: &mut C, mut bytes: Vec<u8>) -> Result<Vec<u8>, NoRequest>
where
    C: AsyncRead + Unpin,
{
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let (line, length) = loop {
            match httparse::parse_chunk_size(&bytes[at..]).map_err(|_| BAD_REQUEST)? {
                Status::Complete(read) => break read,
                Status::Partial => receive(connection, &mut bytes).await?,
            }
        };
        let begin = at + line;
        let length = usize::try_from(length).map_err(|_| TOO_LARGE)?;
        if length > LARGEST_BODY - body.len() {
            return Err(TOO_LARGE);
        }
        if length == 0 {
            return skip_trailer(connection, bytes, begin).await.map(|()| body);
        }
        let end = begin + length;
        while bytes.len() < end + 2 {
            receive(connection, &mut bytes).await?;
        }
        if &bytes[end..end + 2] != b"\r\n" {
            return Err(BAD_REQUEST);
        }
        body.extend_from_slice(&bytes[begin..end]);
        at = end + 2;
    }
}

/// Reads the lines behind the last chunk, up to the empty one; they are not passed on.
async fn skip_trailer<C>(
    connection: &mut C,
    mut bytes: Vec<u8>,
    begin: usize,
) -> Result<(), NoRequest>
where
    C: AsyncRead + Unpin,
{
    loop {
        let trailer = &bytes[begin..];
        if trailer.starts_with(b"\r\n") || trailer.windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(());
        }
        if trailer.len() > LONGEST_HEAD {
            return Err(BAD_REQUEST);
        }
        receive(connection, &mut bytes).await?;
    }
}

async fn receive<C>(connection: &mut C, bytes: &mut Vec<u8>) -> Result<(), NoRequest>
where
    C: AsyncRead + Unpin,
{
    match connection.read_buf(bytes).await? {
        0 => Err(NoRequest::CallerGaveUp),
        _ => Ok(()),
    }
}
