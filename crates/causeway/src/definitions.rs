//! Reads definitions from files.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use causeway_definition::{Definition, Diagnostic, LONGEST_SOURCE, Severity};
use miette::miette;

use crate::diagnostics::render;
use crate::terminal::{count, errors_have_colours};

/// A file that should hold a definition, and what came of reading it.
pub struct ReadDefinition {
    /// The file, as it was named.
    pub file: String,
    /// Its text; bytes that are not UTF-8 are replaced.
    pub source: String,
    /// The definition, when it can be used.
    pub definition: Option<Definition>,
    /// Everything to be said about it, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadDefinition {
    /// Reads a file. One that cannot be read is a diagnostic, too.
    pub fn from_file(path: &Path) -> Self {
        let file = path.display().to_string();
        let bytes = match read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let diagnostics = vec![unreadable(&file, &error)];
                return Self {
                    file,
                    source: String::new(),
                    definition: None,
                    diagnostics,
                };
            }
        };
        let (definition, diagnostics) = match Definition::parse_bytes(&bytes) {
            Ok((definition, warnings)) => (Some(definition), warnings),
            Err(diagnostics) => (None, diagnostics),
        };
        let too_long = bytes.len() > LONGEST_SOURCE;
        let shown = if too_long { &[] } else { bytes.as_slice() };
        let source = String::from_utf8_lossy(shown).into_owned();
        Self {
            file,
            source,
            definition,
            diagnostics,
        }
    }

    /// How many diagnostics are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .count()
    }

    /// How many diagnostics are warnings.
    pub fn warnings(&self) -> usize {
        let is_warning = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Warning;
        self.diagnostics.iter().filter(is_warning).count()
    }

    /// Its diagnostics, for standard error.
    pub fn shown(&self) -> String {
        render(
            &self.diagnostics,
            &self.source,
            &self.file,
            errors_have_colours(),
        )
    }

    /// The definition, for commands that cannot do without one.
    pub fn usable(self) -> miette::Result<Definition> {
        let errors = self.errors();
        self.definition.ok_or_else(|| {
            miette!(
                help = "mend what stands above; `causeway check` shows it again",
                "{} has {} and cannot be used",
                self.file,
                count(errors, "error")
            )
        })
    }
}

/// The definition in a file, for commands that use it: its errors go to standard error.
pub fn load(path: &Path) -> miette::Result<Definition> {
    let read = ReadDefinition::from_file(path);
    if read.definition.is_none() {
        eprint!("{}", read.shown());
    }
    read.usable()
}

/// A file of many gigabytes is not read to its end only to be refused.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    const FAR_TOO_LONG: u64 = 64 * 1024 * 1024;
    let mut bytes = Vec::new();
    File::open(path)?
        .take(FAR_TOO_LONG)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(file: &str, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::NotFound => {
            "is the path right? `causeway new NAME` writes a definition to start from"
        }
        io::ErrorKind::IsADirectory => "give the path of the definition in it",
        io::ErrorKind::PermissionDenied => "give this user the permission to read it",
        _ => "is the path right?",
    };
    Diagnostic {
        code: "causeway::unreadable",
        severity: Severity::Error,
        message: format!("{file} cannot be read: {error}"),
        span: 0..0,
        label: String::new(),
        others: Vec::new(),
        help: Some(help.to_owned()),
    }
}
