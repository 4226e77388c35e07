//! Where the result is written.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use causeway_testbed::report::{MaskedReport, html, json, junit};
use miette::{IntoDiagnostic as _, miette};

/// The files that were asked for.
pub struct Files {
    pub junit: Option<PathBuf>,
    pub html: Option<PathBuf>,
    pub json: Option<PathBuf>,
}

impl Files {
    /// Opens each of them, and leaves what is in it.
    pub fn can_be_written(&self) -> miette::Result<()> {
        let files = [&self.junit, &self.html, &self.json];
        can_be_written(files.into_iter().flatten())
    }

    /// Writes all of them. `definition` is the definition's file as it was named.
    pub fn write(&self, report: &MaskedReport, definition: &str) -> miette::Result<()> {
        if let Some(file) = &self.junit {
            write(file, &junit(report, definition))?;
        }
        if let Some(file) = &self.html {
            write(file, &html(report, definition).into_diagnostic()?)?;
        }
        if let Some(file) = &self.json {
            write(file, &json(report).into_diagnostic()?)?;
        }
        Ok(())
    }
}

/// Opens each of them, and leaves what is in it.
pub fn can_be_written<'a>(files: impl Iterator<Item = &'a PathBuf>) -> miette::Result<()> {
    for file in files {
        File::options()
            .create(true)
            .append(true)
            .open(file)
            .map_err(|error| unwritable(file, &error))?;
    }
    Ok(())
}

/// Writes a file.
pub fn write(file: &Path, content: &str) -> miette::Result<()> {
    fs::write(file, content).map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> miette::Report {
    miette!(
        help = "is there a folder of that name, and may this user write into it?",
        "{} cannot be written: {error}",
        file.display()
    )
}
