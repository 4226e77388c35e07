//! `causeway test --seeds` and `--simulated`: random histories beyond the matrix.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use causeway_definition::Definition;
use causeway_simulation::{SimulationSettings, run_many, shrink};
use causeway_testbed::histories::{self, HistoriesReport, HistoryResult, Seeds};
use causeway_testbed::matrix::LaneSettings;

use super::{exit_code, until_stopped, verdict};
use crate::terminal::{Paint, print};

/// A seed that nobody has chosen; it is printed, so that it can be.
pub fn any_seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(1, |since| u64::from(since.subsec_nanos()) << 16)
}

/// Plays histories with real parts.
pub fn real(settings: Arc<LaneSettings>, seeds: Seeds, file: &str) -> miette::Result<ExitCode> {
    let Seeds { first, count, .. } = seeds;
    eprintln!("{count} histories from seed {first} on");
    let paint = Paint::for_output();
    let (mut played, mut printed) = (0, Ok(()));
    let progress = |result: &HistoryResult| {
        played += 1;
        if played % 50 == 0 {
            eprintln!("{played} of {count} histories played");
        }
        if !result.complaints.is_empty() && printed.is_ok() {
            printed = told(result, file, paint).and_then(|text| print(&text));
        }
    };
    let report = until_stopped(histories::run(settings, seeds, progress))?;
    printed?;
    print(&summary(&report, first, paint))?;
    Ok(exit_code(report.wrong.len()))
}

fn summary(report: &HistoriesReport, first: u64, paint: Paint) -> String {
    format!(
        "{} histories from seed {first} on, {}; {} faults struck, {} gateways were killed, a person decided \
         {} times, {:.0} s\n",
        report.played,
        verdict(report.wrong.len(), paint),
        report.struck,
        report.kills,
        report.decisions,
        report.took.as_secs_f64()
    )
}

fn told(wrong: &HistoryResult, file: &str, paint: Paint) -> miette::Result<String> {
    use miette::IntoDiagnostic as _;
    let seed = wrong.history.seed;
    let mut text = format!("{}\n", paint.bad(format!("seed {seed} ends wrong")));
    for complaint in &wrong.complaints {
        text.push_str(&format!("  {complaint}\n"));
    }
    text.push_str("as short as it goes on ending wrong:\n");
    for round in &wrong.history.rounds {
        text.push_str(&format!(
            "  {}\n",
            serde_json::to_string(round).into_diagnostic()?
        ));
    }
    text.push_str("what happened:\n");
    for line in &wrong.story {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&format!(
        "again: causeway test {file} --seeds 1 --seed {seed}\n\n"
    ));
    Ok(text)
}

/// Plays histories of the engine in simulated time.
pub fn simulated(definition: &Definition, count: u64, first: u64) -> miette::Result<ExitCode> {
    eprintln!("{count} simulated histories from seed {first} on");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let report = run_many(
        definition,
        &SimulationSettings::default(),
        first..first.saturating_add(count),
        threads,
        &|report| report.failures.is_empty(),
    );
    let paint = Paint::for_output();
    let wrong = report.failures.len();
    print(&format!("{}\n", report.met))?;
    let verdict = match wrong {
        0 => paint.good("all right"),
        _ => paint.bad("one is wrong"),
    };
    print(&format!(
        "{} simulated histories from seed {first} on, {verdict}; {:.0} hours of simulated time in {:.0} s\n",
        report.histories,
        report.simulated.as_secs_f64() / 3600.0,
        report.took.as_secs_f64(),
    ))?;
    if let Some(failure) = report.failures.into_iter().next() {
        print(&format!("\n{}\n", shrink(definition, failure)))?;
    }
    Ok(exit_code(wrong))
}
