//! `causeway check`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use causeway_definition::Definition;
use clap::Args;
use serde_json::Value;

use crate::definitions::ReadDefinition;
use crate::diagnostics::render;
use crate::terminal::{Paint, count, print};

/// Say everything that is wrong with definitions, and where
#[derive(Debug, Args)]
pub struct Arguments {
    /// The definitions
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print one JSON array of diagnostics, for editors
    #[arg(long)]
    json: bool,

    /// Exit with 1 on warnings, too
    #[arg(long)]
    deny_warnings: bool,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let read: Vec<_> = arguments
        .files
        .iter()
        .map(|file| ReadDefinition::from_file(file))
        .collect();
    if arguments.json {
        print(&format!("{:#}\n", as_json(&read)))?;
    } else {
        let paint = Paint::for_output();
        let reports: Vec<_> = read.iter().map(|read| report(read, paint)).collect();
        print(&reports.join("\n"))?;
    }
    let errors: usize = read.iter().map(ReadDefinition::errors).sum();
    let warnings: usize = read.iter().map(ReadDefinition::warnings).sum();
    let failed = errors > 0 || (arguments.deny_warnings && warnings > 0);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn as_json(read: &[ReadDefinition]) -> Value {
    read.iter()
        .flat_map(|read| {
            read.diagnostics
                .iter()
                .map(|diagnostic| diagnostic.to_json(&read.source, Some(&read.file)))
        })
        .collect()
}

fn report(read: &ReadDefinition, paint: Paint) -> String {
    let mut text = render(
        &read.diagnostics,
        &read.source,
        &read.file,
        paint.has_colours(),
    );
    let problems = problems(read);
    match &read.definition {
        Some(definition) => {
            let mark = if read.diagnostics.is_empty() {
                paint.good("✓")
            } else {
                paint.doubtful("!")
            };
            let _ = writeln!(
                text,
                "{mark} {}: {}, {}, {}; {problems}",
                paint.bold(&read.file),
                definition.service.title,
                count(definition.resources.len(), "resource"),
                count(definition.operations.len(), "operation"),
            );
            text.push_str(&safety(definition, paint));
        }
        None => {
            let _ = writeln!(
                text,
                "{} {}: {problems}",
                paint.bad("✗"),
                paint.bold(&read.file)
            );
        }
    }
    text
}

fn problems(read: &ReadDefinition) -> String {
    match (read.errors(), read.warnings()) {
        (0, 0) => "no problems".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// Which step can be repeated safely, and why.
fn safety(definition: &Definition, paint: Paint) -> String {
    let steps = definition.safety();
    let widest = steps
        .iter()
        .map(|step| step.step.chars().count())
        .max()
        .unwrap_or_default();
    let mut text = format!(
        "\n  {}\n",
        paint.faint("When the answer to a step is lost, the step")
    );
    for step in steps {
        let mark = if step.goes_on {
            paint.good("✓")
        } else {
            paint.doubtful("!")
        };
        let _ = writeln!(text, "  {mark} {:widest$}  {}", step.step, step.what);
    }
    text
}
