//! `causeway test --explain FINDING`.

use std::process::ExitCode;

use causeway_testbed::module_test::Finding;

use crate::terminal::{Paint, print};

/// Says more of a finding.
pub fn finding(finding: Finding) -> miette::Result<ExitCode> {
    let paint = Paint::for_output();
    let text = format!(
        "{}: {}\n\nWhy it matters\n{}\n\nHow to mend it\n{}\n",
        paint.bad(finding.name()),
        paint.bold(finding.title()),
        wrapped(finding.why()),
        wrapped(finding.mend()),
    );
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// At most 100 columns wide.
fn wrapped(words: &str) -> String {
    const WIDEST: usize = 96;
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < WIDEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect::<String>()
        .trim_end()
        .to_owned()
}
