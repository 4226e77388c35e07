//! The module's file, opened in a browser.

use std::path::Path;
use std::time::Duration;

use crate::emulator::EmulatorError;
use crate::emulator::fastcgi::{self, FastCgiRequest};
use crate::module_test::error::ModuleTestError;
use crate::module_test::finding::Finding;
use crate::module_test::found::Notes;
use crate::module_test::stage::Stage;

const LIMIT: Duration = Duration::from_secs(20);

/// Opens the files that a browser would: the module's own and its hooks.
pub async fn alone(stage: &Stage, notes: &mut Notes) -> Result<(), ModuleTestError> {
    let module = stage.module.as_str();
    let folder = stage.emulator.installation().whmcs();
    let folder = folder.join("modules/servers").join(module);
    for name in [format!("{module}.php"), "hooks.php".to_owned()] {
        let file = folder.join(&name);
        if !file.is_file() {
            continue;
        }
        let page = open(stage, &file).await?;
        if let Some(line) = page.lines().find(|line| is_error(line)) {
            let what = format!("the page says: {}", without_folder(line, &folder));
            notes.found(Finding::MissingGuard, name, what, Vec::new());
        }
    }
    Ok(())
}

async fn open(stage: &Stage, file: &Path) -> Result<String, EmulatorError> {
    let script = file.to_string_lossy().into_owned();
    let params = [
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", "/"),
        ("SCRIPT_NAME", "/"),
        ("QUERY_STRING", ""),
        ("REMOTE_ADDR", "127.0.0.1"),
        ("SCRIPT_FILENAME", &script),
        // As on a server that shows errors.
        ("PHP_VALUE", "display_errors=1\nhtml_errors=0"),
    ];
    let request = FastCgiRequest {
        params: params
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
        body: Vec::new(),
    };
    let answer = fastcgi::send(stage.emulator.php_socket(), &request, LIMIT)
        .await
        .map_err(|source| EmulatorError::FastCgi {
            command: "a file of the module".to_owned(),
            source,
        })?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

fn is_error(line: &str) -> bool {
    ["Fatal error: ", "Parse error: "]
        .iter()
        .any(|kind| line.starts_with(kind))
}

fn without_folder(line: &str, folder: &Path) -> String {
    line.replace(&format!("{}/", folder.display()), "")
}
