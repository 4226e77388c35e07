//! What is seen on standard error while the cases are played.

use std::fmt;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use causeway_testbed::matrix;
use causeway_testbed::matrix::{CaseResult, GivenVendor, MatrixReport, Verdict};
use causeway_testbed::module_test::Played;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use crate::definitions::ReadDefinition;

const BAR: &str = "{bar:30} {pos}/{len} cases, {msg}, {rate}, {eta} left";
const SPINNER: &str = "{spinner} {msg}";

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressForm {
    /// Nothing
    None,
    /// One line that changes
    Bar,
    /// One JSON object a line
    Json,
}

/// Shows what happens.
pub enum Progress {
    None,
    Bar { bar: ProgressBar, wrong: usize },
    Json,
}

impl Progress {
    /// In the form that was asked for, or the one that fits.
    pub fn new(form: Option<ProgressForm>) -> Self {
        let fitting = match io::stderr().is_terminal() {
            true => ProgressForm::Bar,
            false => ProgressForm::Json,
        };
        match form.unwrap_or(fitting) {
            ProgressForm::None => Self::None,
            ProgressForm::Bar => Self::Bar {
                bar: ProgressBar::hidden(),
                wrong: 0,
            },
            ProgressForm::Json => Self::Json,
        }
    }

    /// What is to be said about the definition, and that the work begins.
    pub fn diagnostics(&mut self, read: &ReadDefinition) {
        if let Self::Json = self
            && read.definition.is_some()
        {
            for diagnostic in &read.diagnostics {
                let mut line = diagnostic.to_json(&read.source, Some(&read.file));
                line["event"] = "diagnostic".into();
                say(&line);
            }
            return;
        }
        eprint!("{}", read.shown());
        if let Self::Bar { bar, .. } = self
            && read.definition.is_some()
        {
            *bar = ProgressBar::new_spinner();
            bar.set_style(style(SPINNER));
            bar.set_message("every scenario once, undisturbed");
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    /// By what everything is known that this run makes there, whatever becomes of the run.
    pub fn vendor(&self, vendor: &GivenVendor) {
        let (url, run) = (vendor.api().as_str(), vendor.run());
        match self {
            Self::None => {}
            Self::Bar { bar, .. } => bar.suspend(|| {
                eprintln!("What is made at {url} has {run} in its e-mail address or domain.");
            }),
            Self::Json => say(&json!({ "event": "vendor", "url": url, "run": run })),
        }
    }

    /// What has happened.
    pub fn show(&mut self, event: matrix::Progress) {
        match event {
            matrix::Progress::Planned { cases } => self.planned(cases),
            matrix::Progress::Played(result) => self.played(&result),
        }
    }

    /// The test of a module begins.
    pub fn module_begins(&mut self) {
        if let Self::Bar { bar, .. } = self {
            *bar = ProgressBar::new_spinner();
            bar.set_style(style(SPINNER));
            bar.set_message("a whole life, in which nothing goes wrong");
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    /// A trial of a module has been played.
    pub fn trial(&mut self, played: &Played) {
        match self {
            Self::None => {}
            Self::Bar { bar, wrong } => {
                *wrong += played.found.len();
                bar.inc(1);
                bar.set_message(format!("{wrong} times something found"));
            }
            Self::Json => say(&json!({
                "event": "trial",
                "trial": played.trial,
                "told": played.told,
                "found": played.found.iter().map(|one| one.finding).collect::<Vec<_>>(),
                "took_ms": u64::try_from(played.took.as_millis()).unwrap_or(u64::MAX),
            })),
        }
    }

    /// So many follow.
    pub fn planned(&mut self, planned: usize) {
        match self {
            Self::None => {}
            Self::Bar { bar, .. } => {
                bar.finish_and_clear();
                *bar = ProgressBar::new(u64::try_from(planned).unwrap_or(u64::MAX));
                bar.set_style(style(BAR));
                bar.set_message("none wrong");
                bar.enable_steady_tick(Duration::from_millis(250));
            }
            Self::Json => say(&json!({ "event": "planned", "cases": planned })),
        }
    }

    fn played(&mut self, result: &CaseResult) {
        let is_wrong = usize::from(result.is_wrong());
        match self {
            Self::None => {}
            Self::Bar { bar, wrong } => {
                *wrong += is_wrong;
                bar.inc(1);
                if is_wrong > 0 {
                    bar.set_message(format!("{wrong} wrong"));
                    bar.println(format!("✗ {}", result.name));
                }
            }
            Self::Json => {
                let mut line = json!({
                    "event": "case",
                    "name": result.name.to_string(),
                    "verdict": verdict(&result.verdict),
                    "took_ms": u64::try_from(result.took.as_millis()).unwrap_or(u64::MAX),
                });
                match &result.verdict {
                    Verdict::Wrong { complaints } => line["complaints"] = complaints.clone().into(),
                    Verdict::NotKnown { not_known } => line["not_known"] = not_known.clone().into(),
                    Verdict::Right | Verdict::RightAfterDecision => {}
                }
                say(&line);
            }
        }
    }

    /// Takes away what changes.
    pub fn clear(&self) {
        if let Self::Bar { bar, .. } = self {
            bar.finish_and_clear();
        }
    }

    /// Every case was played.
    pub fn ended(&self, report: &MatrixReport) {
        if let Self::Json = self {
            let (cases, wrong) = (report.results.len(), report.wrong());
            say(&json!({ "event": "ended", "cases": cases, "wrong": wrong }));
        }
    }
}

fn say(line: &Value) {
    eprintln!("{line}");
}

const fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::RightAfterDecision => "right_after_decision",
        Verdict::NotKnown { .. } => "not_known",
        Verdict::Wrong { .. } => "wrong",
    }
}

/// The templates stand above; one that cannot be read would only look plainer.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key(
            "rate",
            |state: &ProgressState, text: &mut dyn fmt::Write| {
                // What cannot be written to a line is not shown.
                let _ = write!(text, "{:.1} a second", state.per_sec());
            },
        )
        .progress_chars("━╸─")
}
