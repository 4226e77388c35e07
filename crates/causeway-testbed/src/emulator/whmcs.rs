//! One conversation with the PHP half: a command goes in, its answer and the module's calls
//! come out.

use std::{ops::Deref, path::PathBuf, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    commands::Command,
    error::EmulatorError,
    fastcgi::{self, FastCgiAnswer, FastCgiError, FastCgiRequest},
    installation::Installation,
    left_behind::LeftBehind,
    missing::MissingPiece,
    php,
    record::{CallRecord, Due, HookRun, PhpWarning},
};

/// What a command brought.
#[derive(Debug, Clone)]
pub struct Answered<T> {
    /// The command's own result.
    pub result: T,
    /// The module's calls within this request, in their order.
    pub calls: Vec<CallRecord>,
    /// The module calls that are owed now.
    pub due: Vec<Due>,
    /// PHP's warnings outside the module's functions: in hooks and in included files.
    pub warnings: Vec<PhpWarning>,
    /// What hooks threw.
    pub hook_errors: Vec<Value>,
    /// The hook points that were reached, in their order.
    pub hooks: Vec<HookRun>,
    /// What WHMCS itself and hooks wrote, logged and sent outside the module's functions.
    pub left_behind: LeftBehind,
    /// Columns that WHMCS does not have, and that the module or a hook asked for in this request.
    pub missing: Vec<MissingPiece>,
}

impl<T> Deref for Answered<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.result
    }
}

#[derive(Deserialize)]
struct Wire {
    ok: bool,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Option<WireError>,
    #[serde(default)]
    calls: Vec<CallRecord>,
    #[serde(default)]
    due: Vec<Due>,
    #[serde(default)]
    warnings: Vec<PhpWarning>,
    #[serde(default)]
    hook_errors: Vec<Value>,
    #[serde(default)]
    hooks: Vec<HookRun>,
    #[serde(default)]
    left_behind: LeftBehind,
    #[serde(default)]
    missing: Vec<MissingPiece>,
}

#[derive(Deserialize)]
struct WireError {
    kind: ErrorKind,
    message: String,
    #[serde(default, rename = "where")]
    place: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ErrorKind {
    MissingInEmulator,
    Usage,
    Internal,
}

/// The PHP half, reached over FastCGI.
#[derive(Debug, Clone)]
pub(super) struct Whmcs {
    socket: PathBuf,
    folder: PathBuf,
    entry: PathBuf,
    php_error_log: PathBuf,
    limit: Duration,
}

impl Whmcs {
    pub(super) fn new(installation: &Installation, socket: PathBuf, limit: Duration) -> Self {
        Self {
            socket,
            folder: installation.folder().to_owned(),
            entry: installation.entry(),
            php_error_log: installation.php_error_log(),
            limit,
        }
    }

    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        command: &Command,
    ) -> Result<Answered<T>, EmulatorError> {
        let name = command.name();
        let broke_down = |reason: String| self.broke_down(&name, reason);
        let body = serde_json::to_vec(command).map_err(|error| broke_down(error.to_string()))?;
        let answer = fastcgi::send(&self.socket, &self.request(body), self.limit)
            .await
            .map_err(|error| match error {
                FastCgiError::Socket(_) => EmulatorError::FastCgi {
                    command: name.clone(),
                    source: error,
                },
                other => broke_down(other.to_string()),
            })?;
        let wire: Wire = serde_json::from_slice(last_line(&answer.body))
            .map_err(|error| broke_down(describe(&answer, &error)))?;
        if let Some(error) = wire
            .error
            .or_else(|| (!wire.ok).then(WireError::unexplained))
        {
            return Err(error.into_error(name, wire.calls, wire.missing));
        }
        let result = T::deserialize(wire.result.clone()).map_err(|error| {
            broke_down(format!("its result does not fit: {error}: {}", wire.result))
        })?;
        Ok(Answered {
            result,
            calls: wire.calls,
            due: wire.due,
            warnings: wire.warnings,
            hook_errors: wire.hook_errors,
            hooks: wire.hooks,
            left_behind: wire.left_behind,
            missing: wire.missing,
        })
    }

    fn broke_down(&self, command: &str, reason: String) -> EmulatorError {
        let log = php::tail(&self.php_error_log);
        if log.contains("Failed opening required") && log.contains("autoload.php") {
            return EmulatorError::PhpLibrariesMissing {
                log,
                packages: php::PACKAGES,
            };
        }
        EmulatorError::PhpFatal {
            command: command.into(),
            reason,
            log,
        }
    }

    fn request(&self, body: Vec<u8>) -> FastCgiRequest {
        let entry = self.entry.to_string_lossy();
        let folder = self.folder.to_string_lossy();
        let length = body.len().to_string();
        let params = [
            ("GATEWAY_INTERFACE", "CGI/1.1"),
            ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("SERVER_SOFTWARE", "causeway"),
            ("SERVER_NAME", "whmcs.test"),
            ("SERVER_PORT", "443"),
            ("HTTPS", "on"),
            ("HTTP_HOST", "whmcs.test"),
            ("REMOTE_ADDR", "127.0.0.1"),
            ("REQUEST_METHOD", "POST"),
            ("REQUEST_URI", "/index.php"),
            ("SCRIPT_NAME", "/index.php"),
            ("QUERY_STRING", ""),
            ("CONTENT_TYPE", "application/json"),
            ("CONTENT_LENGTH", &length),
            ("SCRIPT_FILENAME", &entry),
            ("INSTALL_DIR", &folder),
        ];
        FastCgiRequest {
            params: params
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
            body,
        }
    }
}

impl WireError {
    fn unexplained() -> Self {
        Self {
            kind: ErrorKind::Internal,
            message: "it failed and did not say why".into(),
            place: None,
        }
    }

    fn into_error(
        self,
        command: String,
        calls: Vec<CallRecord>,
        missing: Vec<MissingPiece>,
    ) -> EmulatorError {
        let place = self.place.unwrap_or_else(|| "place unknown".into());
        match self.kind {
            ErrorKind::MissingInEmulator => EmulatorError::MissingInEmulator {
                what: self.message,
                place,
                missing,
                calls,
            },
            ErrorKind::Usage => EmulatorError::Refused {
                command,
                message: self.message,
            },
            ErrorKind::Internal => EmulatorError::Internal {
                command,
                message: self.message,
                place,
            },
        }
    }
}

/// A module may have printed past every output buffer; the answer stands alone on the last line.
fn last_line(body: &[u8]) -> &[u8] {
    body.rsplit(|byte| *byte == b'\n').next().unwrap_or(body)
}

fn describe(answer: &FastCgiAnswer, error: &serde_json::Error) -> String {
    const EXCERPT: usize = 400;
    let body = String::from_utf8_lossy(&answer.body);
    let excerpt: String = body.chars().take(EXCERPT).collect();
    format!(
        "it answered status {} with something that is not the emulator's JSON ({error}): {excerpt:?} {}",
        answer.status,
        answer.stderr.trim(),
    )
}
