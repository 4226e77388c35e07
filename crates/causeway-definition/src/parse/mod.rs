//! Reads the file of a definition: the tables by hand, so that every problem has its exact place
//! and one run shows them all.

mod checks;
mod language;
mod mention;
mod names;
mod operations;
mod options;
mod reader;
mod requests;
mod resources;
mod service;
mod suggest;
mod template;

use indexmap::IndexMap;
use toml::de::DeTable;

use self::mention::Place;
use self::operations::Operations;
use self::reader::{Node, Reader, Table};
use self::resources::Resources;
pub(crate) use self::service::module_name_from;
use crate::diagnostic::Diagnostic;
use crate::grammar;
use crate::model::{Auth, ClientArea, Definition, ShownValue};

/// The longest file that is read, in bytes.
pub const LONGEST_SOURCE: usize = 1024 * 1024;

/// A definition with its warnings, or everything that is wrong with it.
pub type Parsed = Result<(Definition, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Definition {
    /// Reads the text of a definition. A definition without errors comes with its warnings.
    ///
    /// # Errors
    /// Every problem that was found, warnings among them, in the order of the file.
    pub fn parse(source: &str) -> Parsed {
        if source.len() > LONGEST_SOURCE {
            return Err(vec![too_long(source.len())]);
        }
        let (document, syntax_errors) = DeTable::parse_recoverable(source);
        if !syntax_errors.is_empty() {
            return Err(in_order(syntax_errors.iter().map(syntax).collect()));
        }
        let mut reader = Reader::new(source);
        let end = source.len()..source.len();
        let title = "the definition".to_owned();
        let file = reader.known_table(document.get_ref(), title, end, &grammar::FILE);
        let definition = definition(&mut reader, &file);
        let diagnostics = in_order(reader.diagnostics);
        if diagnostics.iter().any(Diagnostic::is_error) {
            Err(diagnostics)
        } else {
            Ok((definition, diagnostics))
        }
    }

    /// Reads the bytes of a definition, which should be UTF-8.
    ///
    /// # Errors
    /// As [`Definition::parse`]; the place of bytes that are not UTF-8 is that of their lossy reading.
    pub fn parse_bytes(source: &[u8]) -> Parsed {
        if source.len() > LONGEST_SOURCE {
            return Err(vec![too_long(source.len())]);
        }
        let text = std::str::from_utf8(source).map_err(|error| {
            let at = error.valid_up_to();
            let diagnostic = Diagnostic::error(
                "causeway::not_utf8",
                at..at + char::REPLACEMENT_CHARACTER.len_utf8(),
                "the file is not UTF-8",
            )
            .label("the first byte that cannot be read")
            .help("save the file with the encoding UTF-8");
            vec![diagnostic]
        })?;
        Self::parse(text)
    }
}

/// The definition as far as it can be read; what cannot is noted, and keeps it from being used.
fn definition<'a>(reader: &mut Reader<'a>, file: &Table<'a>) -> Definition {
    let service = file
        .get("service")
        .and_then(|node| service::service(reader, node))
        .unwrap_or_else(service::unreadable);
    let auth = match file.get("auth") {
        Some(node) => service::auth(reader, node),
        None => {
            let at = file.key_span("service").unwrap_or(file.span.clone());
            reader.note(service::no_auth(at));
            Auth::default()
        }
    };
    let options = file
        .get("options")
        .map(|node| options::options(reader, node))
        .unwrap_or_default();
    let mut resources = file
        .get("resources")
        .map(|node| resources::resources(reader, node))
        .unwrap_or_default();
    let operations = file
        .get("operations")
        .map(|node| operations::operations(reader, node, &mut resources))
        .unwrap_or_default();
    let properties = options::properties(reader, file.get("properties"), &resources.kept);
    let client_area = file
        .get("client_area")
        .map(|node| client_area(reader, node))
        .unwrap_or_default();
    let error_message = file.get("error").and_then(|node| {
        let table = reader.table(node, "[error]", node.span(), &grammar::ERROR)?;
        table.expression(reader, "message", &Place::Answer)
    });

    let Resources {
        resources,
        places: resource_places,
        kept,
    } = resources;
    let Operations {
        operations,
        places: operation_places,
        forgotten,
        order_is_known,
    } = operations;
    let definition = Definition {
        service,
        auth,
        options,
        properties,
        resources,
        operations,
        client_area,
        error_message,
    };
    let places = checks::Places {
        options: option_places(file),
        resources: resource_places,
        operations: operation_places,
        kept,
        forgotten,
        order_is_known,
    };
    checks::check(reader, &definition, &places);
    definition
}

fn option_places(file: &Table<'_>) -> IndexMap<String, std::ops::Range<usize>> {
    file.get("options")
        .and_then(|node| node.get_ref().as_table())
        .into_iter()
        .flatten()
        .map(|(name, _)| (name.get_ref().to_string(), name.span()))
        .collect()
}

fn client_area<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> ClientArea {
    let keys = &grammar::CLIENT_AREA;
    let Some(table) = reader.table(node, "[client_area]", node.span(), keys) else {
        return ClientArea::default();
    };
    let mut show = Vec::new();
    let lines = table.get("show").and_then(|node| {
        let title = table.title_of("show");
        reader.list(node, &title)
    });
    for line in lines.unwrap_or_default() {
        let title = "a line of `show`";
        let Some(line) = reader.table(line, title, line.span(), &grammar::SHOWN) else {
            continue;
        };
        let label = line.string(reader, "label");
        let value = line.template(reader, "value", &Place::ClientArea);
        let copy = line.flag(reader, "copy").unwrap_or(false);
        if let (Some(label), Some(value)) = (label, value) {
            show.push(ShownValue { label, value, copy });
        }
    }
    let dashboard = table.text(reader, "dashboard").and_then(|text| {
        let text = service::page(reader, &text);
        reader.template(text, &Place::ClientArea)
    });
    ClientArea { show, dashboard }
}

fn too_long(length: usize) -> Diagnostic {
    Diagnostic::error(
        "causeway::too_long",
        0..0,
        format!("the file has {length} bytes; a definition has at most {LONGEST_SOURCE}"),
    )
    .label("too long")
    .help("is it the right file?")
}

fn syntax(error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    Diagnostic::error(
        "causeway::syntax",
        span,
        error.message().trim().replace('\n', ", "),
    )
    .label("cannot be read as TOML")
}

fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    diagnostics
}
