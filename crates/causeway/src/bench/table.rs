//! The tables, as Markdown for docs/performance.md.

use std::fmt::Write as _;
use std::time::Duration;

use super::figures::Figures;
use super::memory::{IN_FLIGHT, Memory};
use super::way::WayName;

/// What is done at the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Deed {
    /// Buy a service: four calls to the vendor
    Create,
    /// Suspend it: one call
    Suspend,
}

/// One measurement: what was done, by how many callers, and what each way gave.
pub struct Row {
    pub deed: Deed,
    pub callers: usize,
    pub ways: Vec<(WayName, Figures)>,
}

impl Row {
    fn of(&self, name: WayName) -> Option<&Figures> {
        let mut ways = self.ways.iter();
        ways.find(|(other, _)| *other == name)
            .map(|(_, figures)| figures)
    }
}

/// One table: every way, with its ratios to the direct one and to PHP.
pub fn of_calls(vendor_time: Duration, deed: Deed, rows: &[Row]) -> String {
    let calls = match deed {
        Deed::Create => "Creates (four calls to the vendor)",
        Deed::Suspend => "Suspends (one call to the vendor)",
    };
    let mut table = format!(
        "{calls}, a vendor that takes {} ms for each call:\n\n\
         | callers | way | per second | p50 | p99 | CPU each | peak memory | fsyncs each | against direct | against PHP | added p50 | added p99 |\n\
         |--:|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        vendor_time.as_millis()
    );
    for row in rows.iter().filter(|row| row.deed == deed) {
        for (name, figures) in &row.ways {
            let other = |other: WayName| row.of(other).filter(|_| *name != other);
            let _ = writeln!(
                table,
                "| {} | {name} | {} | {} | {} | {} |",
                row.callers,
                measured(figures),
                throughput_against(figures, other(WayName::Direct)),
                throughput_against(figures, other(WayName::Php)),
                added(figures, other(WayName::Direct)),
            );
        }
    }
    table.push('\n');
    table
}

/// How long creates and suspends take with so many services in the journal.
pub fn of_sizes(callers: usize, sizes: &[(usize, Vec<Row>)]) -> String {
    let mut table = format!(
        "{callers} callers, a vendor that takes 0 ms, and a journal with services in it:\n\n\
         | services in the journal | | way | per second | p50 | p99 | CPU each | peak memory | fsyncs each | p50 against the first |\n\
         |--:|:--|:--|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    let first = |deed: Deed, name: WayName| {
        let (_, rows) = sizes.first()?;
        let row = rows.iter().find(|row| row.deed == deed)?;
        row.of(name).map(|figures| figures.p50)
    };
    for (services, rows) in sizes {
        for row in rows {
            for (name, figures) in &row.ways {
                let ratio = first(row.deed, *name).map_or(1.0, |first| figures.p50 / first);
                let deed = match row.deed {
                    Deed::Create => "create",
                    Deed::Suspend => "suspend",
                };
                let _ = writeln!(
                    table,
                    "| {services} | {deed} | {name} | {} | **{ratio:.2}** |",
                    measured(figures)
                );
            }
        }
    }
    table.push('\n');
    table
}

pub fn of_memory(memory: Memory) -> String {
    let mebibytes = |bytes: u64| bytes / (1024 * 1024);
    let each = memory.in_flight.saturating_sub(memory.idle) / IN_FLIGHT as u64;
    format!(
        "Resident memory of `causeway serve`, a process of its own: **{} MiB** idle, **{} MiB** with \
         {IN_FLIGHT} operations in flight whose callers wait ({} MiB at its peak): {} KiB for each of \
         them.\n",
        mebibytes(memory.idle),
        mebibytes(memory.in_flight),
        mebibytes(memory.peak),
        each / 1024,
    )
}

fn measured(figures: &Figures) -> String {
    let syncs = figures
        .syncs
        .map_or_else(String::new, |syncs| format!("{syncs:.2}"));
    format!(
        "{:.0} | {:.2} ms | {:.2} ms | {:.2} ms | +{:.0} MiB | {syncs}",
        figures.per_second, figures.p50, figures.p99, figures.cpu, figures.memory,
    )
}

fn throughput_against(figures: &Figures, other: Option<&Figures>) -> String {
    other.map_or_else(String::new, |other| {
        format!("**{:.2}**", figures.per_second / other.per_second)
    })
}

fn added(figures: &Figures, direct: Option<&Figures>) -> String {
    match direct {
        Some(direct) => format!(
            "{:+.2} ms | {:+.2} ms",
            figures.p50 - direct.p50,
            figures.p99 - direct.p99,
        ),
        None => "|".to_owned(),
    }
}
