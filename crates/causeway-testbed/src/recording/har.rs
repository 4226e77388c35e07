//! Recordings of others: HAR, the format in which browsers and proxies save what they have seen
//! (version 1.2, <https://w3c.github.io/web-performance/specs/HAR/Overview.html>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header;
use hyper::body::Bytes;
use serde::Deserialize;
use url::form_urlencoded;

use super::Recording;
use super::exchange::Exchange;

/// Why a HAR file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// It is no JSON, or none of this kind.
    #[error("this is no HAR file: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It has no exchange with an API in it.
    #[error(
        "there is no exchange with an API in this HAR file: pages, scripts and pictures do not count, \
         nor do requests without an answer"
    )]
    Empty,
}

#[derive(Deserialize)]
struct File {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(rename = "postData")]
    body: Option<Posted>,
}

#[derive(Deserialize)]
struct Posted {
    #[serde(rename = "mimeType", default)]
    media_type: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    params: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Deserialize, Default)]
struct Content {
    #[serde(rename = "mimeType", default)]
    media_type: String,
    #[serde(default)]
    text: String,
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

impl Recording {
    /// Reads a HAR file. Pages, scripts, pictures and what they need are left out, and so are entries
    /// without an answer.
    ///
    /// # Errors
    /// No HAR file, or one without an exchange with an API.
    pub fn of_har(text: &str) -> Result<Self, HarError> {
        // Some programs begin their files with a mark of their encoding.
        let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        let exchanges: Vec<Exchange> = file
            .log
            .entries
            .into_iter()
            .filter(Entry::is_of_api)
            .filter_map(Entry::exchange)
            .collect();
        let Some(first) = exchanges.first() else {
            return Err(HarError::Empty);
        };
        Ok(Self {
            title: first.request.uri().host().unwrap_or_default().to_owned(),
            prefix: String::new(),
            exchanges,
        })
    }
}

impl Entry {
    fn is_of_api(&self) -> bool {
        const OF_PAGES: [&str; 8] = [
            "text/html",
            "text/css",
            "javascript",
            "image/",
            "font",
            "audio/",
            "video/",
            "application/wasm",
        ];
        let media_type = self.response.content.media_type.to_ascii_lowercase();
        let is_of_page = OF_PAGES.iter().any(|kind| media_type.contains(kind));
        // 0 is written for requests that were blocked or broken off.
        self.response.status != 0 && !is_of_page
    }

    fn exchange(self) -> Option<Exchange> {
        let mut request = http::Request::builder()
            .method(self.request.method.as_str())
            .uri(self.request.url.as_str());
        for Pair { name, value } in &self.request.headers {
            // Those of HTTP/2 begin with a colon, and stand in the address.
            if !name.starts_with(':') {
                request = request.header(name, value);
            }
        }
        let body = self.request.body.map(Posted::body).unwrap_or_default();
        let mut request = request.body(Bytes::from(body.text)).ok()?;
        if !request.headers().contains_key(header::CONTENT_TYPE)
            && let Ok(media_type) = body.media_type.parse()
        {
            request
                .headers_mut()
                .insert(header::CONTENT_TYPE, media_type);
        }
        let mut answer = http::Response::builder().status(self.response.status);
        for Pair { name, value } in &self.response.headers {
            if !name.starts_with(':') {
                answer = answer.header(name, value);
            }
        }
        let answer = answer
            .body(Bytes::from(self.response.content.bytes()?))
            .ok()?;
        Some(Exchange { request, answer })
    }
}

struct PostedBody {
    media_type: String,
    text: String,
}

impl Default for PostedBody {
    fn default() -> Self {
        Self {
            media_type: "application/octet-stream".to_owned(),
            text: String::new(),
        }
    }
}

impl Posted {
    /// As it was sent: a text, or parameters of a form.
    fn body(self) -> PostedBody {
        if self.params.is_empty() || !self.text.is_empty() {
            return PostedBody {
                media_type: self.media_type,
                text: self.text,
            };
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        for Parameter { name, value } in &self.params {
            form.append_pair(name, value);
        }
        PostedBody {
            media_type: "application/x-www-form-urlencoded".to_owned(),
            text: form.finish(),
        }
    }
}

impl Content {
    fn bytes(self) -> Option<Vec<u8>> {
        match self.encoding.as_deref() {
            Some("base64") => STANDARD.decode(self.text).ok(),
            _ => Some(self.text.into_bytes()),
        }
    }
}
