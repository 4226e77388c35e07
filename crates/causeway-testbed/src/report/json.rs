//! Everything as JSON, for programs.

use super::masked::MaskedReport;

/// The report as indented JSON.
///
/// # Errors
/// None is known: everything in a report can be written as JSON.
pub fn json(report: &MaskedReport) -> serde_json::Result<String> {
    serde_json::to_string_pretty(report).map(|text| text + "\n")
}
