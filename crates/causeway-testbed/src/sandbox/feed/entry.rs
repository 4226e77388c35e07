//! One thing that happened.

use serde::Serialize;
use serde_json::Value;

/// What kind of thing happened; the feed is filtered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A function of the module was called.
    Callback,
    /// A hook point was reached, and somebody listened.
    Hook,
    /// A hook point was reached, and nobody listened.
    SilentHook,
    /// A request went to the vendor.
    Exchange,
    /// A row of WHMCS's database changed.
    Change,
    /// A log was written to, or an e-mail sent.
    Log,
    /// A fault was armed, or taken away.
    Fault,
}

impl Kind {
    /// Each kind with the words of the filter.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Callback, "Callbacks"),
        (Self::Hook, "Hooks"),
        (Self::SilentHook, "Silent hooks"),
        (Self::Exchange, "Vendor"),
        (Self::Change, "Database"),
        (Self::Log, "Logs and mail"),
        (Self::Fault, "Faults"),
    ];
}

/// How it is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to note.
    Plain,
    /// It went well.
    Good,
    /// It is under way, or worth a look.
    Doubtful,
    /// It went wrong.
    Bad,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// What kind of thing.
    pub kind: Kind,
    /// How it is to be taken.
    pub tone: Tone,
    /// What it is: `CreateAccount`, `POST /v1/services`.
    pub title: String,
    /// What came of it, in a few words.
    pub summary: String,
    /// What is seen when it is opened.
    pub details: Vec<Detail>,
    /// The request, for who wants the next such one to go wrong.
    pub again: Option<Again>,
}

/// A request as a fault's place.
#[derive(Debug, Clone, Serialize)]
pub struct Again {
    /// The method.
    pub method: String,
    /// The path below the API's, with `*` for ids.
    pub path: String,
}

/// A labelled text of an entry.
#[derive(Debug, Clone, Serialize)]
pub struct Detail {
    /// What it is.
    pub label: String,
    /// The text, shown as it is.
    pub text: String,
}

impl Entry {
    /// An entry without details.
    pub fn new(
        kind: Kind,
        tone: Tone,
        title: impl Into<String>,
        summary: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            tone,
            title: title.into(),
            summary: summary.into(),
            details: Vec::new(),
            again: None,
        }
    }

    /// One more detail; an empty text is left out.
    #[must_use]
    pub fn detail(mut self, label: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.details.push(Detail {
                label: label.into(),
                text,
            });
        }
        self
    }
}

/// A value as a person reads it: text as it is, the rest as JSON.
pub fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "null".to_owned(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

/// A text that may be JSON, with line breaks if it is.
pub fn indented(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => readable(&value),
        _ => text.to_owned(),
    }
}

/// The beginning of a text, on one line.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
