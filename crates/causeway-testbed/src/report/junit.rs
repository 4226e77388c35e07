//! JUnit XML, as CI systems read it: a suite for each exchange, a test for each case.

use std::fmt::Write as _;

use super::marks::Marks;
use super::masked::MaskedReport;
use super::story::{exchange_lines, told_line};
use super::table::replay_command;
use super::text::{complaints, visible};
use crate::matrix::{CaseResult, Evidence, MatrixReport, Reached, Verdict};

/// The report as one XML document. `file` is the definition as it was named.
#[must_use]
pub fn junit(report: &MaskedReport, file: &str) -> String {
    let report = report.report();
    let marks = Marks::of(report);
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        xml,
        "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3}\">",
        attribute(&format!("causeway test {}", report.definition)),
        report.results.len(),
        report.wrong(),
        report.took.as_secs_f64(),
    );
    for exchange in marks.exchanges() {
        let of_exchange = |result: &&CaseResult| result.name.exchange == exchange.name;
        let results: Vec<&CaseResult> = report.results.iter().filter(of_exchange).collect();
        let began_at = report.began_at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        suite(&mut xml, report, exchange, &results, &began_at, file);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(
    xml: &mut String,
    report: &MatrixReport,
    exchange: &Reached,
    results: &[&CaseResult],
    began_at: &str,
    file: &str,
) {
    let name = attribute(&exchange.name.to_string());
    let failures = results.iter().filter(|result| result.is_wrong()).count();
    let not_known = |result: &&&CaseResult| matches!(result.verdict, Verdict::NotKnown { .. });
    let skipped = results.iter().filter(not_known).count();
    let time: f64 = results.iter().map(|result| result.took.as_secs_f64()).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" \
         timestamp=\"{began_at}\" time=\"{time:.3}\">",
        results.len(),
    );
    for result in results {
        case(xml, report, &name, result, file);
    }
    xml.push_str("  </testsuite>\n");
}

fn case(xml: &mut String, report: &MatrixReport, exchange: &str, result: &CaseResult, file: &str) {
    let _ = write!(
        xml,
        "    <testcase classname=\"{exchange}\" name=\"{}\" time=\"{:.3}\"",
        attribute(&result.name.to_string()),
        result.took.as_secs_f64(),
    );
    match &result.verdict {
        Verdict::Right => xml.push_str("/>\n"),
        Verdict::RightAfterDecision => xml.push_str(
            ">\n      <system-out>right after a person&apos;s decision</system-out>\n    </testcase>\n",
        ),
        Verdict::NotKnown { not_known } => {
            let message = attribute(&format!("cannot be known here: {}", not_known.join("; ")));
            let _ = writeln!(
                xml,
                ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
            );
        }
        Verdict::Wrong { complaints } => {
            let message = attribute(&complaints.join("; "));
            let _ = writeln!(
                xml,
                ">\n      <failure type=\"wrong\" message=\"{message}\">{}</failure>\n    </testcase>",
                escaped(&failure(report, result, file)),
            );
        }
    }
}

fn failure(report: &MatrixReport, result: &CaseResult, file: &str) -> String {
    let mut text = String::new();
    for complaint in complaints(&result.verdict) {
        let _ = writeln!(text, "{complaint}");
    }
    let name = &result.name;
    let _ = writeln!(
        text,
        "\nfault: {}\nthen: {}\nreplay: {}",
        name.fault.description(),
        name.follow.description(),
        replay_command(report, file, &name.to_string()),
    );
    if let Some(evidence) = &result.evidence {
        evidence_lines(&mut text, evidence);
    }
    text
}

fn evidence_lines(text: &mut String, evidence: &Evidence) {
    text.push_str("\nWhat WHMCS was told\n");
    for told in &evidence.told {
        let _ = writeln!(text, "  {}", told_line(told));
    }
    text.push_str("\nExchanges with the vendor\n");
    for exchange in &evidence.exchanges {
        for line in exchange_lines(exchange) {
            let _ = writeln!(text, "  {line}");
        }
    }
    let truths = &evidence.truths;
    let _ = write!(
        text,
        "\nThe three truths\n  WHMCS    {}\n  journal  {}\n  vendor   {}\n\nThe end of the gateway's log\n{}\n",
        truths.whmcs, truths.journal, truths.vendor, evidence.log,
    );
}

fn attribute(text: &str) -> String {
    escaped(text).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// A text that an XML document can hold, in an attribute, too.
pub fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in visible(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(letter),
        }
    }
    safe
}
