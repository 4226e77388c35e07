//! A matrix of a few cases.

use std::path::PathBuf;
use std::sync::Arc;

use causeway_definition::Definition;
use causeway_testbed::matrix::{
    JournalSettings, LaneSettings, MatrixReport, Selection, VendorSettings, Verdict, run,
    with_short_times,
};
use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings};

pub const SHIELDPRESS: &str = include_str!("../../../../examples/shieldpress.toml");

/// The program under test.
pub const CAUSEWAY: &str = env!("CARGO_BIN_EXE_causeway");

/// A lane of this definition, with short times, before a vendor that helps nobody.
pub fn settings(source: &str) -> LaneSettings {
    with_times_as_they_are(&with_short_times(source))
}

/// A lane of this definition with its own times.
pub fn with_times_as_they_are(source: &str) -> LaneSettings {
    let (definition, _) = Definition::parse(source).expect("the definition is right");
    LaneSettings {
        program: CAUSEWAY.into(),
        gateway_program: None,
        source: source.to_owned(),
        definition,
        vendor: VendorSettings::Sample(vendor()),
        journal: JournalSettings::Sqlite,
        php_workers: 2,
        gateway_arguments: Vec::new(),
    }
}

pub fn vendor() -> SampleVendorSettings {
    SampleVendorSettings {
        provisioning: Provisioning::PendingForReads(1),
        record_requests: false,
        unique_emails: false,
        ..SampleVendorSettings::default()
    }
}

/// A program among the examples of this package, which are built with its tests.
pub fn example(name: &str) -> PathBuf {
    let file = PathBuf::from(CAUSEWAY)
        .with_file_name("examples")
        .join(name);
    assert!(
        file.is_file(),
        "{} is not built; `cargo test` builds it, or `cargo build -p causeway --examples`",
        file.display()
    );
    file
}

pub async fn play(settings: LaneSettings, cases: &[&str]) -> MatrixReport {
    let selection = Selection {
        patterns: cases.iter().map(|case| case.parse().unwrap()).collect(),
        lanes: 2,
        stop_at_first: false,
    };
    let report = run(Arc::new(settings), selection, |_| ())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(!report.results.is_empty(), "no case is named {cases:?}");
    report
}

/// The complaints about each case that ended wrong, by its name.
pub fn wrong(report: &MatrixReport) -> Vec<(String, String)> {
    let wrong = report.results.iter().filter_map(|result| {
        let Verdict::Wrong { complaints } = &result.verdict else {
            return None;
        };
        Some((result.name.to_string(), complaints.join("; ")))
    });
    wrong.collect()
}
