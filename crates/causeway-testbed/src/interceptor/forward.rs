//! One request on its way to the upstream, and what comes back, byte by byte.

use std::io::{self, Write as _};

use http::header;
use http::request::Parts;
use hyper::body::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::sockets::connection::{Connection, reset};

use super::asked_hosts::Target;

/// A whole request.
pub(super) struct Message {
    pub head: Parts,
    pub body: Bytes,
}

/// How an exchange ends.
enum End {
    /// The upstream closed its connection.
    Closed,
    Reset,
    CallerGaveUp,
}

/// Sends the request to the upstream, and passes on what comes, to its end.
pub(super) async fn pass(
    mut caller: impl Connection,
    upstream: &str,
    target: &Target,
    message: &Message,
) {
    let end = match send(upstream, target, message).await {
        Ok(mut upstream) => pass_back(&mut caller, &mut upstream).await,
        Err(_) => End::Reset,
    };
    match end {
        // A caller that has gone needs no goodbye.
        End::Closed => drop(caller.shutdown().await),
        End::Reset => reset(caller),
        End::CallerGaveUp => {}
    }
}

async fn send(upstream: &str, target: &Target, message: &Message) -> io::Result<TcpStream> {
    let mut connection = TcpStream::connect(upstream).await?;
    connection.set_nodelay(true)?;
    connection.write_all(&message.wire(target)?).await?;
    Ok(connection)
}

async fn pass_back(caller: &mut impl Connection, upstream: &mut TcpStream) -> End {
    let mut answer = vec![0; 16 * 1024];
    let mut unread = [0; 1024];
    loop {
        tokio::select! {
            read = upstream.read(&mut answer) => match read {
                Ok(0) => return End::Closed,
                Ok(length) => {
                    let passed = caller.write_all(&answer[..length]).await;
                    if passed.is_err() || caller.flush().await.is_err() {
                        return End::CallerGaveUp;
                    }
                }
                Err(_) => return End::Reset,
            },
            // More than one request on a connection is not read: the first one's answer ends it.
            read = caller.read(&mut unread) => match read {
                Ok(0) | Err(_) => return End::CallerGaveUp,
                Ok(_) => {}
            },
        }
    }
}

impl Message {
    /// As it stands on the wire to the upstream.
    fn wire(&self, target: &Target) -> io::Result<Vec<u8>> {
        let Parts {
            method,
            uri,
            headers,
            ..
        } = &self.head;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut bytes = Vec::with_capacity(1024 + self.body.len());
        write!(bytes, "{method} {path} HTTP/1.1\r\n")?;
        if !headers.contains_key(header::HOST) {
            write!(bytes, "host: {}\r\n", target.host)?;
        }
        for (name, value) in headers {
            let is_of_this_connection = matches!(
                name.as_str(),
                "connection"
                    | "proxy-connection"
                    | "proxy-authorization"
                    | "keep-alive"
                    | "expect"
                    | "transfer-encoding"
                    | "content-length"
            );
            if !is_of_this_connection {
                write!(bytes, "{name}: ")?;
                bytes.extend_from_slice(value.as_bytes());
                bytes.extend_from_slice(b"\r\n");
            }
        }
        let had_body = headers.contains_key(header::CONTENT_LENGTH)
            || headers.contains_key(header::TRANSFER_ENCODING);
        if had_body {
            write!(bytes, "content-length: {}\r\n", self.body.len())?;
        }
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }
}
