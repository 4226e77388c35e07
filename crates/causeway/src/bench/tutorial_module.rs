//! A hand-written PHP module of the usual tutorial kind, under php-fpm with OPcache: what WHMCS
//! itself runs under. It opens a connection for each call to the vendor, as curl in a callback does.
//! WHMCS's own work (its request, its database) is left out.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use causeway_testbed::emulator::fastcgi::{self, FastCgiRequest};
use causeway_testbed::emulator::{PhpFpm, PhpSettings};
use miette::{IntoDiagnostic as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::Process;

const MODULE: &str = include_str!("tutorial_module/shieldpress.php");
const CALL: &str = include_str!("tutorial_module/call.php");

/// The module in a running PHP. Clones share it.
#[derive(Clone)]
pub struct TutorialModule {
    script: PathBuf,
    api: String,
    credential: String,
    php: Arc<PhpFpm>,
    _folder: Arc<TempDir>,
}

impl TutorialModule {
    /// Starts a PHP with so many workers: so many calls at once, the others wait.
    pub async fn start(api: String, credential: String, workers: u32) -> Result<Self> {
        let folder = TempDir::new().into_diagnostic()?;
        let script = folder.path().join("call.php");
        fs::write(&script, CALL).into_diagnostic()?;
        fs::write(folder.path().join("shieldpress.php"), MODULE).into_diagnostic()?;
        let settings = PhpSettings {
            workers,
            ..PhpSettings::default()
        };
        let php = PhpFpm::start(folder.path(), &settings)
            .await
            .into_diagnostic()?;
        Ok(Self {
            script,
            api,
            credential,
            php: Arc::new(php),
            _folder: Arc::new(folder),
        })
    }

    /// Calls one of the module's functions; what it would have saved with WHMCS.
    pub async fn call(&self, function: &str, mut params: Value) -> Result<Value> {
        const LIMIT: Duration = Duration::from_secs(120);
        params["serverhostname"] = self.api.as_str().into();
        params["serverpassword"] = self.credential.as_str().into();
        let body = json!({"function": function, "params": params}).to_string();
        let variable = |name: &str, value: String| (name.to_owned(), value);
        let request = FastCgiRequest {
            params: vec![
                variable("SCRIPT_FILENAME", self.script.display().to_string()),
                variable("REQUEST_METHOD", "POST".to_owned()),
                variable("CONTENT_TYPE", "application/json".to_owned()),
                variable("CONTENT_LENGTH", body.len().to_string()),
            ],
            body: body.into_bytes(),
        };
        let answer = fastcgi::send(self.php.socket(), &request, LIMIT)
            .await
            .into_diagnostic()?;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        match serde_json::from_str::<Value>(&said) {
            Ok(mut said) if said["result"] == "success" => Ok(said["customfields"].take()),
            _ => bail!("the module failed: {said} {}", answer.stderr),
        }
    }

    /// PHP's processes.
    pub fn processes(&self) -> Vec<Process> {
        let master = Process::of(self.php.process_id());
        let mut processes = master.children();
        processes.push(master);
        processes
    }
}
