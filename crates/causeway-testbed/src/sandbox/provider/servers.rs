//! Servers, and the button that tests them.

use axum::extract::{Path, Query as QueryOf, State};
use minijinja::context;
use serde_json::Value;

use crate::emulator::{Command, Server, ServerId};
use crate::sandbox::answer::{Answer, Failure, Query, Told, lead_to, page, provider};
use crate::sandbox::behind::ServerForm;
use crate::sandbox::form::Form;
use crate::sandbox::rows;
use crate::sandbox::state::App;
use crate::sandbox::templates::of;

const HERE: &str = "/provider/servers";

/// `GET /provider/servers`
pub async fn list(State(app): State<App>, QueryOf(query): QueryOf<Query>) -> Answer {
    let default_port = |secure: bool| {
        app.module.meta(if secure {
            "DefaultSSLPort"
        } else {
            "DefaultNonSSLPort"
        })
    };
    let values = context! {
        servers => rows::servers(&app.whmcs.database()).await?,
        can_test => app.module.has("TestConnection"),
        tools => tools(&app),
        requires_server => app.module.requires_server(),
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
    let mut server = Server::new(&app.module.name)
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

/// What WHMCS asks a module of a whole server: function, and what its button says.
const TOOLS: [(&str, &str); 3] = [
    ("ListAccounts", "List accounts"),
    ("UsageUpdate", "Update usage"),
    ("MetricProvider", "Read metrics"),
];

fn tools(app: &App) -> Vec<(&'static str, &'static str)> {
    let tools = TOOLS.into_iter();
    tools
        .filter(|(function, _)| app.module.has(function))
        .collect()
}

/// `POST /provider/servers/1/ask`: one of the tools.
pub async fn ask(State(app): State<App>, Path(id): Path<i64>, form: Form) -> Answer {
    let server_id = ServerId(id);
    let function = form.needed("function", "The tool")?;
    let command = match function {
        "ListAccounts" => Command::ListAccounts { server_id },
        "UsageUpdate" => Command::UsageUpdate { server_id },
        "MetricProvider" => Command::Metrics { server_id },
        other => return Err(Failure::Form(format!("WHMCS has no tool {other:?}."))),
    };
    app.feed.step(format!("{function} is asked of server {id}"));
    let answer = app.whmcs.ask::<Value>(command).await?.result;
    let told = match (answer["success"].as_bool(), answer["error"].as_str()) {
        (Some(false), error) => Told::bad(format!("{function}: {}", error.unwrap_or_default())),
        _ => Told::good(format!("{function} gave:\n{answer:#}")),
    };
    Ok(lead_to(&app, HERE, told))
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
