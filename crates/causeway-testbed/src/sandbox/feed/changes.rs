//! Changes of WHMCS's database of which no record came: what differs from the last look. A request that
//! breaks down takes its record with it, and what it had written stays.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::entry::{Entry, Kind, Tone, readable, shortened};

/// Columns that say only when a row was written.
const TIMES: [&str; 4] = ["created_at", "updated_at", "last_attempt", "lastlogin"];

type Row = BTreeMap<String, String>;
type Tables = BTreeMap<String, BTreeMap<i64, Row>>;

/// Looks at a database again and again.
#[derive(Debug)]
pub struct Changes {
    file: PathBuf,
    before: Tables,
}

impl Changes {
    /// Everything that is there by now is not a change.
    pub fn since_now(file: PathBuf) -> Self {
        let before = read(&file).unwrap_or_default();
        Self { file, before }
    }

    /// What has changed since the last time. A database that cannot be read just now is looked at the
    /// next time.
    pub fn take(&mut self) -> Vec<Entry> {
        let Ok(now) = read(&self.file) else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut self.before, now);
        differences(&before, &self.before)
    }
}

fn differences(before: &Tables, now: &Tables) -> Vec<Entry> {
    let nothing = BTreeMap::new();
    let mut entries = Vec::new();
    for (table, rows) in now {
        let had = before.get(table).unwrap_or(&nothing);
        for (id, row) in rows {
            match had.get(id) {
                None => entries.push(added(table, *id, row)),
                Some(old) => entries.extend(changed(table, *id, old, row)),
            }
        }
        for id in had.keys().filter(|id| !rows.contains_key(id)) {
            entries.push(of_row(table, Some(*id), "removed"));
        }
    }
    entries
}

fn added(table: &str, id: i64, row: &Row) -> Entry {
    let columns: Vec<String> = row
        .iter()
        .filter(|(column, value)| {
            !value.is_empty() && !value.starts_with("0000-00-00") && !is_time(column)
        })
        .map(|(column, value)| format!("{column} = {value}"))
        .collect();
    of_row(table, Some(id), "added").detail("Row", columns.join("\n"))
}

fn changed(table: &str, id: i64, old: &Row, new: &Row) -> Option<Entry> {
    let empty = String::new();
    let columns: Vec<String> = new
        .iter()
        .filter(|(column, value)| old.get(*column) != Some(value) && !is_time(column))
        .map(|(column, value)| {
            let was = old.get(column).unwrap_or(&empty);
            format!("{column}: {} → {}", shown(was), shown(value))
        })
        .collect();
    let first = columns.first()?;
    let summary = match columns.len() {
        1 => shortened(first),
        more => format!("{}, and {} more", shortened(first), more - 1),
    };
    Some(of_row(table, Some(id), &summary).detail("Columns", columns.join("\n")))
}

/// Says of a row, or of a table, what became of it.
pub fn of_row(table: &str, id: Option<i64>, summary: &str) -> Entry {
    let title = match id {
        Some(id) => format!("{table} {id}"),
        None => table.to_owned(),
    };
    Entry::new(Kind::Change, Tone::Plain, title, summary)
}

/// Whether a column says only when its row was written.
pub fn is_time(column: &str) -> bool {
    TIMES.contains(&column)
}

/// A value as it stands in a list of changes.
pub fn shown(value: &str) -> &str {
    match value {
        "" | "null" => "(empty)",
        value => value,
    }
}

/// Every table, those of the module, too, but not the emulator's own.
fn read(file: &PathBuf) -> rusqlite::Result<Tables> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_master
             WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
               AND name NOT LIKE 'emulator!_%' ESCAPE '!'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut tables = Tables::new();
    for name in names {
        let quoted = name.replace('"', "\"\"");
        // A table WITHOUT ROWID has no number that a person could be told.
        if let Ok(rows) = rows(&connection, &quoted) {
            tables.insert(name, rows);
        }
    }
    Ok(tables)
}

fn rows(connection: &Connection, table: &str) -> rusqlite::Result<BTreeMap<i64, Row>> {
    let mut statement = connection.prepare(&format!("SELECT rowid, * FROM \"{table}\""))?;
    let columns: Vec<String> = statement.column_names().map(ToString::to_string).collect();
    let mut found = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut values = Row::new();
        for (at, column) in columns.iter().enumerate().skip(1) {
            values.insert(column.clone(), text(row.get_ref(at)?));
        }
        found.insert(row.get(0)?, values);
    }
    Ok(found)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => readable(&number.into()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}
