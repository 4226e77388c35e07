//! A small FastCGI client: one request per connection, over a unix socket.

use std::{io, path::Path, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

const VERSION: u8 = 1;
const REQUEST_ID: u16 = 1;
const ROLE_RESPONDER: u8 = 1;
const LONGEST_CONTENT: usize = 65_528;

const BEGIN_REQUEST: u8 = 1;
const END_REQUEST: u8 = 3;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;
const STDERR: u8 = 7;

/// What a FastCGI server is asked: CGI variables and a body.
#[derive(Debug, Clone, Default)]
pub struct FastCgiRequest {
    /// CGI variables, such as `SCRIPT_FILENAME`.
    pub params: Vec<(String, String)>,
    /// What the script reads from its standard input.
    pub body: Vec<u8>,
}

/// What a FastCGI server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FastCgiAnswer {
    /// The HTTP status: the `Status` header, or 200.
    pub status: u16,
    /// The other headers, in the order in which they were sent.
    pub headers: Vec<(String, String)>,
    /// The body behind the headers.
    pub body: Vec<u8>,
    /// What the script wrote to its standard error.
    pub stderr: String,
}

/// Why a FastCGI exchange failed.
#[derive(Debug, thiserror::Error)]
pub enum FastCgiError {
    /// The socket could not be reached or broke.
    #[error("the FastCGI socket failed: {0}")]
    Socket(#[from] io::Error),
    /// The connection closed before the end of the request was announced: the worker died.
    #[error("the FastCGI worker closed the connection in the middle of its answer")]
    CutShort,
    /// The server speaks something else.
    #[error("not a FastCGI answer: {0}")]
    Malformed(String),
    /// No full answer within the time allowed.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// Sends one request and reads the whole answer.
///
/// # Errors
/// When the socket fails, the worker dies, the answer is not FastCGI, or `limit` runs out.
pub async fn send(
    socket: &Path,
    request: &FastCgiRequest,
    limit: Duration,
) -> Result<FastCgiAnswer, FastCgiError> {
    tokio::time::timeout(limit, exchange(socket, request))
        .await
        .map_err(|_| FastCgiError::TimedOut(limit))?
}

async fn exchange(socket: &Path, request: &FastCgiRequest) -> Result<FastCgiAnswer, FastCgiError> {
    let (mut reader, mut writer) = UnixStream::connect(socket).await?.into_split();
    let bytes = encode(request);
    // A script may answer without reading its whole input, so both directions run at once and
    // the answer decides.
    let write = async {
        let outcome = writer.write_all(&bytes).await;
        (outcome, writer)
    };
    let ((written, _writer), output) = tokio::join!(write, read_records(&mut reader));
    match (output, written) {
        (Ok(output), _) => parse_output(output),
        (Err(FastCgiError::CutShort), Err(broken)) => Err(broken.into()),
        (Err(error), _) => Err(error),
    }
}

fn encode(request: &FastCgiRequest) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(request.body.len() + 4096);
    let keep_connection = 0;
    record(
        &mut bytes,
        BEGIN_REQUEST,
        &[0, ROLE_RESPONDER, keep_connection, 0, 0, 0, 0, 0],
    );
    stream(&mut bytes, PARAMS, &encode_params(&request.params));
    stream(&mut bytes, STDIN, &request.body);
    bytes
}

fn encode_params(params: &[(String, String)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, value) in params {
        length(&mut bytes, name.len());
        length(&mut bytes, value.len());
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes
}

/// One byte below 128, else four bytes with the highest bit set (FastCGI 1.0, section 3.4).
fn length(bytes: &mut Vec<u8>, length: usize) {
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let long = u32::try_from(length).unwrap_or(u32::MAX) | 0x8000_0000;
            bytes.extend_from_slice(&long.to_be_bytes());
        }
    }
}

/// A stream is its content in records, then one empty record.
fn stream(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    for piece in content.chunks(LONGEST_CONTENT) {
        record(bytes, kind, piece);
    }
    record(bytes, kind, &[]);
}

fn record(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    bytes.extend_from_slice(&[VERSION, kind]);
    bytes.extend_from_slice(&REQUEST_ID.to_be_bytes());
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(content);
}

struct Output {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

async fn read_records(reader: &mut (impl AsyncReadExt + Unpin)) -> Result<Output, FastCgiError> {
    let mut output = Output {
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    loop {
        let mut header = [0_u8; 8];
        reader.read_exact(&mut header).await.map_err(cut_short)?;
        let [version, kind, _, _, high, low, padding, _] = header;
        if version != VERSION {
            return Err(FastCgiError::Malformed(format!("record version {version}")));
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let mut content = vec![0; length + usize::from(padding)];
        reader.read_exact(&mut content).await.map_err(cut_short)?;
        content.truncate(length);
        match kind {
            STDOUT => output.stdout.extend_from_slice(&content),
            STDERR => output.stderr.extend_from_slice(&content),
            END_REQUEST => return Ok(output),
            other => return Err(FastCgiError::Malformed(format!("record type {other}"))),
        }
    }
}

fn cut_short(error: io::Error) -> FastCgiError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => FastCgiError::CutShort,
        _ => FastCgiError::Socket(error),
    }
}

fn parse_output(output: Output) -> Result<FastCgiAnswer, FastCgiError> {
    let (head, body) = split_head(&output.stdout).ok_or_else(|| {
        FastCgiError::Malformed("no empty line between the headers and the body".into())
    })?;
    let mut status = 200;
    let mut headers = Vec::new();
    for line in String::from_utf8_lossy(head)
        .lines()
        .filter(|line| !line.is_empty())
    {
        let Some((name, value)) = line.split_once(':') else {
            return Err(FastCgiError::Malformed(format!("header line {line:?}")));
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let digits = value.split(' ').next().unwrap_or_default();
            status = digits
                .parse()
                .map_err(|_| FastCgiError::Malformed(format!("status {value:?}")))?;
        } else {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(FastCgiAnswer {
        status,
        headers,
        body: body.to_vec(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn split_head(stdout: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = b"\r\n\r\n";
    let at = stdout.windows(end.len()).position(|window| window == end)?;
    Some((&stdout[..at], &stdout[at + end.len()..]))
}
