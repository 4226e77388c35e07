//! The addresses of the pages, and the server that answers them.

use std::io;
use std::net::Ipv4Addr;

use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use http::StatusCode;
use tokio::net::TcpListener;

use super::error::SandboxError;
use super::state::App;
use super::{Listen, assets, client, faults, frame, guard, live, module_files, provider};

/// Where the sandbox listens when nothing else is asked for.
pub const DEFAULT_PORT: u16 = 8430;
const MORE_PORTS: u16 = 20;
const LARGEST_FORM: usize = 1024 * 1024;

/// Listens, on this machine alone.
pub async fn bind(listen: Listen) -> Result<TcpListener, SandboxError> {
    match listen {
        Listen::At(address) if !address.ip().is_loopback() => {
            Err(SandboxError::NotLoopback(address))
        }
        Listen::At(address) => TcpListener::bind(address)
            .await
            .map_err(SandboxError::Address),
        Listen::AnywhereFree => {
            let mut last = io::Error::from(io::ErrorKind::AddrInUse);
            for port in DEFAULT_PORT..=DEFAULT_PORT + MORE_PORTS {
                match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                    Ok(listener) => return Ok(listener),
                    Err(error) => last = error,
                }
            }
            Err(SandboxError::Address(last))
        }
    }
}

/// Answers until it is dropped.
pub async fn serve(listener: TcpListener, app: App) {
    let served = axum::serve(listener, router(app)).await;
    if let Err(error) = served {
        tracing::error!(%error, "the sandbox's server ended");
    }
}

/// A browser that goes away stops nothing: a module's call is not cut off in its middle.
async fn to_its_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn router(app: App) -> Router {
    let provider = Router::new()
        .route(
            "/servers",
            get(provider::servers::list).post(provider::servers::add),
        )
        .route("/servers/{id}/test", post(provider::servers::test))
        .route("/servers/{id}/ask", post(provider::servers::ask))
        .route(
            "/products",
            get(provider::products::list).post(provider::products::add),
        )
        .route(
            "/products/{id}",
            get(provider::products::show).post(provider::products::save),
        )
        .route("/set-up", post(provider::set_up::set_up))
        .route("/orders", get(provider::orders::list))
        .route("/orders/{id}/accept", post(provider::orders::accept))
        .route(
            "/clients",
            get(provider::clients::list).post(provider::clients::add),
        )
        .route("/services", get(provider::services::list))
        .route("/services/{id}", get(provider::services::show))
        .route("/services/{id}/run", post(provider::services::run))
        .route("/services/{id}/press", post(provider::services::press))
        .route("/services/{id}/sign-on", post(provider::services::sign_on))
        .route("/queue", get(provider::logs::queue))
        .route("/queue/retry", post(provider::logs::retry))
        .route("/module-log", get(provider::logs::module))
        .route("/activity-log", get(provider::logs::activity))
        .route("/emails", get(provider::logs::emails))
        .route("/clock", post(provider::clock::wind));
    let client = Router::new()
        .route("/", get(client::choose))
        .route("/{client}", get(client::home))
        .route(
            "/{client}/order",
            get(client::orders::form).post(client::orders::order),
        )
        .route(
            "/{client}/invoices/{invoice}/pay",
            post(client::orders::pay),
        )
        .route("/{client}/services/{id}", get(client::services::show))
        .route(
            "/{client}/services/{id}/sign-on",
            post(client::services::sign_on),
        )
        .route(
            "/{client}/services/{id}/press",
            post(client::services::press),
        )
        .route("/{client}/services/{id}/act", post(client::services::act))
        .route(
            "/{client}/services/{id}/password",
            post(client::services::change_password),
        )
        .route(
            "/{client}/services/{id}/upgrade",
            post(client::services::upgrade),
        )
        .route(
            "/{client}/services/{id}/cancel",
            post(client::services::cancel),
        );
    Router::new()
        .route("/", get(provider::overview))
        .nest("/provider", provider)
        .nest("/client", client)
        .route("/faults", get(faults::show).post(faults::arm))
        .route("/faults/disarm", post(faults::disarm))
        .route("/live", get(live::alone))
        .route("/live/stream", get(live::stream))
        .route("/assets/{name}", get(assets::asset))
        .route(
            "/frame/{key}/modules/servers/{module}/{*file}",
            get(module_files::file).post(module_files::file),
        )
        .route("/frame/{key}/drawn.php", get(frame::drawn))
        .route("/frame/{key}/{*rest}", any(frame::not_played))
        .route(
            "/frame/{key}/clientarea.php",
            get(frame::client).post(frame::client),
        )
        .route(
            "/frame/{key}/clientsservices.php",
            get(frame::staff).post(frame::staff),
        )
        .fallback(provider::not_here)
        .layer(middleware::from_fn(to_its_end))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}
