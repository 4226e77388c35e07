//! `causeway test`: every fault at every exchange, with real parts.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use causeway_testbed::matrix::{
    CasePattern, JournalSettings, LaneSettings, Progress, Selection, VendorSettings, Verdict,
    with_short_times,
};
use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings};
use clap::Args;
use miette::{IntoDiagnostic as _, miette};

use crate::definitions;
use crate::runtime;
use crate::terminal::print;

/// Try every fault at every exchange with the vendor, and see that each purchase ends right
#[derive(Debug, Args)]
pub struct Arguments {
    /// The definition
    file: PathBuf,

    /// Only these cases: create.subscription.create/reset_after/killed; `*` stands for any part
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<CasePattern>,

    /// How many cases are played at once
    #[arg(long, value_name = "NUMBER", default_value_t = 16)]
    jobs: usize,
}

pub fn run(arguments: Arguments) -> miette::Result<ExitCode> {
    // Every mistake in it is shown with its place, as `causeway check` does.
    definitions::load(&arguments.file)?;
    let source = std::fs::read_to_string(&arguments.file).into_diagnostic()?;
    let source = with_short_times(&source);
    let (definition, _) = causeway_definition::Definition::parse(&source).map_err(|problems| {
        miette!("with short times the definition has problems: {problems:?}")
    })?;
    let settings = LaneSettings {
        program: std::env::current_exe().into_diagnostic()?,
        gateway_program: None,
        source,
        definition,
        vendor: VendorSettings::Sample(SampleVendorSettings {
            provisioning: Provisioning::PendingForReads(1),
            record_requests: false,
            // Few vendors make sure of it, and a vendor that does hides a user made twice.
            unique_emails: false,
            ..SampleVendorSettings::default()
        }),
        journal: JournalSettings::Sqlite,
        gateway_arguments: Vec::new(),
    };
    let selection = Selection {
        patterns: arguments.cases.clone(),
        lanes: arguments.jobs,
        stop_at_first: false,
    };
    let (mut planned, mut played, mut wrong) = (0, 0, 0);
    let report = runtime::block_on(async {
        causeway_testbed::matrix::run(Arc::new(settings), selection, |progress| match progress {
            Progress::Planned { cases } => {
                planned = cases;
                eprintln!("{cases} cases");
            }
            Progress::Played(result) => {
                played += 1;
                if let Verdict::Wrong { complaints } = &result.verdict {
                    wrong += 1;
                    eprintln!(
                        "{played}/{planned} {wrong} wrong: {} {:?} {complaints:?}",
                        result.name, result.took
                    );
                    if wrong < 4 {
                        eprintln!(
                            "{}",
                            serde_json::to_string_pretty(&result.evidence).unwrap_or_default()
                        );
                    }
                } else if played % 50 == 0 {
                    eprintln!("{played}/{planned}");
                }
            }
        })
        .await
        .into_diagnostic()
    })?;
    print(&format!(
        "{} cases, {} wrong, {} after a decision, {:.1} s; not reached: {:?}\n",
        report.results.len(),
        report.wrong(),
        report.decided(),
        report.took.as_secs_f64(),
        report
            .not_reached
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    ))?;
    Ok(match report.wrong() {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
