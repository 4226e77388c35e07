//! Files of the module's folder that its pages ask for: pictures, stylesheets and scripts as they are, and
//! PHP files of its own, which WHMCS's server would run.

use std::time::Instant;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::answer::{Answer, Failure};
use super::assets::content_type;
use super::form::Form;
use super::frame;
use super::state::{App, Visitor};
use crate::emulator::{Visit, Visited};

/// `/frame/…/modules/servers/shieldpress/logo.png`, `…/ajax.php?id=1`
pub async fn file(
    State(app): State<App>,
    Path((key, module, file)): Path<(String, String, String)>,
    method: Method,
    RawQuery(query): RawQuery,
    posted: Form,
) -> Answer {
    frame::known(&app, &key)?;
    let path = format!("modules/servers/{module}/{file}");
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !path.split('/').all(is_plain) {
        return Err(Failure::Missing(path));
    }
    if !path.to_ascii_lowercase().ends_with(".php") {
        return as_it_is(&app, path).await;
    }
    let mut visit = match app.visitor() {
        Visitor::Client(client) => Visit::new(&path).by_client(client),
        Visitor::Staff => Visit::new(&path).by_staff(),
        Visitor::Nobody => Visit::new(&path),
    };
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    for (name, value) in query.beginning_with("") {
        visit = visit.query(name, value);
    }
    if method == Method::POST {
        for (name, value) in posted.beginning_with("") {
            visit = visit.form(name, value);
        }
    }
    app.feed.step(format!("The module's page opens {file}"));
    let began = Instant::now();
    let visited = app.whmcs.visit(visit).await?;
    if let Some(record) = &visited.record {
        app.feed.add_visit(record, began.elapsed());
    }
    Ok(passed_on(visited))
}

async fn as_it_is(app: &App, path: String) -> Answer {
    let content = match content_type(&path) {
        Some(kind) => tokio::fs::read(app.whmcs.installation().whmcs().join(&path))
            .await
            .map(|content| (kind, content))
            .ok(),
        None => None,
    };
    let (kind, content) = content.ok_or(Failure::Missing(path))?;
    Ok(([(header::CONTENT_TYPE, kind)], content).into_response())
}

/// What PHP answered, without the headers that are about this connection or about who may do what.
fn passed_on(visited: Visited) -> Response {
    let status = StatusCode::from_u16(visited.status).unwrap_or(StatusCode::OK);
    let mut response = (status, visited.body).into_response();
    for (name, value) in &visited.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) else {
            continue;
        };
        if [
            header::CONTENT_TYPE,
            header::LOCATION,
            header::CONTENT_DISPOSITION,
        ]
        .contains(&name)
        {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(frame::POLICY),
    );
    response
}
