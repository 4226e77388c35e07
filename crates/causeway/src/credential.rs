//! Takes the vendor's credential without showing it to anybody.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Context as _, IntoDiagnostic as _, miette};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

/// A credential that a command takes, and how it can be given.
struct Given<'g> {
    what: &'static str,
    file: Option<&'g Path>,
    option: &'static str,
    variable: &'static str,
}

/// Where the credential is read from.
#[derive(Debug, Clone, Default, Args)]
pub struct CredentialSource {
    /// The file with the vendor's credential for this provider (`-`: standard input)
    ///
    /// Without it, the credential is read from the variable CAUSEWAY_CREDENTIAL, else from standard
    /// input when that is a file or a pipe, else from a prompt that does not show what is typed.
    /// There is no option that takes the credential itself: every user of the machine could read it
    /// in the list of processes, and the shell would keep it in its history.
    #[arg(long, value_name = "FILE")]
    credential_file: Option<PathBuf>,
}

impl CredentialSource {
    /// Whether a credential was offered without asking for it.
    pub fn is_given(&self) -> bool {
        self.credential_file.is_some() || self.given().in_environment().is_some()
    }

    /// The credential.
    pub fn read(&self) -> miette::Result<SecretString> {
        self.given().read()
    }

    fn given(&self) -> Given<'_> {
        Given {
            what: "The vendor's credential for this provider",
            file: self.credential_file.as_deref(),
            option: "--credential-file",
            variable: "CAUSEWAY_CREDENTIAL",
        }
    }
}

/// The credential for a vendor that a test runs against.
pub fn of_tested_vendor(file: Option<&Path>) -> miette::Result<SecretString> {
    let given = Given {
        what: "The vendor's credential for the test",
        file,
        option: "--vendor-credential-file",
        variable: "CAUSEWAY_VENDOR_CREDENTIAL",
    };
    given.read()
}

impl Given<'_> {
    fn read(&self) -> miette::Result<SecretString> {
        let text = match self.file {
            Some(path) if path == Path::new("-") => from_input()?,
            Some(path) => std::fs::read_to_string(path)
                .into_diagnostic()
                .wrap_err_with(|| {
                    format!("the credential file {} cannot be read", path.display())
                })?,
            None => match self.in_environment() {
                Some(text) => text,
                None if io::stdin().is_terminal() => from_prompt(self.what)?,
                None => from_input()?,
            },
        };
        self.checked(&text)
    }

    fn in_environment(&self) -> Option<String> {
        let text = std::env::var(self.variable).ok();
        text.filter(|text| !text.is_empty())
    }

    fn checked(&self, text: &str) -> miette::Result<SecretString> {
        let credential = text.trim_matches(['\r', '\n', ' ', '\t']);
        if credential.is_empty() {
            return Err(miette!(
                help = format!(
                    "give it with {} FILE, in {}, or on standard input",
                    self.option, self.variable
                ),
                "the credential is empty"
            ));
        }
        if credential.chars().any(char::is_control) {
            return Err(miette!(
                help = "a credential is one line of text; is it the right file?",
                "the credential has line breaks or control characters in it"
            ));
        }
        Ok(SecretString::from(credential))
    }
}

fn from_input() -> miette::Result<String> {
    const MOST_BYTES: u64 = 64 * 1024;
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .into_diagnostic()
        .wrap_err("the credential cannot be read from standard input")?;
    Ok(text)
}

fn from_prompt(what: &str) -> miette::Result<String> {
    eprint!("{what} (it is not shown): ");
    let _ = io::stderr().flush();
    let hidden = HiddenInput::begin().into_diagnostic()?;
    let mut text = String::new();
    let result = io::stdin().lock().read_line(&mut text);
    drop(hidden);
    result.into_diagnostic()?;
    Ok(text)
}

/// While it lives, the terminal does not show what is typed.
struct HiddenInput(Termios);

impl HiddenInput {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
