//! The vendor's port.

use std::future::{Future, IntoFuture as _};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use http::StatusCode;
use tokio::net::{TcpListener, TcpStream};

use super::vendor::Vendor;

const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Takes a free port; what comes back serves it.
pub(super) async fn open(
    vendor: Arc<Vendor>,
) -> io::Result<(SocketAddr, impl Future<Output = ()> + Send + 'static)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let app = Router::new().fallback(receive).with_state(vendor);
    let serving = axum::serve(listener.tap_io(without_delay), app).into_future();
    let serving = async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the scripted vendor has stopped");
        }
    };
    Ok((address, serving))
}

async fn receive(State(vendor): State<Arc<Vendor>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => vendor.answer(&head, &body).into_response(),
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    }
}

fn without_delay(connection: &mut TcpStream) {
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "the scripted vendor answers with delay");
    }
}
