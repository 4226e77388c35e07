//! Tables, times and durations as text.

use jiff::{SignedDuration, Timestamp};

use crate::terminal::Paint;

/// A time as people read it, in UTC.
pub fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A duration in its one fitting unit: `12 ms`, `3.4 s`, `5 min`, `2 h`, `3 days`.
pub fn duration(duration: SignedDuration) -> String {
    let milliseconds = duration.as_millis().max(0);
    let seconds = duration.as_secs().max(0);
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..=59 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        60..=3599 => format!("{} min", seconds / 60),
        3600..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Rows under headings, as wide as they have to be.
#[derive(Debug)]
pub struct Table<const COLUMNS: usize> {
    headings: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub const fn new(headings: [&'static str; COLUMNS]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells);
    }

    pub fn render(&self, paint: Paint) -> String {
        let widths = self.widths();
        let headings = self.headings.map(str::to_owned);
        let mut text = format!("{}\n", paint.faint(line(&headings, &widths)));
        for row in &self.rows {
            text.push_str(&line(row, &widths));
            text.push('\n');
        }
        text
    }

    fn widths(&self) -> [usize; COLUMNS] {
        let mut widths = self.headings.map(str::len);
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        widths
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded: Vec<String> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    padded.join("  ").trim_end().to_owned()
}
