//! The three truths in one table: what they say of the same thing stands in the same line.

use serde_json::Value;

use crate::matrix::Truths;
use crate::report::text::visible;

/// What each side says of one thing.
pub struct TruthRow {
    pub name: String,
    pub whmcs: Vec<String>,
    pub journal: Vec<String>,
    pub vendor: Vec<String>,
    pub differs: bool,
}

/// What the three sides say, thing by thing.
pub fn rows(truths: &Truths) -> Vec<TruthRow> {
    let mut rows = Rows::default();
    rows.add("status", Side::Whmcs, text(&truths.whmcs["status"]));
    let journal = match truths.journal.is_null() {
        true => Some("never heard of it".to_owned()),
        false => text(&truths.journal["status"]),
    };
    rows.add("status", Side::Journal, journal);
    add_vendor(&mut rows, &truths.vendor);
    for (name, value) in fields(&truths.journal["properties"]) {
        rows.add(&name, Side::Journal, text(value));
    }
    for (label, value) in fields(&truths.whmcs["saved"]) {
        let name = rows.name_of_label(&label);
        rows.add(&name, Side::Whmcs, text(value));
    }
    rows.finish()
}

fn add_vendor(rows: &mut Rows, vendor: &Value) {
    let items = |name: &str| vendor[name].as_array().cloned().unwrap_or_default();
    if let Some(resources) = vendor["resources"].as_object() {
        return resources
            .iter()
            .for_each(|(name, items)| add_resource(rows, name, items));
    }
    let services = items("services");
    if services.is_empty() {
        rows.add("status", Side::Vendor, Some("no live service".to_owned()));
    }
    for service in &services {
        add_item(rows, "service", "", service);
    }
    for user in &items("users") {
        add_item(rows, "user", "user_", user);
    }
}

/// What a given vendor's own calls show of a resource; null where nobody can look.
fn add_resource(rows: &mut Rows, name: &str, items: &Value) {
    let Some(items) = items.as_array() else {
        return rows.add(name, Side::Vendor, Some("cannot be known here".to_owned()));
    };
    if items.is_empty() {
        rows.add(name, Side::Vendor, Some("none".to_owned()));
    }
    for item in items {
        add_item(rows, name, &format!("{name}_"), item);
    }
}

/// A service's `id` is what others call `service_id`, and its `license.key` is their `license_key`.
fn add_item(rows: &mut Rows, kind: &str, prefix: &str, item: &Value) {
    for (name, value) in fields(item) {
        match value {
            Value::Object(_) => add_item(rows, kind, &format!("{prefix}{name}_"), value),
            _ if name == "id" && prefix.is_empty() => {
                rows.add(&format!("{kind}_id"), Side::Vendor, text(value));
            }
            _ => rows.add(&format!("{prefix}{name}"), Side::Vendor, text(value)),
        }
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (String, &Value)> {
    let fields = value.as_object().into_iter().flatten();
    fields.map(|(name, value)| (name.clone(), value))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(visible(text)),
        other => Some(visible(&other.to_string())),
    }
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Whmcs,
    Journal,
    Vendor,
}

#[derive(Default)]
struct Rows(Vec<TruthRow>);

impl Rows {
    fn add(&mut self, name: &str, side: Side, value: Option<String>) {
        let Some(value) = value else { return };
        let row = match self.0.iter().position(|row| row.name == name) {
            Some(position) => &mut self.0[position],
            None => {
                self.0.push(TruthRow {
                    name: name.to_owned(),
                    whmcs: Vec::new(),
                    journal: Vec::new(),
                    vendor: Vec::new(),
                    differs: false,
                });
                let last = self.0.len() - 1;
                &mut self.0[last]
            }
        };
        let values = match side {
            Side::Whmcs => &mut row.whmcs,
            Side::Journal => &mut row.journal,
            Side::Vendor => &mut row.vendor,
        };
        // Two services of one user name the user twice; two statuses are two services.
        if name == "status" || !values.contains(&value) {
            values.push(value);
        }
    }

    /// `ShieldPress Security License Key` is a label of `license_key`.
    fn name_of_label(&self, label: &str) -> String {
        let label: String = label
            .chars()
            .map(|letter| match letter.is_alphanumeric() {
                true => letter.to_ascii_lowercase(),
                false => '_',
            })
            .collect();
        let is_name =
            |row: &&TruthRow| label == row.name || label.ends_with(&format!("_{}", row.name));
        let longest = self
            .0
            .iter()
            .filter(is_name)
            .max_by_key(|row| row.name.len());
        longest.map_or(label.clone(), |row| row.name.clone())
    }

    /// Those on which two sides have something to say come first.
    fn finish(mut self) -> Vec<TruthRow> {
        for row in &mut self.0 {
            let sides = [&row.whmcs, &row.journal, &row.vendor];
            let said: Vec<Vec<String>> = sides
                .into_iter()
                .filter(|side| !side.is_empty())
                .map(|side| meanings(&row.name, side))
                .collect();
            row.differs = said.iter().any(|one| *one != said[0])
                || (row.name == "status" && row.vendor.len() > 1);
        }
        let sides = |row: &TruthRow| {
            let all = [&row.whmcs, &row.journal, &row.vendor];
            all.into_iter().filter(|side| !side.is_empty()).count()
        };
        self.0.sort_by_key(|row| sides(row) < 2);
        self.0
    }
}

/// What is compared: the three have words of their own for the same status.
fn meanings(name: &str, values: &[String]) -> Vec<String> {
    let meaning = |value: &String| match (name, value.to_ascii_lowercase().as_str()) {
        (
            "status",
            "terminated" | "cancelled" | "absent" | "pending" | "no live service"
            | "never heard of it",
        ) => "gone".to_owned(),
        ("status", status) => status.to_owned(),
        _ => value.clone(),
    };
    let mut meanings: Vec<String> = values.iter().map(meaning).collect();
    meanings.sort();
    meanings.dedup();
    meanings
}
