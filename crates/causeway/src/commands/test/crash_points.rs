//! `causeway test --crash-points`: the gateway is killed wherever it awaits or commits.

use std::process::ExitCode;
use std::sync::Arc;

use causeway_testbed::matrix::{CrashPointsReport, Death, LaneSettings, crash_points};

use super::{exit_code, until_stopped, verdict};
use crate::terminal::{Paint, print};

/// Kills a gateway at every point of every scenario.
pub fn run(settings: Arc<LaneSettings>, lanes: usize) -> miette::Result<ExitCode> {
    let journal = settings.journal.name();
    let report = until_stopped(crash_points(settings, lanes, |_| ()))?;
    let paint = Paint::for_output();
    for death in &report.deaths {
        print(&line(death, paint))?;
    }
    let wrong = wrong(&report);
    print(&format!(
        "{} crash points, {}; {journal} journal, {:.0} s\n",
        report.deaths.len(),
        verdict(wrong, paint),
        report.took.as_secs_f64()
    ))?;
    Ok(exit_code(wrong))
}

fn wrong(report: &CrashPointsReport) -> usize {
    let wrong = report.deaths.iter();
    wrong.filter(|death| !death.complaints.is_empty()).count()
}

fn line(death: &Death, paint: Paint) -> String {
    let name = format!("{} killed at {}", death.scenario.name(), death.point);
    if death.complaints.is_empty() {
        let decided = match death.decided {
            true => ", after a person decided",
            false => "",
        };
        return format!("{} {name}{decided}\n", paint.good("✓"));
    }
    let complaints = death.complaints.iter();
    let complaints: String = complaints.map(|text| format!("    {text}\n")).collect();
    format!("{} {name}\n{complaints}", paint.bad("✗"))
}
