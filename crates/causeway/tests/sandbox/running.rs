//! A sandbox that ends with the test.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process};

pub struct RunningSandbox {
    child: Child,
    /// `http://127.0.0.1:PORT/`
    pub url: String,
}

/// A file of the repository.
pub fn of_repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The program, which is to try something.
pub fn sandbox<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_causeway"));
    command.arg("sandbox").args(arguments);
    command
}

impl RunningSandbox {
    /// Starts it on a free port.
    pub fn start<S: AsRef<OsStr>>(arguments: &[S]) -> Self {
        let mut child = sandbox(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("The sandbox is open: ") else {
            let mut complaint = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut complaint);
            let _ = child.wait();
            panic!("the sandbox did not start: {line}{complaint}");
        };
        Self {
            url: url.to_owned(),
            child,
        }
    }

    /// The sandbox of examples/shieldpress.toml.
    pub fn of_the_example() -> Self {
        Self::start(&[of_repository("examples/shieldpress.toml")])
    }

    /// Asks for a page.
    pub async fn page(&self, path: &str) -> String {
        let answer = Client::new().get(self.address(path)).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// Sends a form, as a page of the sandbox itself would; the page that it leads to.
    pub async fn submit(&self, path: &str, form: &[(&str, &str)]) -> String {
        let request = self.form(path, form);
        let request = request.header("Origin", self.url.trim_end_matches('/'));
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Waits until the live feed tells this.
    pub async fn happens(&self, what: &str) {
        let stream = self.address("/live/stream");
        let mut stream = Client::new().get(stream).send().await.unwrap();
        let mut told = String::new();
        while !told.contains(what) {
            let more = stream.chunk().await.unwrap();
            let more = more.expect("the stream ends only with the sandbox");
            told += &String::from_utf8_lossy(&more);
        }
    }

    /// A form that says nothing of where it stood.
    pub fn form(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        Client::new()
            .post(self.address(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
    }

    pub fn address(&self, path: &str) -> String {
        format!("{}{}", self.url, path.trim_start_matches('/'))
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        // Politely, so that it takes its processes and folders with it.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}
