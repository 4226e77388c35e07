//! A file of WHMCS's folder that a browser opens: a page that a module brings, or the API over HTTP.

use std::path::{Component, Path};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    error::EmulatorError,
    fastcgi::{self, FastCgiRequest},
    ids::ClientId,
    left_behind::LeftBehind,
    missing::MissingPiece,
    record::{CallRecord, HookRun, PhpWarning, Thrown},
    scenario::Emulator,
};

/// Identifier and secret that `includes/api.php` takes.
pub const API_CREDENTIALS: (&str, &str) = ("emulator-api-identifier", "emulator-api-secret");

/// What a browser asks for.
#[derive(Debug, Clone)]
pub struct Visit {
    path: String,
    visitor: String,
    query: Vec<(String, String)>,
    form: Option<Vec<(String, String)>>,
}

impl Visit {
    /// A GET of a file by its path in WHMCS's folder: `modules/servers/tinyhost/client.php`. Nobody
    /// is logged in.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            visitor: String::new(),
            query: Vec::new(),
            form: None,
        }
    }

    /// A client is logged in.
    #[must_use]
    pub fn by_client(mut self, client: ClientId) -> Self {
        self.visitor = format!("client {}", client.0);
        self
    }

    /// Staff are logged in.
    #[must_use]
    pub fn by_staff(mut self) -> Self {
        self.visitor = "admin 1".into();
        self
    }

    /// A parameter of the address.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// A field of a form; makes it a POST.
    #[must_use]
    pub fn form(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let form = self.form.get_or_insert_default();
        form.push((name.into(), value.into()));
        self
    }
}

/// What the browser got, and what happened.
#[derive(Debug, Clone)]
pub struct Visited {
    /// The HTTP status.
    pub status: u16,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// What happened; none when the file did not load WHMCS, or died before.
    pub record: Option<VisitRecord>,
}

/// What happened in a file that loads WHMCS.
#[derive(Debug, Clone, Deserialize)]
pub struct VisitRecord {
    /// Calls of a module's functions.
    pub calls: Vec<CallRecord>,
    /// The hook points that were reached.
    pub hooks: Vec<HookRun>,
    /// PHP's warnings, outside of the calls.
    pub warnings: Vec<PhpWarning>,
    /// What was asked of WHMCS and is not there, a lack of the emulator's too.
    pub missing: Vec<MissingPiece>,
    /// What it wrote, logged and sent, outside of the calls.
    pub left_behind: LeftBehind,
    /// What nobody caught.
    pub threw: Vec<Thrown>,
}

impl Emulator {
    /// Opens a file of WHMCS's folder, as a browser does.
    ///
    /// # Errors
    /// When there is no such file, or PHP breaks down.
    pub async fn visit(&self, visit: Visit) -> Result<Visited, EmulatorError> {
        let path = Path::new(&visit.path);
        let is_plain = path
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let file = self.installation().whmcs().join(path);
        if !is_plain || !file.is_file() {
            return Err(EmulatorError::NoSuchFile { path: visit.path });
        }
        let record = tempfile::NamedTempFile::new()
            .map_err(EmulatorError::file("make a file in", std::env::temp_dir()))?;
        let name = record.path().to_string_lossy().into_owned();
        let request = self.visit_request(&visit, &file.to_string_lossy(), &name);
        let answer = fastcgi::send(self.php_socket(), &request, self.request_limit())
            .await
            .map_err(|source| EmulatorError::FastCgi {
                command: visit.path,
                source,
            })?;
        let recorded =
            std::fs::read(record.path()).map_err(EmulatorError::file("read", record.path()))?;
        Ok(Visited {
            status: answer.status,
            headers: answer.headers,
            body: String::from_utf8_lossy(&answer.body).into_owned(),
            record: serde_json::from_slice(&recorded).ok(),
        })
    }

    fn visit_request(&self, visit: &Visit, file: &str, record: &str) -> FastCgiRequest {
        let query = encoded(&visit.query);
        let body = visit.form.as_deref().map(encoded).unwrap_or_default();
        let method = if visit.form.is_some() { "POST" } else { "GET" };
        let script = format!("/{}", visit.path);
        let address = match query.as_str() {
            "" => script.clone(),
            query => format!("{script}?{query}"),
        };
        let length = body.len().to_string();
        let folder = self.installation().folder().to_string_lossy().into_owned();
        let params = [
            ("GATEWAY_INTERFACE", "CGI/1.1"),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("SERVER_SOFTWARE", "causeway"),
            ("SERVER_NAME", "whmcs.test"),
            ("SERVER_PORT", "443"),
            ("HTTPS", "on"),
            ("HTTP_HOST", "whmcs.test"),
            ("HTTP_ORIGIN", "https://whmcs.test"),
            ("HTTP_REFERER", "https://whmcs.test/clientarea.php"),
            ("REMOTE_ADDR", "127.0.0.1"),
            ("REQUEST_METHOD", method),
            ("REQUEST_URI", &address),
            ("SCRIPT_NAME", &script),
            ("QUERY_STRING", &query),
            ("CONTENT_TYPE", "application/x-www-form-urlencoded"),
            ("CONTENT_LENGTH", &length),
            ("SCRIPT_FILENAME", file),
            ("INSTALL_DIR", &folder),
            ("EMULATOR_VISITOR", &visit.visitor),
            ("EMULATOR_RECORD", record),
        ];
        FastCgiRequest {
            params: params
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            body: body.into_bytes(),
        }
    }
}

fn encoded(pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    pairs.join("&")
}
