//! Runs the real program, in a folder of its own.

mod gateway;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub use gateway::RunningGateway;

pub const SHIELDPRESS: &str = include_str!("../../../../../examples/shieldpress.toml");

/// A folder in which the program is run; `CAUSEWAY_DATA` is `data` in it.
pub struct Folder(TempDir);

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn read_bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_causeway"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("CAUSEWAY_DATA", self.path("data"))
            .env("NO_COLOR", "1")
            .env_remove("CAUSEWAY_CREDENTIAL")
            .env_remove("CAUSEWAY_VENDOR_CREDENTIAL")
            .env_remove("CAUSEWAY_JOURNAL")
            .env_remove("PGPASSWORD")
            .env_remove("CAUSEWAY_LOG");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with_input(arguments, "")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that wants no input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs what has to succeed; its standard output.
    pub fn does(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:#?}");
        ran.stdout
    }

    /// Runs what has to fail; its standard error.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 1, "{arguments:?}: {ran:#?}");
        ran.stderr
    }

    /// Adds a provider; its token.
    pub fn add_provider(&self, name: &str, credential: &str, more: &[&str]) -> String {
        let arguments = [&["provider", "add", name], more].concat();
        let ran = self.run_with_input(&arguments, credential);
        assert_eq!(ran.code, 0, "{ran:#?}");
        token_in(&ran.stdout)
    }
}

/// The token that a command printed.
pub fn token_in(text: &str) -> String {
    let token = text.split_whitespace().find(|word| word.starts_with("cw_"));
    token
        .unwrap_or_else(|| panic!("no token in {text}"))
        .to_owned()
}
