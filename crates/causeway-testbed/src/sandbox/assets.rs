//! The stylesheets and scripts, in the program itself.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/sandbox/assets/"]
struct Assets;

/// `/assets/style.css`
pub async fn asset(Path(name): Path<String>) -> Response {
    let Some(kind) = content_type(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match Assets::get(&name) {
        Some(asset) => ([(header::CONTENT_TYPE, kind)], asset.data.into_owned()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A text that stands inside a page of its own, such as what the module draws.
pub fn text(name: &str) -> String {
    Assets::get(name)
        .map(|asset| String::from_utf8_lossy(&asset.data).into_owned())
        .unwrap_or_default()
}

/// What a file is, by the end of its name; none for what no page is made of.
pub fn content_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        _ => return None,
    })
}
