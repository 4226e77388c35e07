//! One page that needs nothing else: no script to be read, no font, no picture, no server.

mod case;
mod grid;
mod truths;

use askama::Template;

use self::case::WrongCase;
use self::grid::Grid;
use super::masked::MaskedReport;
use super::text::{count, duration, journal, thousands};
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
        .filter(|result| !result.is_right())
        .enumerate()
        .map(|(number, result)| WrongCase::of(number + 1, shortened(number, result), file))
        .collect();
    Page {
        definition: &report.definition,
        verdict: verdict(report),
        is_right: wrong.is_empty(),
        facts: facts(report, file),
        grid: Grid::of(report),
        not_reached: report.not_reached.iter().map(ToString::to_string).collect(),
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

/// A number stands in it, as a selection of cases may have been played.
fn verdict(report: &MatrixReport) -> String {
    let all = report.results.len();
    match (report.wrong(), all) {
        (0, 1) => "The one case ended right".to_owned(),
        (0, _) => format!("All {} ended right", count(all, "case")),
        (wrong, _) => format!("{} of {} ended wrong", thousands(wrong), count(all, "case")),
    }
}

fn facts(report: &MatrixReport, file: &str) -> Vec<Fact> {
    let fact = |name, value| Fact { name, value };
    vec![
        fact("Definition", file.to_owned()),
        fact("Journal", journal(report).to_owned()),
        fact("Cases", thousands(report.results.len())),
        fact("Wrong", thousands(report.wrong())),
        fact("After a decision", thousands(report.decided())),
        fact("Time", duration(report.took)),
        fact(
            "Played",
            report.began_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ),
    ]
}
