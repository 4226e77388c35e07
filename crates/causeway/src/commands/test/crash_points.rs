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
        match not_known(&report) {
            not_known if wrong == 0 && not_known > 0 => {
                paint.doubtful(format!("none wrong, {not_known} cannot be known here"))
            }
            _ => verdict(wrong, paint),
        },
        report.took.as_secs_f64()
    ))?;
    Ok(exit_code(wrong))
}

fn wrong(report: &CrashPointsReport) -> usize {
    let wrong = report.deaths.iter();
    wrong.filter(|death| !death.complaints.is_empty()).count()
}

fn not_known(report: &CrashPointsReport) -> usize {
    let deaths = report.deaths.iter();
    deaths.filter(|death| !death.not_known.is_empty()).count()
}

fn line(death: &Death, paint: Paint) -> String {
    let name = format!("{} killed at {}", death.scenario.name(), death.point);
    if death.complaints.is_empty() {
        let decided = match death.decided {
            true => ", after a person decided",
            false => "",
        };
        if death.not_known.is_empty() {
            return format!("{} {name}{decided}\n", paint.good("✓"));
        }
        let not_known = death.not_known.iter();
        let not_known = not_known.map(|text| format!("    cannot be known here: {text}\n"));
        let not_known: String = not_known.collect();
        return format!("{} {name}\n{not_known}", paint.doubtful("?"));
    }
    let complaints = death.complaints.iter();
    let complaints: String = complaints.map(|text| format!("    {text}\n")).collect();
    format!("{} {name}\n{complaints}", paint.bad("✗"))
}
