//! What is wrong with a definition, where, and what to do about it.

use std::ops::Range;

use serde::Serialize;
use serde_json::{Value, json};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Advice,
    /// It works, and it will hurt one day.
    Warning,
    /// The definition cannot be used.
    Error,
}

impl Severity {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something to mend in a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable name, such as `causeway::unknown_key`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, in bytes of the source (of its lossy reading, where the source is not UTF-8).
    pub span: Range<usize>,
    /// What to write beside the place; may be empty.
    pub label: String,
    /// Further places that explain it.
    pub others: Vec<Label>,
    /// What to do next.
    pub help: Option<String>,
}

/// A further place that a diagnostic speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where, in bytes of the source.
    pub span: Range<usize>,
    /// What to write beside it.
    pub text: String,
}

/// A place in the source as editors count: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// The position of a byte of the source; one beyond its end is the end.
    pub fn of(source: &str, byte: usize) -> Self {
        let before = &source[..source.floor_char_boundary(byte)];
        let start_of_line = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[start_of_line..].chars().count() + 1,
        }
    }
}

impl Diagnostic {
    /// One of any severity, without label and help.
    pub fn new(
        severity: Severity,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span,
            label: String::new(),
            others: Vec::new(),
            help: None,
        }
    }

    /// Something that keeps the file from being used.
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// Something that will hurt one day.
    pub fn warning(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// The same, with this text beside its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    pub(crate) fn also(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.others.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Whether the definition cannot be used because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where it begins.
    pub fn start(&self, source: &str) -> Position {
        Position::of(source, self.span.start)
    }

    /// Where it ends: the position after its last character.
    pub fn end(&self, source: &str) -> Position {
        Position::of(source, self.span.end)
    }

    /// The diagnostic for editors: `file`, `line`, `column`, `end_line`, `end_column`, `severity`,
    /// `code`, `message`, `help`.
    pub fn to_json(&self, source: &str, file: Option<&str>) -> Value {
        let (start, end) = (self.start(source), self.end(source));
        let mut object = json!({
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "severity": self.severity.name(),
            "code": self.code,
            "message": self.message,
            "help": self.help,
        });
        if let (Some(file), Some(fields)) = (file, object.as_object_mut()) {
            fields.insert("file".to_owned(), Value::from(file));
        }
        object
    }
}

impl std::fmt::Display for Diagnostic {
    /// Message and help, without the place.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}[{}]: {}",
            self.severity.name(),
            self.code,
            self.message
        )?;
        match &self.help {
            Some(help) => write!(formatter, " ({help})"),
            None => Ok(()),
        }
    }
}
