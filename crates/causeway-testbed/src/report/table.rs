//! The matrix as text for a terminal: a line for each exchange, a column for each group of faults, and
//! below it what ended wrong.

use std::fmt::Write as _;

use super::fault_group::FaultGroup;
use super::marks::{Marks, Tally};
use super::masked::MaskedReport;
use super::text::{complaints, count, duration, journal, not_known, one_line, thousands};
use crate::matrix::{CaseResult, MatrixReport, Reached};

/// More wrong cases than anybody reads in a terminal.
const MOST_WRONG: usize = 12;
/// More of what was left behind than anybody reads there.
const MOST_LEFT: usize = 24;

/// What a piece of text is about, for who paints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is right.
    Good,
    /// Right, with something to know.
    Doubtful,
    /// Something is wrong.
    Bad,
    /// Of less weight.
    Faint,
    /// Of more weight.
    Strong,
    /// To be typed.
    Value,
}

/// At most 100 columns wide, lists of complaints aside. `file` is the definition as it was named;
/// `paint` colours a text without changing its width.
#[must_use]
pub fn table(report: &MaskedReport, file: &str, paint: &dyn Fn(Tone, &str) -> String) -> String {
    let report = report.report();
    let mut text = String::new();
    grid(&mut text, report, paint);
    legend(&mut text, report, paint);
    not_reached(&mut text, report, paint);
    cannot_be_known(&mut text, report, paint);
    wrong_cases(&mut text, report, file, paint);
    left_behind(&mut text, report, paint);
    let _ = writeln!(text, "{}", last_line(report, paint));
    text
}

fn grid(text: &mut String, report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) {
    const COLUMN: usize = 9;
    let marks = Marks::of(report);
    let widest = marks
        .exchanges()
        .map(|exchange| exchange.name.to_string().chars().count())
        .max()
        .unwrap_or_default();
    let heads = FaultGroup::ALL.map(|group| format!("{:>COLUMN$}", group.head()));
    let head = format!("{:widest$}{}", "", heads.concat());
    let _ = writeln!(text, "{}", paint(Tone::Faint, &head));
    let exchanges: Vec<&Reached> = marks.exchanges().collect();
    for (position, exchange) in exchanges.iter().enumerate() {
        if begins_block(&exchanges, position) {
            text.push('\n');
        }
        let _ = write!(text, "{:widest$}", exchange.name.to_string());
        for group in FaultGroup::ALL {
            let (shown, tone) = cell(marks.tally(&exchange.name, group.faults()));
            let space = COLUMN - shown.chars().count().min(COLUMN);
            let _ = write!(text, "{}{}", " ".repeat(space), paint(tone, &shown));
        }
        text.push('\n');
    }
}

/// A scenario of several exchanges stands by itself; those of one stand together.
fn begins_block(exchanges: &[&Reached], position: usize) -> bool {
    let scenario = |position: usize| {
        exchanges
            .get(position)
            .map(|exchange| exchange.name.scenario)
    };
    let is_alone = |first: usize| scenario(first) != scenario(first + 1);
    let Some(before) = position.checked_sub(1) else {
        return false;
    };
    let was_alone = before == 0 || scenario(before - 1) != scenario(before);
    scenario(before) != scenario(position) && !(was_alone && is_alone(position))
}

fn cell(tally: Tally) -> (String, Tone) {
    let Tally {
        cases,
        decided,
        not_known,
        wrong,
    } = tally;
    match tally {
        Tally { cases: 0, .. } => ("·".to_owned(), Tone::Faint),
        Tally { wrong: 1.., .. } => (format!("✗ {wrong}/{cases}"), Tone::Bad),
        Tally { not_known: 1.., .. } => (format!("? {not_known}/{cases}"), Tone::Doubtful),
        Tally { decided: 1.., .. } => (format!("! {decided}/{cases}"), Tone::Doubtful),
        Tally { .. } => (format!("✓ {cases}"), Tone::Good),
    }
}

fn legend(text: &mut String, report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) {
    let mut lines = vec!["✓ 18     all 18 cases ended right".to_owned()];
    if report.decided() > 0 {
        lines.push(
            "! 6/18   6 of 18 needed a person's decision, and ended right with it".to_owned(),
        );
    }
    if report.not_known() > 0 {
        lines.push("? 6/18   of 6 of 18 not all can be known here".to_owned());
    }
    if report.wrong() > 0 {
        lines.push("✗ 2/18   2 of 18 ended wrong".to_owned());
    }
    for group in FaultGroup::ALL {
        lines.push(format!("{:8} {}", group.head(), group.description()));
    }
    text.push('\n');
    for line in lines {
        let _ = writeln!(text, "  {}", paint(Tone::Faint, &line));
    }
    text.push('\n');
}

fn not_reached(text: &mut String, report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) {
    if report.not_reached.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "Undisturbed, these exchanges are not made, so they were not disturbed:"
    );
    for name in &report.not_reached {
        let _ = writeln!(text, "  {}", paint(Tone::Faint, &name.to_string()));
    }
    text.push('\n');
}

fn cannot_be_known(text: &mut String, report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) {
    let reasons = not_known(report);
    if reasons.is_empty() {
        return;
    }
    let _ = writeln!(text, "This cannot be known here, so nothing is said of it:");
    for (reason, cases) in reasons {
        let cases = paint(Tone::Faint, &format!("({})", count(cases, "case")));
        let _ = writeln!(text, "  {} {cases}", one_line(reason));
    }
    text.push('\n');
}

fn left_behind(text: &mut String, report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) {
    let Some(vendor) = &report.vendor else {
        return;
    };
    if vendor.left_behind.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "Left behind at {}, all of it with {} in its address or domain:",
        vendor.url, vendor.run
    );
    for thing in vendor.left_behind.iter().take(MOST_LEFT) {
        let _ = writeln!(text, "  {}", paint(Tone::Faint, &one_line(thing)));
    }
    let more = vendor.left_behind.len().saturating_sub(MOST_LEFT);
    if more > 0 {
        let more = format!("… and {} more; `--json FILE` has all", thousands(more));
        let _ = writeln!(text, "  {}", paint(Tone::Faint, &more));
    }
    text.push('\n');
}

fn wrong_cases(
    text: &mut String,
    report: &MatrixReport,
    file: &str,
    paint: &dyn Fn(Tone, &str) -> String,
) {
    let wrong = || report.results.iter().filter(|result| result.is_wrong());
    for CaseResult { name, verdict, .. } in wrong().take(MOST_WRONG) {
        let name = name.to_string();
        let _ = writeln!(
            text,
            "{} {}",
            paint(Tone::Bad, "✗"),
            paint(Tone::Strong, &name)
        );
        for complaint in complaints(verdict) {
            let _ = writeln!(text, "    {}", one_line(complaint));
        }
        let _ = writeln!(
            text,
            "    {}\n",
            paint(Tone::Value, &replay_command(report, file, &name))
        );
    }
    let more = wrong().count().saturating_sub(MOST_WRONG);
    if more > 0 {
        let _ = writeln!(
            text,
            "… and {} more; `--html FILE` shows all of them\n",
            thousands(more)
        );
    }
}

/// Plays one case again.
pub fn replay_command(report: &MatrixReport, file: &str, name: &str) -> String {
    let vendor = report.vendor.as_ref();
    let vendor = vendor.map(|vendor| format!(" --vendor-url {}", shell_word(&vendor.url)));
    format!(
        "causeway test {}{} --case {name}",
        shell_word(file),
        vendor.unwrap_or_default()
    )
}

/// A file's name as a shell reads it.
fn shell_word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "./_-+:@%,".contains(letter);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

fn last_line(report: &MatrixReport, paint: &dyn Fn(Tone, &str) -> String) -> String {
    let cases = count(report.results.len(), "case");
    let took = duration(report.took);
    let journal = journal(report);
    let decided = match report.decided() {
        0 => String::new(),
        decided => format!(", {} after a person's decision", thousands(decided)),
    };
    let not_known = match report.not_known() {
        0 => String::new(),
        not_known => format!(", {} cannot be known here", thousands(not_known)),
    };
    match report.wrong() {
        0 if report.not_known() > 0 => format!(
            "{} {cases}, none wrong{not_known}{decided}; {journal} journal, {took}",
            paint(Tone::Doubtful, "?")
        ),
        0 => format!(
            "{} {cases}, all right{decided}; {journal} journal, {took}",
            paint(Tone::Good, "✓")
        ),
        wrong => format!(
            "{} {cases}, {} wrong{not_known}{decided}; {journal} journal, {took}",
            paint(Tone::Bad, "✗"),
            paint(Tone::Bad, &thousands(wrong)),
        ),
    }
}
