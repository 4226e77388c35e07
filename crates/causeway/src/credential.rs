//! Takes the vendor's credential without showing it to anybody.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use miette::{Context as _, IntoDiagnostic as _, miette};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;

const VARIABLE: &str = "CAUSEWAY_CREDENTIAL";

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
        self.credential_file.is_some() || from_environment().is_some()
    }

    /// The credential.
    pub fn read(&self) -> miette::Result<SecretString> {
        let text = match &self.credential_file {
            Some(path) if path == Path::new("-") => from_input()?,
            Some(path) => std::fs::read_to_string(path)
                .into_diagnostic()
                .wrap_err_with(|| {
                    format!("the credential file {} cannot be read", path.display())
                })?,
            None => match from_environment() {
                Some(text) => text,
                None if io::stdin().is_terminal() => from_prompt()?,
                None => from_input()?,
            },
        };
        checked(&text)
    }
}

fn from_environment() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|text| !text.is_empty())
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

fn from_prompt() -> miette::Result<String> {
    eprint!("The vendor's credential for this provider (it is not shown): ");
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

fn checked(text: &str) -> miette::Result<SecretString> {
    let credential = text.trim_matches(['\r', '\n', ' ', '\t']);
    if credential.is_empty() {
        return Err(miette!(
            help =
                "give it with --credential-file FILE, in CAUSEWAY_CREDENTIAL, or on standard input",
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
