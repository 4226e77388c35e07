//! A gateway as a process of its own, which can be killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::error::MatrixError;

/// The `causeway` program, in the folder of one lane.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program's file.
    pub file: PathBuf,
    /// Another file for gateways.
    pub gateway: Option<PathBuf>,
    /// Where it runs, and keeps its key file.
    pub folder: PathBuf,
    /// The journal: a file, or the address of a database.
    pub journal: String,
}

impl Program {
    fn command(&self, file: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(file);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("CAUSEWAY_DATA", self.folder.join("data"))
            .env("NO_COLOR", "1")
            .kill_on_drop(true);
        command
    }

    fn journal_arguments(&self) -> [String; 4] {
        [
            "--journal".to_owned(),
            self.journal.clone(),
            "--key-file".to_owned(),
            self.folder.join("causeway.key").display().to_string(),
        ]
    }

    /// Runs a command that works on the journal; what it printed.
    ///
    /// # Errors
    /// It could not be run, or failed; its words are part of the error.
    pub async fn run_on_journal(
        &self,
        arguments: &[&str],
        input: &str,
    ) -> Result<String, MatrixError> {
        let journal = self.journal_arguments();
        let mut all = arguments.to_vec();
        all.extend(journal.iter().map(String::as_str));
        self.run(&all, input).await
    }

    /// Runs a command that ends by itself; what it printed.
    ///
    /// # Errors
    /// It could not be run, or failed; its words are part of the error.
    pub async fn run(&self, arguments: &[&str], input: &str) -> Result<String, MatrixError> {
        let mut child = self
            .command(&self.file, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.cannot_run(&error))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that reads nothing closes its input.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = child
            .wait_with_output()
            .await
            .map_err(|error| self.cannot_run(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(MatrixError::Command {
            command: arguments.join(" "),
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Starts a gateway on a free port and waits until it listens.
    ///
    /// # Errors
    /// It could not be run, or ended before it listened.
    pub async fn serve(&self, more: &[String]) -> Result<GatewayProcess, MatrixError> {
        let journal = self.journal_arguments();
        let mut arguments = vec!["serve", "definition.toml", "--listen", "127.0.0.1:0"];
        arguments.extend(journal.iter().map(String::as_str));
        arguments.extend(more.iter().map(String::as_str));
        let log = self.log();
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .map_err(|source| MatrixError::File { file: log, source })?;
        let mut child = self
            .command(self.gateway.as_ref().unwrap_or(&self.file), &arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .map_err(|error| self.cannot_run(&error))?;
        match first_address(&mut child).await {
            Some(address) => Ok(GatewayProcess { child, address }),
            None => Err(MatrixError::Gateway { log: self.said() }),
        }
    }

    /// The last lines of the gateways' log.
    pub fn said(&self) -> String {
        const LINES: usize = 30;
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("gateway.log")
    }

    fn cannot_run(&self, error: &std::io::Error) -> MatrixError {
        MatrixError::Command {
            command: self.file.display().to_string(),
            said: error.to_string(),
        }
    }
}

/// `listening on http://127.0.0.1:41234`, the only line that a gateway prints.
async fn first_address(child: &mut Child) -> Option<SocketAddr> {
    let mut output = BufReader::new(child.stdout.take()?);
    let mut line = String::new();
    output.read_line(&mut line).await.ok()?;
    let address = line.trim().strip_prefix("listening on http://")?.parse();
    // Its output stays open as long as it lives.
    tokio::spawn(async move {
        let mut rest = Vec::new();
        let _ = output.read_to_end(&mut rest).await;
    });
    address.ok()
}

/// A running gateway; killed when dropped.
#[derive(Debug)]
pub struct GatewayProcess {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl GatewayProcess {
    /// Kills it as a power cut would: SIGKILL.
    pub async fn kill(mut self) {
        let _ = self.child.kill().await;
    }

    /// Waits until it has died by itself, at its crash point; `false` when it lives on.
    pub async fn dies_within(&mut self, limit: Duration) -> bool {
        timeout(limit, self.child.wait()).await.is_ok()
    }

    /// Whether it lives.
    pub fn lives(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Its process id.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }
}
