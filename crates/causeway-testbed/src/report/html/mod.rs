//! One page that needs nothing else: no script to be read, no font, no picture, no server.

mod case;
pub(crate) mod exchange;
mod grid;
mod truths;

use askama::Template;

use self::case::WrongCase;
use self::grid::Grid;
use super::masked::MaskedReport;
use super::text::{count, duration, journal, not_known, thousands, visible};
use crate::matrix::{CaseResult, MatrixReport};

/// Of more wrong cases than this, the page tells the complaints alone: a matrix of which everything
/// is wrong would make a page that no browser opens.
const MOST_WITH_EVIDENCE: usize = 60;

#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    definition: &'a str,
    verdict: String,
    is_right: bool,
    facts: Vec<Fact>,
    grid: Grid,
    not_reached: Vec<String>,
    not_known: Vec<String>,
    left_behind: Vec<String>,
    wrong: Vec<WrongCase>,
    version: &'static str,
}

struct Fact {
    name: &'static str,
    value: String,
}

/// The report as one HTML page. `file` is the definition as it was named.
///
/// # Errors
/// None is known: the template is compiled in.
pub fn html(report: &MaskedReport, file: &str) -> askama::Result<String> {
    let report = report.report();
    let wrong: Vec<WrongCase> = report
        .results
        .iter()
        .filter(|result| result.is_wrong())
        .enumerate()
        .map(|(number, result)| WrongCase::of(number + 1, report, shortened(number, result), file))
        .collect();
    Page {
        definition: &report.definition,
        verdict: verdict(report),
        is_right: wrong.is_empty(),
        facts: facts(report, file),
        grid: Grid::of(report),
        not_reached: report.not_reached.iter().map(ToString::to_string).collect(),
        not_known: not_known(report)
            .into_iter()
            .map(|(reason, cases)| format!("{} ({})", visible(reason), count(cases, "case")))
            .collect(),
        left_behind: left_behind(report),
        wrong,
        version: env!("CARGO_PKG_VERSION"),
    }
    .render()
}

fn shortened(number: usize, result: &CaseResult) -> CaseResult {
    let mut result = result.clone();
    if number >= MOST_WITH_EVIDENCE {
        result.evidence = None;
    }
    result
}

fn left_behind(report: &MatrixReport) -> Vec<String> {
    let vendor = report.vendor.iter();
    let left = vendor.flat_map(|vendor| &vendor.left_behind);
    left.map(|thing| visible(thing)).collect()
}

/// A number stands in it, as a selection of cases may have been played.
fn verdict(report: &MatrixReport) -> String {
    let all = report.results.len();
    match (report.wrong(), all) {
        (0, _) if report.not_known() > 0 => format!(
            "None of {} ended wrong; of {} not all can be known here",
            count(all, "case"),
            thousands(report.not_known())
        ),
        (0, 1) => "The one case ended right".to_owned(),
        (0, _) => format!("All {} ended right", count(all, "case")),
        (wrong, _) => format!("{} of {} ended wrong", thousands(wrong), count(all, "case")),
    }
}

fn facts(report: &MatrixReport, file: &str) -> Vec<Fact> {
    let fact = |name, value| Fact { name, value };
    let vendor = report.vendor.iter();
    let mut facts = vec![fact("Definition", file.to_owned())];
    facts.extend(vendor.map(|vendor| fact("Vendor", format!("{}, {}", vendor.url, vendor.run))));
    facts.extend([
        fact("Journal", journal(report).to_owned()),
        fact("Cases", thousands(report.results.len())),
        fact("Wrong", thousands(report.wrong())),
        fact("After a decision", thousands(report.decided())),
        fact("Time", duration(report.took)),
        fact(
            "Played",
            report.began_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ),
    ]);
    facts
}
