//! The matrix as a picture: a row for each exchange, a column for each fault, six signs in each cell.

use std::collections::HashMap;

use crate::fault_proxy::{Fault, Place};
use crate::matrix::{CaseName, Follow, MatrixReport, Purpose, Reached};
use crate::report::fault_group::{FaultGroup, head};
use crate::report::marks::{Mark, Marks, Tally};

/// The size of a sign's field, and how many stand side by side.
const FIELD: usize = 11;
const SIGNS_IN_A_ROW: usize = 3;

pub struct Grid {
    pub groups: Vec<Group>,
    pub scenarios: Vec<ScenarioRows>,
    pub follows: Vec<FollowKey>,
    pub columns: usize,
}

/// Some columns with a common head.
pub struct Group {
    pub head: &'static str,
    pub description: &'static str,
    pub faults: Vec<Column>,
}

pub struct Column {
    pub head: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    pub begins_group: bool,
}

pub struct ScenarioRows {
    pub name: &'static str,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub step: String,
    pub purpose: &'static str,
    pub name: String,
    /// `GET /users`
    pub request: String,
    pub cells: Vec<Cell>,
    pub total: String,
    pub mark: &'static str,
}

pub struct Cell {
    /// For who does not see the signs.
    pub words: String,
    pub begins_group: bool,
    pub signs: Vec<Sign>,
}

pub struct Sign {
    pub x: usize,
    pub y: usize,
    /// The shape: `right`, `decided`, `not-known`, `wrong`.
    pub shape: &'static str,
    pub title: String,
    /// The number of the wrong case below.
    pub link: Option<usize>,
}

/// Where a follow's sign stands in each cell.
pub struct FollowKey {
    pub number: usize,
    pub name: &'static str,
    pub description: &'static str,
    pub x: usize,
    pub y: usize,
}

impl Grid {
    pub fn of(report: &MatrixReport) -> Self {
        let marks = Marks::of(report);
        let wrong = report.results.iter().filter(|result| result.is_wrong());
        let links = wrong.map(|result| &result.name).zip(1..).collect();
        let groups = groups(&marks);
        let columns: Vec<(Fault, bool)> = FaultGroup::ALL
            .into_iter()
            .flat_map(|group| shown_faults(group, &marks))
            .collect();
        let mut scenarios: Vec<ScenarioRows> = Vec::new();
        for exchange in marks.exchanges() {
            let row = Row::of(exchange, &columns, &marks, &links);
            let name = heading(exchange);
            match scenarios.last_mut() {
                Some(last) if last.name == name => last.rows.push(row),
                _ => scenarios.push(ScenarioRows {
                    name,
                    rows: vec![row],
                }),
            }
        }
        Self {
            columns: columns.len() + 2,
            groups,
            scenarios,
            follows: Follow::ALL
                .into_iter()
                .enumerate()
                .map(follow_key)
                .collect(),
        }
    }
}

/// What stands above the rows of a scenario. A call bears the name of its operation already.
const fn heading(exchange: &Reached) -> &'static str {
    match exchange.name.purpose {
        Purpose::Call => "other operations",
        _ => exchange.name.scenario.name(),
    }
}

/// The faults of a group that were played anywhere, and whether each is its first.
fn shown_faults(group: FaultGroup, marks: &Marks<'_>) -> Vec<(Fault, bool)> {
    let played = |fault: &Fault| {
        marks
            .exchanges()
            .any(|exchange| marks.tally(&exchange.name, [*fault].into_iter()).cases > 0)
    };
    group
        .faults()
        .filter(played)
        .enumerate()
        .map(|(position, fault)| (fault, position == 0))
        .collect()
}

fn groups(marks: &Marks<'_>) -> Vec<Group> {
    let group = |group: FaultGroup| Group {
        head: group.head(),
        description: group.description(),
        faults: shown_faults(group, marks)
            .into_iter()
            .map(|(fault, begins_group)| Column {
                head: head(fault),
                name: fault.name(),
                description: fault.description(),
                begins_group,
            })
            .collect(),
    };
    let all = FaultGroup::ALL.into_iter().map(group);
    all.filter(|group| !group.faults.is_empty()).collect()
}

fn follow_key((position, follow): (usize, Follow)) -> FollowKey {
    let (x, y) = place(position);
    FollowKey {
        number: position + 1,
        name: follow.name(),
        description: follow.description(),
        x,
        y,
    }
}

const fn place(position: usize) -> (usize, usize) {
    (
        position % SIGNS_IN_A_ROW * FIELD,
        position / SIGNS_IN_A_ROW * FIELD,
    )
}

impl Row {
    fn of(
        exchange: &Reached,
        columns: &[(Fault, bool)],
        marks: &Marks<'_>,
        links: &HashMap<&CaseName, usize>,
    ) -> Self {
        let tally = marks.tally(&exchange.name, Fault::ALL.into_iter());
        let name = &exchange.name;
        Self {
            step: name.step.clone(),
            purpose: name.purpose.name(),
            name: name.to_string(),
            request: match &exchange.place {
                Place::Request { method, path } => format!("{} {path}", method.as_str()),
                Place::Connection(_) => String::new(),
            },
            cells: columns
                .iter()
                .map(|(fault, begins)| Cell::of(exchange, *fault, *begins, marks, links))
                .collect(),
            total: match tally.wrong {
                0 => tally.cases.to_string(),
                wrong => format!("{wrong}/{}", tally.cases),
            },
            mark: match tally {
                Tally { wrong: 1.., .. } => "wrong",
                Tally { not_known: 1.., .. } => "not-known",
                Tally { decided: 1.., .. } => "decided",
                Tally { .. } => "right",
            },
        }
    }
}

impl Cell {
    fn of(
        exchange: &Reached,
        fault: Fault,
        begins_group: bool,
        marks: &Marks<'_>,
        links: &HashMap<&CaseName, usize>,
    ) -> Self {
        let tally = marks.tally(&exchange.name, [fault].into_iter());
        let mut signs = Vec::new();
        for (position, follow) in Follow::ALL.into_iter().enumerate() {
            let Some(mark) = marks.get(&exchange.name, fault, follow) else {
                continue;
            };
            let (x, y) = place(position);
            let name = CaseName {
                exchange: exchange.name.clone(),
                fault,
                follow,
            };
            signs.push(Sign {
                x,
                y,
                shape: shape(mark),
                title: format!("{name}: {}", mark.words()),
                link: links.get(&name).copied(),
            });
        }
        let words = match tally {
            Tally { cases: 0, .. } => String::new(),
            Tally {
                cases,
                wrong: 0,
                not_known: not_known @ 1..,
                ..
            } => format!("{cases} not wrong, {not_known} cannot be known here"),
            Tally {
                cases,
                wrong: 0,
                decided: 0,
                ..
            } => format!("{cases} right"),
            Tally {
                cases,
                wrong: 0,
                decided,
                ..
            } => format!("{cases} right, {decided} after a person’s decision"),
            Tally { cases, wrong, .. } => format!("{wrong} of {cases} wrong"),
        };
        Self {
            words,
            begins_group,
            signs,
        }
    }
}

const fn shape(mark: Mark) -> &'static str {
    match mark {
        Mark::Right => "right",
        Mark::Decided => "decided",
        Mark::NotKnown => "not-known",
        Mark::Wrong => "wrong",
    }
}
