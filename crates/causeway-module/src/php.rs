//! Values as PHP writes them.

/// A PHP value that a constant can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Php {
    Bool(bool),
    Text(String),
    List(Vec<Php>),
    Map(Vec<(String, Php)>),
}

impl Php {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The value as PHP source; `indent` levels of four spaces stand before the line that it begins on.
    pub(crate) fn source(&self, indent: usize) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Text(text) => quoted(text),
            Self::List(items) => array(indent, items.iter().map(|item| item.source(indent + 1))),
            Self::Map(entries) => array(
                indent,
                entries
                    .iter()
                    .map(|(key, value)| format!("{} => {}", quoted(key), value.source(indent + 1))),
            ),
        }
    }
}

fn array(indent: usize, entries: impl Iterator<Item = String>) -> String {
    let inner = "    ".repeat(indent + 1);
    let lines: String = entries.map(|entry| format!("{inner}{entry},\n")).collect();
    if lines.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{lines}{}]", "    ".repeat(indent))
    }
}

/// Single quotes where they suffice. Control characters are written as escapes, for uploads in text mode change line
/// ends; so are the tags with which PHP begins and ends, for tools that look for them without reading PHP.
fn quoted(text: &str) -> String {
    let plain = !text.chars().any(char::is_control) && !text.contains("<?") && !text.contains("?>");
    if plain {
        return format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    }
    let mut source = String::from("\"");
    for letter in text.chars() {
        match letter {
            '\\' | '"' | '$' => source.extend(['\\', letter]),
            '?' => source.push_str("\\x3f"),
            letter if letter.is_control() => {
                source.push_str(&format!("\\u{{{:x}}}", u32::from(letter)))
            }
            letter => source.push(letter),
        }
    }
    source.push('"');
    source
}
