//! What was tried and what happened, as a table: a row for each callback, a column for each kind of
//! trial.

use crate::fault_proxy::Fault;
use crate::module_test::callback::Callback;
use crate::module_test::found::Found;
use crate::module_test::play::Played;
use crate::module_test::run::ModuleReport;
use crate::module_test::trial::{Then, Trial};

/// A kind of trial of which each callback gets some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Nothing goes wrong.
    Well,
    /// An error page.
    Error,
    /// Another page with 200.
    WebPage,
    /// No answer, and nothing was done.
    Unsent,
    /// No answer, and it was done.
    Lost,
    /// An answer without a body.
    Empty,
    /// Half an answer.
    Half,
    /// A redirect.
    Redirect,
    /// The vendor hangs.
    Hangs,
    /// The vendor takes no connection.
    Unconnected,
    /// A certificate that nobody trusts.
    Untrusted,
}

impl Column {
    pub const ALL: [Self; 11] = [
        Self::Well,
        Self::Error,
        Self::WebPage,
        Self::Unsent,
        Self::Lost,
        Self::Empty,
        Self::Half,
        Self::Redirect,
        Self::Hangs,
        Self::Unconnected,
        Self::Untrusted,
    ];

    /// Short enough for the head of a column.
    pub const fn head(self) -> &'static str {
        match self {
            Self::Well => "as is",
            Self::Error => "500",
            Self::WebPage => "page",
            Self::Unsent => "reset",
            Self::Lost => "lost",
            Self::Empty => "empty",
            Self::Half => "half",
            Self::Redirect => "3xx",
            Self::Hangs => "hangs",
            Self::Unconnected => "down",
            Self::Untrusted => "tls",
        }
    }

    /// What the head means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Well => "nothing goes wrong",
            Self::Error => "500 with an HTML page, and the vendor has not acted",
            Self::WebPage => "200 with somebody else's HTML page, and the vendor has not acted",
            Self::Unsent => "the connection is reset before the vendor got the request",
            Self::Lost => "the vendor acts, and its answer is lost: a reset, a 504",
            Self::Empty => "the vendor acts, and the answer has no body",
            Self::Half => "the vendor acts, and the answer is half a JSON",
            Self::Redirect => "307 to the same address",
            Self::Hangs => "the vendor acts and never answers",
            Self::Unconnected => "the vendor takes no connection",
            Self::Untrusted => "the certificate is of an authority that nobody trusts",
        }
    }

    const fn of(trial: &Trial) -> Option<Self> {
        Some(match trial {
            Trial::Fault { fault, .. } => match fault {
                Fault::WebPage => Self::WebPage,
                Fault::ResetBefore => Self::Unsent,
                Fault::EmptyBody => Self::Empty,
                Fault::HalfJson => Self::Half,
                Fault::Redirect => Self::Redirect,
                fault if fault.vendor_acts() => Self::Lost,
                _ => Self::Error,
            },
            Trial::NeverAnswers(_) => Self::Hangs,
            Trial::NeverConnects(_) => Self::Unconnected,
            Trial::Untrusted(_) => Self::Untrusted,
            Trial::Life
            | Trial::CreatedTwice
            | Trial::Gone
            | Trial::Markup
            | Trial::OpenedAlone => return None,
        })
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// How many trials.
    pub trials: usize,
    /// Of how many something was found that had not been found when all was well.
    pub wrong: usize,
}

/// A callback's row.
#[derive(Debug)]
pub struct TableRow<'a> {
    pub callback: &'a Callback,
    pub cells: Vec<Cell>,
}

/// A row for each callback of the life that asked the vendor for something.
pub fn rows(report: &ModuleReport) -> Vec<TableRow<'_>> {
    let mut rows: Vec<TableRow<'_>> = Vec::new();
    for made in &report.life {
        if rows.iter().any(|row| *row.callback == made.callback) {
            continue;
        }
        let cells = Column::ALL.map(|column| cell(report, &made.callback, column));
        if cells.iter().skip(1).any(|cell| cell.trials > 0) {
            rows.push(TableRow {
                callback: &made.callback,
                cells: cells.to_vec(),
            });
        }
    }
    rows
}

/// The trials that belong to no column.
pub fn others(report: &ModuleReport) -> impl Iterator<Item = &Played> {
    report
        .trials
        .iter()
        .filter(|played| Column::of(&played.trial).is_none())
}

/// Whether a trial showed something that the life had not shown.
pub fn news<'a>(report: &'a ModuleReport, played: &'a Played) -> Vec<&'a Found> {
    let known = |found: &&Found| {
        let mut in_life = report.found_in_life.iter();
        in_life.any(|one| one.is_same(found))
    };
    played.found.iter().filter(|found| !known(found)).collect()
}

fn cell(report: &ModuleReport, callback: &Callback, column: Column) -> Cell {
    if column == Column::Well {
        let here = report.found_in_life.iter();
        let here = here.filter(|found| found.callback == callback.name());
        let step = report.life.iter().find(|made| made.callback == *callback);
        let fails = step.is_some_and(|made| !made.is_well());
        return Cell {
            trials: 1,
            wrong: usize::from(fails || here.count() > 0),
        };
    }
    let trials = report.trials.iter().filter(|played| {
        played.struck
            && played.trial.callback() == Some(callback)
            && Column::of(&played.trial) == Some(column)
    });
    trials.fold(Cell::default(), |cell, played| Cell {
        trials: cell.trials + 1,
        wrong: cell.wrong + usize::from(!news(report, played).is_empty()),
    })
}

/// What a row of the other trials says of it.
pub fn what_it_came_to(played: &Played) -> String {
    match &played.trial {
        Trial::Fault {
            then: Then::Terminated,
            ..
        } => format!("{}, then cancelled", played.told),
        _ => played.told.clone(),
    }
}
