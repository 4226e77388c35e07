//! `causeway serve`, running for one test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::Folder;

/// A gateway that ends with the test.
pub struct RunningGateway {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub url: String,
}

impl RunningGateway {
    /// Starts it with these definitions and settings, on a free port.
    pub fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child = folder
            .command(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("listening on ") else {
            let mut complaint = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut complaint);
            let _ = child.wait();
            panic!("the gateway did not start: {line}{complaint}");
        };
        Self {
            url: url.to_owned(),
            child,
            stdout,
        }
    }

    /// Calls an operation as a module would; its answer.
    pub async fn operate(&self, token: &str, operation: &str, reference: &str) -> Value {
        let request = json!({
            "definition": "shieldpress",
            "operation": operation,
            "reference": reference,
            "domain": "lovelace.example",
            "password": "correct-horse-battery",
            "client": { "firstname": "Ada", "lastname": "Lovelace", "email": "ada@lovelace.example" },
            "options": { "plan": "basic" },
        });
        let url = format!("{}/v1/operations", self.url);
        let request = reqwest::Client::new()
            .post(url)
            .bearer_auth(token)
            .json(&request);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Asks it politely to stop; its exit code and what it logged.
    pub fn terminate(mut self) -> (i32, String) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), log)
    }
}

impl Drop for RunningGateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
