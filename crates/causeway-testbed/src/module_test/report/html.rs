//! One page that needs nothing else: no script to be read, no font, no picture, no server.

use askama::Template;

use super::masked::MaskedModuleReport;
use super::table::{Column, news, others, rows, what_it_came_to};
use crate::emulator::CallRecord;
use crate::module_test::found::Found;
use crate::module_test::made::{Made, Told};
use crate::module_test::run::ModuleReport;
use crate::report::exchange::ExchangeView;
use crate::report::{count, duration, visible};

/// Of what was seen more often than this, the page shows the first.
const MOST_PLACES: usize = 12;
const MOST_EXCHANGES: usize = 12;

#[derive(Template)]
#[template(path = "module_test/page.html")]
struct Page {
    module: String,
    verdict: String,
    is_right: bool,
    facts: Vec<(&'static str, String)>,
    findings: Vec<FindingView>,
    heads: Vec<(&'static str, &'static str)>,
    rows: Vec<RowView>,
    others: Vec<OtherView>,
    life: Vec<StepView>,
    not_emulated: Vec<String>,
    knows_the_vendor: bool,
    version: &'static str,
}

struct FindingView {
    name: &'static str,
    title: &'static str,
    why: &'static str,
    mend: &'static str,
    places: Vec<PlaceView>,
    more: usize,
}

struct PlaceView {
    place: String,
    what: String,
    trial: String,
    times: String,
    exchanges: Vec<ExchangeView>,
}

struct RowView {
    callback: String,
    cells: Vec<CellView>,
}

struct CellView {
    /// `none`, `right`, `wrong`.
    kind: &'static str,
    title: String,
}

struct OtherView {
    is_right: bool,
    trial: String,
    came_to: String,
}

struct StepView {
    callback: String,
    took: String,
    told: String,
    is_right: bool,
    calls: Vec<CallView>,
    page: String,
    exchanges: Vec<ExchangeView>,
    whmcs: Vec<String>,
}

struct CallView {
    function: String,
    returned: String,
    took: String,
    lines: Vec<String>,
}

/// The report as one HTML page.
///
/// # Errors
/// None is known: the template is compiled in.
pub fn html(report: &MaskedModuleReport) -> askama::Result<String> {
    let report = report.report();
    let kinds = report.kinds();
    Page {
        module: report.folder.clone(),
        verdict: match kinds {
            0 => "No finding".to_owned(),
            kinds => count(kinds, "finding"),
        },
        is_right: kinds == 0,
        facts: facts(report),
        findings: findings(report),
        heads: Column::ALL
            .map(|column| (column.head(), column.meaning()))
            .to_vec(),
        rows: row_views(report),
        others: other_views(report),
        life: report.life.iter().map(step).collect(),
        not_emulated: report
            .not_emulated
            .iter()
            .map(|one| format!("{}, {}", one.what, count(one.times as usize, "time")))
            .collect(),
        knows_the_vendor: report.knows_the_vendor,
        version: env!("CARGO_PKG_VERSION"),
    }
    .render()
}

fn facts(report: &ModuleReport) -> Vec<(&'static str, String)> {
    vec![
        ("Module", report.folder.clone()),
        ("Functions", report.functions.len().to_string()),
        ("Trials", report.trials.len().to_string()),
        ("Time", duration(report.took)),
        (
            "Tested",
            report.began_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ),
    ]
}

fn findings(report: &ModuleReport) -> Vec<FindingView> {
    let groups = report.findings.chunk_by(|a, b| a.finding == b.finding);
    let view = |group: &[Found]| {
        let finding = group.first()?.finding;
        Some(FindingView {
            name: finding.name(),
            title: finding.title(),
            why: finding.why(),
            mend: finding.mend(),
            places: group.iter().take(MOST_PLACES).map(place).collect(),
            more: group.len().saturating_sub(MOST_PLACES),
        })
    };
    groups.filter_map(view).collect()
}

fn place(found: &Found) -> PlaceView {
    PlaceView {
        place: visible(&found.place),
        what: match found.detail.is_empty() {
            true => visible(&found.what),
            false => visible(&format!("{}: {}", found.what, found.detail)),
        },
        trial: visible(&found.trial),
        times: match found.times {
            1 => String::new(),
            times => format!("in {times} trials"),
        },
        exchanges: found
            .exchanges
            .iter()
            .take(MOST_EXCHANGES)
            .map(ExchangeView::of)
            .collect(),
    }
}

fn row_views(report: &ModuleReport) -> Vec<RowView> {
    let view = |(column, cell): (&Column, &super::table::Cell)| CellView {
        kind: match (cell.trials, cell.wrong) {
            (0, _) => "none",
            (_, 0) => "right",
            _ => "wrong",
        },
        title: match (cell.trials, cell.wrong) {
            (0, _) => "not tried".to_owned(),
            (trials, 0) => format!(
                "{}: {}, nothing found",
                column.meaning(),
                count(trials, "trial")
            ),
            (trials, wrong) => {
                format!(
                    "{}: {wrong} of {}",
                    column.meaning(),
                    count(trials, "trial")
                )
            }
        },
    };
    rows(report)
        .iter()
        .map(|row| RowView {
            callback: row.callback.to_string(),
            cells: Column::ALL.iter().zip(&row.cells).map(view).collect(),
        })
        .collect()
}

fn other_views(report: &ModuleReport) -> Vec<OtherView> {
    others(report)
        .map(|played| OtherView {
            is_right: news(report, played).is_empty(),
            trial: played.trial.to_string(),
            came_to: visible(&what_it_came_to(played)),
        })
        .collect()
}

fn step(made: &Made) -> StepView {
    StepView {
        callback: made.callback.to_string(),
        took: format!("{} ms", made.took.as_millis()),
        told: visible(&made.told.summary()),
        is_right: made.is_well(),
        calls: made.seen.calls.iter().map(call).collect(),
        page: match &made.told {
            Told::Page { html } => visible(html),
            _ => String::new(),
        },
        exchanges: made.exchanges.iter().map(ExchangeView::of).collect(),
        whmcs: made.seen.left_behind.iter().flat_map(lines_of).collect(),
    }
}

fn call(call: &CallRecord) -> CallView {
    let returned = match (&call.threw, &call.returned) {
        (Some(threw), _) => format!("threw {}: {}", threw.class, threw.message),
        (None, _) if call.exited => "ended the request".to_owned(),
        (None, Some(returned)) => format!("{} {}", returned.kind, returned.value),
        (None, None) => "nothing".to_owned(),
    };
    let mut lines: Vec<String> = call.warnings.iter().map(ToString::to_string).collect();
    if !call.output.is_empty() {
        lines.push(format!("printed {:?}", call.output));
    }
    lines.extend(lines_of(&call.left_behind));
    CallView {
        function: visible(&call.function),
        returned: visible(&shortened(&returned)),
        took: format!("{:.1} ms", call.milliseconds),
        lines: lines.iter().map(|line| visible(line)).collect(),
    }
}

fn lines_of(left: &crate::emulator::LeftBehind) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &left.changes {
        let columns: Vec<String> = change
            .columns
            .iter()
            .map(|one| format!("{}: {} → {}", one.column, one.before, one.after))
            .collect();
        let row = change.row.map(|row| format!(" {row}")).unwrap_or_default();
        let kind = format!("{:?}", change.kind).to_lowercase();
        lines.push(shortened(&format!(
            "{}{row} {kind}: {}",
            change.table,
            columns.join(", ")
        )));
    }
    let log = left.module_log.iter();
    lines.extend(log.map(|entry| format!("module log: {}", entry.action)));
    let log = left.activity_log.iter();
    lines.extend(log.map(|entry| format!("activity log: {}", entry.description)));
    let emails = left.emails.iter();
    lines.extend(emails.map(|email| format!("e-mail to {}: {}", email.to, email.subject)));
    let calls = left.api_calls.iter();
    lines.extend(calls.map(|call| format!("localAPI {}", call.command)));
    lines.iter().map(|line| visible(line)).collect()
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 600;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
