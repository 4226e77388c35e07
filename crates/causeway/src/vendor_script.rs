//! The file behind `--vendor`.

use std::fs;
use std::path::Path;

use causeway_testbed::recording::Recording;
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

/// The text of a vendor script, or the one that a HAR file (`FILE.har`) comes to.
pub fn read(file: &Path) -> miette::Result<String> {
    let shown = file.display();
    let text = fs::read_to_string(file)
        .into_diagnostic()
        .wrap_err_with(|| format!("the vendor script {shown} cannot be read"))?;
    let is_har = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("har"));
    if !is_har {
        return Ok(text);
    }
    let recording = Recording::of_har(&text).map_err(|error| miette!("{shown}: {error}"))?;
    Ok(recording.vendor_script().text)
}
