//! Servers, and the button that tests them.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;

use crate::emulator::{Server, ServerId};
use crate::sandbox::answer::{Answer, Query, Told, lead_to, page, provider};
use crate::sandbox::behind::ServerForm;
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::App;
use crate::sandbox::templates::of;

const HERE: &str = "/provider/servers";

/// `GET /provider/servers`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let default_port = |secure: bool| {
        app.meta(if secure {
            "DefaultSSLPort"
        } else {
            "DefaultNonSSLPort"
        })
    };
    let values = context! {
        servers => rows::servers(&app.whmcs.database()).await?,
        can_test => app.has("TestConnection"),
        requires_server => app.requires_server(),
        form => of(app.behind.server_form()),
        default_port => default_port(false),
        default_ssl_port => default_port(true),
    };
    page(
        &app,
        "servers.html",
        provider("servers", "Servers"),
        &query,
        values,
    )
    .await
}

/// `POST /provider/servers`
pub async fn add(State(app): State<App>, form: Form) -> Answer {
    let filled = ServerForm {
        name: form.needed("name", "The name")?.to_owned(),
        hostname: form.get("hostname").to_owned(),
        ip_address: form.get("ip_address").to_owned(),
        username: form.get("username").to_owned(),
        password: form.get("password").to_owned(),
        access_hash: form.get("access_hash").to_owned(),
        secure: form.is_ticked("secure"),
        port: match form.get("port") {
            "" => None,
            _ => Some(form.number("port", "The port")?),
        },
    };
    app.feed
        .step(format!("Staff add the server “{}”", filled.name));
    let name = filled.name.clone();
    app.whmcs.add_server(server(&app, filled)).await?;
    let told = Told::good(format!("The server “{name}” is added."));
    Ok(lead_to(&app, HERE, told))
}

/// The server that a filled form describes.
pub fn server(app: &App, filled: ServerForm) -> Server {
    let mut server = Server::new(&app.module)
        .name(filled.name)
        .hostname(filled.hostname)
        .ip_address(filled.ip_address)
        .username(filled.username)
        .password(filled.password)
        .access_hash(filled.access_hash);
    if filled.secure {
        server = server.secure();
    }
    match filled.port {
        Some(port) => server.port(port),
        None => server,
    }
}

/// `POST /provider/servers/1/test`
pub async fn test(State(app): State<App>, Path(id): Path<i64>) -> Answer {
    app.feed
        .step(format!("Staff test the connection of server {id}"));
    let tested = app.whmcs.test_connection(ServerId(id)).await?;
    let told = match (tested.success, &tested.error) {
        (true, _) => Told::good("Connection successful."),
        (false, Some(error)) if !error.is_empty() => {
            Told::bad(format!("Connection failed: {error}"))
        }
        (false, _) => Told::bad("Connection failed, and the module does not say why."),
    };
    Ok(lead_to(&app, HERE, told))
}
