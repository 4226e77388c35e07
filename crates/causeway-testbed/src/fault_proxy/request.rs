//! Reading one request from a connection, and knowing a caller that followed the proxy's redirect.

use http::Uri;
use http::request::Parts;
use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::sockets::request::{self, BAD_REQUEST, NoRequest};

/// The query parameter that shows a redirect was followed.
pub(crate) const REDIRECTED: &str = "redirected-by=fault-proxy";

/// A whole request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
    /// It carried the mark of the proxy's own redirect, which has been taken off.
    pub(crate) followed_redirect: bool,
}

impl Request {
    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
    }
}

/// Reads a request to its end.
pub(crate) async fn read<C>(connection: &mut C) -> Result<Request, NoRequest>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let (mut head, body) = request::read(connection).await?;
    let followed_redirect = take_mark_off(&mut head.uri)?;
    Ok(Request {
        head,
        body,
        followed_redirect,
    })
}

/// Whether the address carried the mark of the proxy's redirect.
fn take_mark_off(uri: &mut Uri) -> Result<bool, NoRequest> {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let Some(unmarked) = target
        .strip_suffix(REDIRECTED)
        .map(|target| &target[..target.len().saturating_sub(1)])
    else {
        return Ok(false);
    };
    *uri = unmarked.parse().map_err(|_| BAD_REQUEST)?;
    Ok(true)
}
