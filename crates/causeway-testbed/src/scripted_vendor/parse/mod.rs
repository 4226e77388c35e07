//! Reads the file of a vendor script. Problems come with their place; those of the file's form one
//! at a time, those of its meaning all at once.

mod collections;
mod reader;
mod routes;

use causeway_definition::Diagnostic;
use http::HeaderName;
use indexmap::IndexMap;
use toml::Spanned;

use self::reader::{Reader, names};
use super::grammar;
use super::script::{Auth, ErrorAnswer, VendorScript};

impl VendorScript {
    /// Reads the text of a vendor script.
    ///
    /// # Errors
    /// What is wrong, where, and what to do, in the order of the file.
    pub fn parse(source: &str) -> Result<Self, Vec<Diagnostic>> {
        let file: grammar::File = toml::from_str(source).map_err(|error| vec![form(&error)])?;
        let mut reader = Reader::new(source);
        let script = script(&mut reader, file);
        reader.finish().map(|()| script)
    }
}

fn form(error: &toml::de::Error) -> Diagnostic {
    let message = error.message().trim().replace('\n', ", ");
    Diagnostic::error(
        "causeway::vendor_script",
        error.span().unwrap_or(0..0),
        message,
    )
    .label("here")
    .help("docs/vendor-script.md has every key")
}

/// The script as far as it can be read; what cannot is noted, and keeps it from being used.
fn script(reader: &mut Reader<'_>, file: grammar::File) -> VendorScript {
    let auth = file.auth.and_then(|auth| self::auth(reader, auth));
    let error = file
        .error
        .map(|error| self::error(reader, error.into_inner()))
        .unwrap_or_default();
    let prefix = prefix(reader, file.prefix);
    let known: Vec<String> = file
        .collections
        .keys()
        .map(|name| name.get_ref().clone())
        .collect();
    let mut routes = Vec::new();
    for route in file.routes {
        routes.extend(routes::route(reader, route, &known));
    }
    let mut actions = Vec::new();
    let mut verbs = Vec::new();
    let mut collections = IndexMap::new();
    for (name, collection) in file.collections {
        let read = collections::collection(reader, name.get_ref(), collection);
        actions.extend(read.actions);
        verbs.extend(read.verbs);
        collections.insert(name.into_inner(), read.collection);
    }
    // An action's path is one more segment than an item's, or a word in the place of an id.
    routes.extend(actions);
    routes.extend(verbs);
    VendorScript {
        title: file.title.unwrap_or_else(|| "Scripted vendor".to_owned()),
        hosts: file.hosts.into_iter().map(Spanned::into_inner).collect(),
        prefix,
        idempotency: file.idempotency.and_then(|name| reader.header_name(&name)),
        auth,
        error,
        collections,
        routes,
        source: reader.source.to_owned(),
    }
}

fn prefix(reader: &mut Reader<'_>, prefix: Option<Spanned<String>>) -> String {
    let Some(prefix) = prefix else {
        return String::new();
    };
    let trimmed = prefix.get_ref().trim_end_matches('/');
    if !trimmed.is_empty() && !trimmed.starts_with('/') {
        reader.error(prefix.span(), "a prefix begins with a slash, as in \"/v1\"");
    }
    trimmed.to_owned()
}

fn auth(reader: &mut Reader<'_>, auth: Spanned<grammar::Auth>) -> Option<Auth> {
    let span = auth.span();
    let auth = auth.into_inner();
    let ways = [
        auth.header.is_some(),
        auth.query.is_some(),
        auth.basic,
        auth.needs.is_some(),
    ];
    if ways.into_iter().filter(|way| *way).count() != 1 {
        reader.error(
            span,
            "[auth] says one way: `header` with `value`, `query`, `basic = true`, or `needs`",
        );
        return None;
    }
    let value = match &auth.value {
        Some(value) => reader.template(value, &names::REQUEST),
        None => reader.template(
            &Spanned::new(span, "{{ credential }}".to_owned()),
            &names::REQUEST,
        ),
    };
    match auth {
        grammar::Auth {
            header: Some(name), ..
        } => {
            let name: HeaderName = reader.header_name(&name)?;
            Some(Auth::Header {
                name,
                value: value?,
            })
        }
        grammar::Auth {
            query: Some(name), ..
        } => Some(Auth::Query {
            name: name.into_inner(),
            value: value?,
        }),
        grammar::Auth {
            needs: Some(needs), ..
        } => Some(Auth::Values(reader.conditions(Some(needs)))),
        grammar::Auth { .. } => Some(Auth::Basic),
    }
}

fn error(reader: &mut Reader<'_>, error: grammar::Error) -> ErrorAnswer {
    ErrorAnswer {
        status: reader.status(error.status),
        body: error
            .body
            .and_then(|body| reader.body(&body, &names::REFUSAL)),
    }
}
