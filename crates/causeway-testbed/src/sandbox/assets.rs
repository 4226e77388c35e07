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
    let kind = match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => return StatusCode::NOT_FOUND.into_response(),
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
