//! Texts of others, made harmless, and numbers as people read them.

use std::time::Duration;

use crate::matrix::{MatrixReport, Verdict};

/// A vendor's words cannot break a document, move a cursor or turn the direction of what follows
/// them: characters that do are shown as signs. Lines and tabs stay.
pub fn visible(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' => letter,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fffe}'..='\u{ffff}' => '\u{fffd}',
        _ => letter,
    };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

/// The same in one line.
pub fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// `1 case`, `2,418 cases`
pub fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", thousands(number))
}

/// `2,418`
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `87.4 s`, `2 min 5 s`
pub fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        0..120 => format!("{:.1} s", duration.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// The journal as people call it.
pub fn journal(report: &MatrixReport) -> &str {
    match report.journal {
        "sqlite" => "SQLite",
        "postgres" => "PostgreSQL",
        other => other,
    }
}

/// What a case's verdict complains of.
pub fn complaints(verdict: &Verdict) -> &[String] {
    match verdict {
        Verdict::Wrong { complaints } => complaints,
        Verdict::Right | Verdict::RightAfterDecision | Verdict::NotKnown { .. } => &[],
    }
}

/// What could not be known of the cases, each with how many it is about.
pub fn not_known(report: &MatrixReport) -> Vec<(&str, usize)> {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for result in &report.results {
        let Verdict::NotKnown { not_known } = &result.verdict else {
            continue;
        };
        for reason in not_known {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, cases)) => *cases += 1,
                None => reasons.push((reason, 1)),
            }
        }
    }
    reasons
}
