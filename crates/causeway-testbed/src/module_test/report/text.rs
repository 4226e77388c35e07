//! The report for a terminal.

use std::fmt::Write as _;

use super::masked::MaskedModuleReport;
use super::table::{Column, TableRow, news, others, rows, what_it_came_to};
use crate::module_test::found::Found;
use crate::module_test::made::{Made, Told};
use crate::module_test::run::ModuleReport;
use crate::report::{Tone, count, duration, one_line};

const WIDEST: usize = 100;

/// At most 100 columns wide, evidence aside. `paint` colours a text without changing its width.
#[must_use]
pub fn text(report: &MaskedModuleReport, paint: &dyn Fn(Tone, &str) -> String) -> String {
    let report = report.report();
    let mut text = String::new();
    life(&mut text, report, paint);
    tried(&mut text, report, paint);
    if !report.knows_the_vendor {
        let words = "\nWhat this vendor has cannot be seen, so these were not judged: doubled_create, \
                     orphaned_service, unfinished_terminate.";
        let _ = writeln!(text, "{words}");
    }
    not_emulated(&mut text, report, paint);
    findings(&mut text, report, paint);
    let _ = writeln!(text, "{}", last_line(report, paint));
    text
}

fn life(text: &mut String, report: &ModuleReport, paint: &dyn Fn(Tone, &str) -> String) {
    let _ = writeln!(text, "{}", paint(Tone::Strong, "A whole life"));
    let widest = widest(report.life.iter().map(|made| made.callback.name()));
    for made in &report.life {
        let tone = match made.told {
            Told::Success | Told::Page { .. } | Told::Data { .. } => Tone::Good,
            _ => Tone::Bad,
        };
        let left = left_behind(made);
        let summary = one_line(&made.told.summary());
        let room = WIDEST.saturating_sub(widest + 13 + left.chars().count());
        let _ = writeln!(
            text,
            "  {:widest$} {:>5} ms  {}  {}",
            made.callback.name(),
            made.took.as_millis(),
            paint(tone, &shortened(&summary, room)),
            paint(Tone::Faint, &left),
        );
    }
}

/// What the call did, counted.
fn left_behind(made: &Made) -> String {
    let mut parts = Vec::new();
    let mut add = |number: usize, thing: &str| {
        if number > 0 {
            parts.push(count(number, thing));
        }
    };
    let calls = &made.seen.calls;
    add(made.exchanges.len(), "exchange");
    add(
        calls
            .iter()
            .map(|call| call.left_behind.changes.len())
            .sum(),
        "row",
    );
    add(
        calls
            .iter()
            .map(|call| call.left_behind.module_log.len())
            .sum(),
        "module log entry",
    );
    add(
        made.seen
            .left_behind
            .iter()
            .map(|left| left.emails.len())
            .sum(),
        "e-mail",
    );
    parts.join(", ").replace("entrys", "entries")
}

fn tried(text: &mut String, report: &ModuleReport, paint: &dyn Fn(Tone, &str) -> String) {
    let rows = rows(report);
    let _ = writeln!(text, "\n{}", paint(Tone::Strong, "What was tried"));
    match rows.is_empty() {
        true => text.push_str(
            "  The module asked its vendor for nothing, so nothing could go wrong there.\n",
        ),
        false => table(text, &rows, paint),
    }
    for played in others(report) {
        let (tone, mark) = match news(report, played).is_empty() {
            true => (Tone::Good, "✓"),
            false => (Tone::Bad, "✗"),
        };
        let came_to = one_line(&what_it_came_to(played));
        let _ = writeln!(
            text,
            "  {} {}: {}",
            paint(tone, mark),
            played.trial,
            shortened(&came_to, 60)
        );
    }
}

fn table(text: &mut String, rows: &[TableRow<'_>], paint: &dyn Fn(Tone, &str) -> String) {
    const COLUMN: usize = 7;
    let widest = widest(rows.iter().map(|row| row.callback.name()));
    let heads = Column::ALL.map(|column| format!("{:>COLUMN$}", column.head()));
    let head = format!("  {:widest$} {}", "", heads.concat());
    let _ = writeln!(text, "{}", paint(Tone::Faint, &head));
    for row in rows {
        let _ = write!(text, "  {:widest$} ", row.callback.name());
        for cell in &row.cells {
            let (tone, mark) = match (cell.trials, cell.wrong) {
                (0, _) => (Tone::Faint, "·".to_owned()),
                (_, 0) => (Tone::Good, "✓".to_owned()),
                (1, _) => (Tone::Bad, "✗".to_owned()),
                (trials, wrong) => (Tone::Bad, format!("✗ {wrong}/{trials}")),
            };
            let _ = write!(text, "{}", paint(tone, &format!("{mark:>COLUMN$}")));
        }
        text.push('\n');
    }
    text.push('\n');
    for column in Column::ALL {
        let line = format!("  {:6} {}", column.head(), column.meaning());
        let _ = writeln!(text, "{}", paint(Tone::Faint, &line));
    }
}

fn not_emulated(text: &mut String, report: &ModuleReport, paint: &dyn Fn(Tone, &str) -> String) {
    if report.not_emulated.is_empty() {
        return;
    }
    let head = "The module needs this of WHMCS, and the test bed does not have it";
    let _ = writeln!(text, "\n{}", paint(Tone::Strong, head));
    for one in &report.not_emulated {
        let _ = writeln!(
            text,
            "  {}, {}",
            one.what,
            count(one.times as usize, "time")
        );
    }
}

fn findings(text: &mut String, report: &ModuleReport, paint: &dyn Fn(Tone, &str) -> String) {
    for group in report.findings.chunk_by(|a, b| a.finding == b.finding) {
        let Some(first) = group.first() else {
            continue;
        };
        let finding = first.finding;
        let _ = writeln!(
            text,
            "\n{} {}",
            paint(Tone::Bad, &format!("✗ {}", finding.name())),
            paint(Tone::Strong, finding.title()),
        );
        for found in group {
            evidence(text, found, paint);
        }
        wrapped(text, "why", finding.why(), paint);
        wrapped(text, "mend", finding.mend(), paint);
    }
    text.push('\n');
}

fn evidence(text: &mut String, found: &Found, paint: &dyn Fn(Tone, &str) -> String) {
    let times = match found.times {
        1 => String::new(),
        times => format!(" (in {times} trials)"),
    };
    let _ = writeln!(
        text,
        "  {}: {}{}",
        paint(Tone::Value, &one_line(&found.place)),
        one_line(&found.what),
        paint(Tone::Faint, &times)
    );
    let tried = format!("      tried: {}", found.trial);
    let _ = writeln!(text, "{}", paint(Tone::Faint, &tried));
}

fn wrapped(text: &mut String, head: &str, words: &str, paint: &dyn Fn(Tone, &str) -> String) {
    let mut line = String::new();
    let mut head = format!("{head:>6}  ");
    for word in words.split_whitespace() {
        if line.chars().count() + word.chars().count() + 9 > WIDEST {
            let _ = writeln!(text, "{}", paint(Tone::Faint, &format!("{head}{line}")));
            head = " ".repeat(8);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{}", paint(Tone::Faint, &format!("{head}{line}")));
}

fn last_line(report: &ModuleReport, paint: &dyn Fn(Tone, &str) -> String) -> String {
    let tried = format!(
        "{} of {}, {}",
        count(report.trials.len(), "trial"),
        count(rows(report).len(), "callback"),
        duration(report.took)
    );
    match report.kinds() {
        0 => format!("{} no finding; {tried}", paint(Tone::Good, "✓")),
        kinds => format!(
            "{} {}; {tried}",
            paint(Tone::Bad, "✗"),
            count(kinds, "finding")
        ),
    }
}

fn widest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}

fn shortened(text: &str, room: usize) -> String {
    match text.char_indices().nth(room.max(12)) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
