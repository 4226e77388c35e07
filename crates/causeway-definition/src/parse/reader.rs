//! Walks the file's tables: each value is asked for by its key and its type, and every problem is
//! noted with its place, so that one run shows them all.

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mention::Mention;
use super::suggest;
use crate::diagnostic::Diagnostic;
use crate::grammar::Keys;

/// A value of the file with its place.
pub(super) type Node<'a> = &'a Spanned<DeValue<'a>>;

/// The file being read, and what was noticed on the way.
pub(super) struct Reader<'a> {
    pub source: &'a str,
    pub diagnostics: Vec<Diagnostic>,
    /// Every name that a template or an expression uses, for the checks at the end.
    pub mentions: Vec<Mention>,
    /// Whole addresses in place of paths, checked once the known hosts are known.
    pub addresses: Vec<Text<'a>>,
}

/// A text of the file.
#[derive(Debug, Clone)]
pub(super) struct Text<'a> {
    pub value: &'a str,
    pub span: Range<usize>,
}

/// A table of the file whose keys are known.
pub(super) struct Table<'a> {
    /// How messages call it, as `[service]` or `suspend`.
    pub title: String,
    /// The place to point at when something is missing.
    pub span: Range<usize>,
    entries: &'a DeTable<'a>,
    keys: &'static Keys,
}

/// An entry of a table whose names the author chooses.
pub(super) struct Entry<'a> {
    pub name: &'a str,
    pub name_span: Range<usize>,
    pub node: Node<'a>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str) -> Self {
        Self {
            source,
            diagnostics: Vec::new(),
            mentions: Vec::new(),
            addresses: Vec::new(),
        }
    }

    pub fn note(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The table behind a node; unknown keys in it are noted.
    pub fn table(
        &mut self,
        node: Node<'a>,
        title: impl Into<String>,
        span: Range<usize>,
        keys: &'static Keys,
    ) -> Option<Table<'a>> {
        let title = title.into();
        let entries = self.entries_of(node, &title)?;
        Some(self.known_table(entries, title, span, keys))
    }

    pub fn known_table(
        &mut self,
        entries: &'a DeTable<'a>,
        title: String,
        span: Range<usize>,
        keys: &'static Keys,
    ) -> Table<'a> {
        let mut misspelt = Vec::new();
        for key in entries.keys() {
            let name = key.get_ref().as_ref();
            if keys.get(name).is_none() {
                misspelt.extend(suggest::nearest(name, keys.names()));
                self.unknown_key(&title, name, key.span(), keys);
            }
        }
        let table = Table {
            title,
            span,
            entries,
            keys,
        };
        for key in keys.iter().filter(|key| key.required) {
            if table.get(key.name).is_none() && !misspelt.contains(&key.name) {
                self.note(
                    Diagnostic::error(
                        "causeway::missing_key",
                        table.span.clone(),
                        format!("{} needs `{}`", table.title, key.name),
                    )
                    .label(format!("`{}` is missing", key.name))
                    .help(key.about),
                );
            }
        }
        table
    }

    fn unknown_key(&mut self, title: &str, name: &str, span: Range<usize>, keys: &Keys) {
        let help = suggest::nearest(name, keys.names()).map_or_else(
            || {
                let known: Vec<_> = keys.names().map(|name| format!("`{name}`")).collect();
                format!("known here: {}", known.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        self.note(
            Diagnostic::error(
                "causeway::unknown_key",
                span,
                format!("{title} has no key `{name}`"),
            )
            .label("unknown key")
            .help(help),
        );
    }

    fn entries_of(&mut self, node: Node<'a>, title: &str) -> Option<&'a DeTable<'a>> {
        let table = node.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(node, title, "a table");
        }
        table
    }

    /// The entries of a table whose names the author chooses.
    pub fn named(&mut self, node: Node<'a>, title: &str) -> Vec<Entry<'a>> {
        self.entries_of(node, title)
            .into_iter()
            .flatten()
            .map(|(key, node)| Entry {
                name: key.get_ref().as_ref(),
                name_span: key.span(),
                node,
            })
            .collect()
    }

    pub fn wrong_type(&mut self, node: Node<'a>, what: &str, expected: &str) {
        self.note(wrong_type(node, what, expected));
    }

    pub fn text(&mut self, node: Node<'a>, what: &str) -> Option<Text<'a>> {
        match node.get_ref() {
            DeValue::String(value) => Some(Text {
                value,
                span: node.span(),
            }),
            other => {
                let mut diagnostic = wrong_type(node, what, "a text");
                if !matches!(other, DeValue::Array(_) | DeValue::Table(_)) {
                    diagnostic = diagnostic.help("a text stands in quotes");
                }
                self.note(diagnostic);
                None
            }
        }
    }

    pub fn list(&mut self, node: Node<'a>, what: &str) -> Option<Vec<Node<'a>>> {
        let list = node.get_ref().as_array();
        if list.is_none() {
            self.wrong_type(node, what, "a list");
        }
        list.map(|items| items.iter().collect())
    }

    /// The place in the source of a stretch of a text's value. A text with escapes in it is shown
    /// as a whole: its bytes are not those of the source.
    pub fn within(&self, text: &Text<'_>, range: Range<usize>) -> Range<usize> {
        match self.source[text.span.clone()].find(text.value) {
            Some(offset) if !text.value.is_empty() && range.end <= text.value.len() => {
                let start = text.span.start + offset;
                start + text.value.floor_char_boundary(range.start)
                    ..start + text.value.ceil_char_boundary(range.end)
            }
            _ => text.span.clone(),
        }
    }
}

impl<'a> Table<'a> {
    /// The value behind a key, which the grammar knows.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        debug_assert!(
            self.keys.get(key).is_some(),
            "`{key}` is not in the grammar"
        );
        self.entries.get(key)
    }

    /// The place of a key itself.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.get_key_value(key).map(|(key, _)| key.span())
    }

    /// How messages call the value behind a key.
    pub fn title_of(&self, key: &str) -> String {
        format!("`{key}` of {}", self.title)
    }

    pub fn text(&self, reader: &mut Reader<'a>, key: &str) -> Option<Text<'a>> {
        let node = self.get(key)?;
        reader.text(node, &self.title_of(key))
    }

    pub fn string(&self, reader: &mut Reader<'a>, key: &str) -> Option<String> {
        self.text(reader, key).map(|text| text.value.to_owned())
    }

    pub fn flag(&self, reader: &mut Reader<'a>, key: &str) -> Option<bool> {
        let node = self.get(key)?;
        let flag = node.get_ref().as_bool();
        if flag.is_none() {
            reader.wrong_type(node, &self.title_of(key), "true or false");
        }
        flag
    }

    pub fn count(&self, reader: &mut Reader<'a>, key: &str) -> Option<u32> {
        let node = self.get(key)?;
        let count = whole_number(node.get_ref())
            .and_then(|number| u32::try_from(number).ok())
            .filter(|count| *count > 0);
        if count.is_none() {
            reader.wrong_type(node, &self.title_of(key), "a whole number from 1");
        }
        count
    }

    /// A length of time, such as `"10s"`.
    pub fn duration(&self, reader: &mut Reader<'a>, key: &str) -> Option<Duration> {
        let node = self.get(key)?;
        let (duration, shown) = match whole_number(node.get_ref()) {
            Some(number) => (None, number.to_string()),
            None => {
                let text = reader.text(node, &self.title_of(key))?.value;
                (parse_duration(text), format!("{text:?}"))
            }
        };
        if duration.is_none() {
            reader.note(
                Diagnostic::error(
                    "causeway::bad_duration",
                    node.span(),
                    format!("{} is no length of time: {shown}", self.title_of(key)),
                )
                .label("not a length of time")
                .help("write a whole number and its unit: \"500ms\", \"10s\", \"5m\" or \"1h\""),
            );
        }
        duration
    }

    /// HTTP statuses, when the key is there.
    pub fn statuses(&self, reader: &mut Reader<'a>, key: &str) -> Option<Vec<u16>> {
        let node = self.get(key)?;
        let what = self.title_of(key);
        let items = reader.list(node, &what)?;
        let mut statuses = Vec::with_capacity(items.len());
        for item in items {
            let status = whole_number(item.get_ref())
                .and_then(|number| u16::try_from(number).ok())
                .filter(|status| (100..=599).contains(status));
            match status {
                Some(status) => statuses.push(status),
                None => reader.wrong_type(
                    item,
                    &format!("an entry of {what}"),
                    "an HTTP status (100 to 599)",
                ),
            }
        }
        Some(statuses)
    }

    /// A list of texts with their places, when the key is there.
    pub fn texts(&self, reader: &mut Reader<'a>, key: &str) -> Option<Vec<Text<'a>>> {
        let node = self.get(key)?;
        let what = self.title_of(key);
        let items = reader.list(node, &what)?;
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            texts.extend(reader.text(item, &format!("an entry of {what}")));
        }
        Some(texts)
    }

    /// A table of texts: name to text, with their places.
    pub fn text_table(
        &self,
        reader: &mut Reader<'a>,
        key: &str,
    ) -> Option<IndexMap<&'a str, Text<'a>>> {
        let node = self.get(key)?;
        let what = self.title_of(key);
        let mut texts = IndexMap::new();
        for entry in reader.named(node, &what) {
            if let Some(text) = reader.text(entry.node, &format!("`{}` in {what}", entry.name)) {
                texts.insert(entry.name, text);
            }
        }
        Some(texts)
    }
}

/// The whole number of a value, if it is one that fits.
fn wrong_type(node: Node<'_>, what: &str, expected: &str) -> Diagnostic {
    let value = node.get_ref();
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let found = whole_number(value).map_or_else(|| found.to_owned(), |number| number.to_string());
    Diagnostic::error(
        "causeway::wrong_type",
        node.span(),
        format!("{what} must be {expected}, and is {found}"),
    )
    .label(format!("not {expected}"))
}

pub(super) fn whole_number(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}
