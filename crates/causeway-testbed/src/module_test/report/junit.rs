//! JUnit XML, as CI systems read it: a suite for each callback, a test for each trial, and one for each
//! finding of the life.

use std::fmt::Write as _;

use super::masked::MaskedModuleReport;
use super::table::news;
use crate::module_test::finding::Finding;
use crate::module_test::found::Found;
use crate::module_test::play::Played;
use crate::module_test::run::ModuleReport;
use crate::report::{escaped_xml as escaped, exchange_lines};

/// The report as one XML document. Findings that do not break the build are told in the output of their
/// test.
#[must_use]
pub fn junit(report: &MaskedModuleReport, breaks: &dyn Fn(Finding) -> bool) -> String {
    let report = report.report();
    let life: Vec<&Found> = report.found_in_life.iter().collect();
    let tests = report.trials.len() + 1;
    let failing = |found: &Vec<&Found>| found.iter().any(|one| breaks(one.finding));
    let in_trials = report.trials.iter().map(|one| news(report, one));
    let failures = in_trials.filter(failing).count() + usize::from(failing(&life));
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        xml,
        "<testsuites name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"{:.3}\">",
        escaped(&format!("causeway test {}", report.folder)),
        report.took.as_secs_f64(),
    );
    let took: f64 = report.life.iter().map(|made| made.took.as_secs_f64()).sum();
    suite(
        &mut xml,
        "life",
        &[("a whole life".to_owned(), took, life)],
        breaks,
    );
    for (name, trials) in by_callback(report) {
        let tests: Vec<(String, f64, Vec<&Found>)> = trials
            .into_iter()
            .map(|one| {
                (
                    one.trial.to_string(),
                    one.took.as_secs_f64(),
                    news(report, one),
                )
            })
            .collect();
        suite(&mut xml, &name, &tests, breaks);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn by_callback(report: &ModuleReport) -> Vec<(String, Vec<&Played>)> {
    let mut suites: Vec<(String, Vec<&Played>)> = Vec::new();
    for played in &report.trials {
        let callback = played.trial.callback();
        let name = callback.map_or("module", |callback| callback.name());
        match suites.iter_mut().find(|(known, _)| known == name) {
            Some((_, trials)) => trials.push(played),
            None => suites.push((name.to_owned(), vec![played])),
        }
    }
    suites
}

fn suite(
    xml: &mut String,
    name: &str,
    tests: &[(String, f64, Vec<&Found>)],
    breaks: &dyn Fn(Finding) -> bool,
) {
    let failing =
        |(_, _, found): &&(String, f64, Vec<&Found>)| found.iter().any(|one| breaks(one.finding));
    let time: f64 = tests.iter().map(|(_, took, _)| took).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{time:.3}\">",
        escaped(name),
        tests.len(),
        tests.iter().filter(failing).count(),
    );
    for (test, took, found) in tests {
        let _ = write!(
            xml,
            "    <testcase classname=\"{}\" name=\"{}\" time=\"{took:.3}\"",
            escaped(name),
            escaped(test)
        );
        if found.is_empty() {
            xml.push_str("/>\n");
            continue;
        }
        xml.push_str(">\n");
        for one in found {
            outcome(xml, one, breaks(one.finding));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n");
}

fn outcome(xml: &mut String, found: &Found, breaks: bool) {
    let mut message = format!("{}: {}", found.place, found.what);
    if !found.detail.is_empty() {
        message = format!("{message}: {}", found.detail);
    }
    if !breaks {
        let _ = writeln!(
            xml,
            "      <system-out>{}</system-out>",
            escaped(&format!("{}: {message}", found.finding))
        );
        return;
    }
    let mut text = format!(
        "{message}\n\n{}\n\n{}\n",
        found.finding.why(),
        found.finding.mend()
    );
    for line in found.exchanges.iter().flat_map(exchange_lines) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(
        xml,
        "      <failure type=\"{}\" message=\"{}\">{}</failure>",
        found.finding,
        escaped(&message).replace('\n', "&#10;"),
        escaped(&text)
    );
}
