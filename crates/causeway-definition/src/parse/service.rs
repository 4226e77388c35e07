//! `[service]` and `[auth]`: what is sold, where its API stands, and who asks.

use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use url::{Host, Url};

use super::mention::{Mention, Place};
use super::reader::{Node, Reader, Table, Text};
use super::requests;
use crate::diagnostic::Diagnostic;
use crate::expression::{Span, Template, split};
use crate::grammar;
use crate::model::{Auth, Service};

const TIMEOUT: Duration = Duration::from_secs(15);
const SETTLE: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(600);
const LONGEST_NAME: usize = 32;

/// The service; what cannot be read of it is noted, and stands in as nothing so that the checks go on.
pub(super) fn service<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Service> {
    let table = reader.table(node, "[service]", node.span(), &grammar::SERVICE)?;
    let name = table
        .text(reader, "name")
        .and_then(|text| module_name(reader, &text));
    let title = table.text(reader, "title").and_then(|text| {
        let empty = text.value.trim().is_empty();
        if empty {
            reader.note(Diagnostic::error(
                "causeway::empty_text",
                text.span,
                "`title` of [service] is empty",
            ));
        }
        (!empty).then(|| text.value.to_owned())
    });
    let api = table
        .text(reader, "api")
        .and_then(|text| api_address(reader, &text));
    Some(Service {
        name: name.unwrap_or_default(),
        title: title.unwrap_or_default(),
        api: api.unwrap_or_else(unreadable_api),
        description: table.string(reader, "description"),
        other_hosts: other_hosts(reader, &table),
        private_network: table.flag(reader, "private_network").unwrap_or(false),
        timeout: positive(reader, &table, "timeout").unwrap_or(TIMEOUT),
        settle: table.duration(reader, "settle").unwrap_or(SETTLE),
        patience: table.duration(reader, "patience").unwrap_or(PATIENCE),
        support: table
            .text(reader, "support")
            .map(|text| page(reader, &text).value.to_owned()),
        author: table.string(reader, "author"),
        logo: table.string(reader, "logo"),
    })
}

/// Stands in for a `[service]` that is not there.
pub(super) fn unreadable() -> Service {
    Service {
        name: String::new(),
        title: String::new(),
        description: None,
        api: unreadable_api(),
        other_hosts: Vec::new(),
        private_network: false,
        timeout: TIMEOUT,
        settle: SETTLE,
        patience: PATIENCE,
        support: None,
        author: None,
        logo: None,
    }
}

/// Stands in for an address that could not be read.
#[expect(clippy::expect_used, reason = "a constant address")]
pub(super) fn unreadable_api() -> Url {
    Url::parse("https://unreadable.invalid").expect("a constant address parses")
}

/// A length of time that is more than nothing.
pub(super) fn positive<'a>(
    reader: &mut Reader<'a>,
    table: &Table<'a>,
    key: &str,
) -> Option<Duration> {
    let duration = table.duration(reader, key)?;
    if duration.is_zero()
        && let Some(node) = table.get(key)
    {
        reader.note(
            Diagnostic::error(
                "causeway::bad_duration",
                node.span(),
                format!("{} must be more than nothing", table.title_of(key)),
            )
            .label("no time at all"),
        );
    }
    (!duration.is_zero()).then_some(duration)
}

fn module_name(reader: &mut Reader<'_>, text: &Text<'_>) -> Option<String> {
    let name = text.value;
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= LONGEST_NAME
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if good {
        return Some(name.to_owned());
    }
    let mended = module_name_from(name);
    reader.note(
        Diagnostic::error(
            "causeway::bad_module_name",
            text.span.clone(),
            format!("{name:?} cannot be the name of a WHMCS module"),
        )
        .label("lower-case letters and digits, starting with a letter, at most 32")
        .maybe_help(mended.map(|mended| format!("for example \"{mended}\""))),
    );
    None
}

/// The module name that is nearest to a text, if it has any letters.
pub(crate) fn module_name_from(text: &str) -> Option<String> {
    let name: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .skip_while(char::is_ascii_digit)
        .take(LONGEST_NAME)
        .collect();
    (!name.is_empty()).then_some(name)
}

fn api_address(reader: &mut Reader<'_>, text: &Text<'_>) -> Option<Url> {
    let bad = |message: &str, help: &str| {
        Diagnostic::error("causeway::bad_address", text.span.clone(), message)
            .label("not the address of an API")
            .help(help)
    };
    const EXAMPLE: &str = "write it like \"https://api.example.com/v1\"";
    let mut url = match Url::parse(text.value) {
        Ok(url) => url,
        Err(error) => {
            reader.note(bad(&format!("`api` is no address: {error}"), EXAMPLE));
            return None;
        }
    };
    let problem = if !matches!(url.scheme(), "http" | "https") {
        Some(bad("`api` must begin with https://", EXAMPLE))
    } else if url.query().is_some() || url.fragment().is_some() {
        Some(bad(
            "`api` has a query or a fragment",
            "a parameter of every request stands in [auth] as `query = { name = \"…\" }`",
        ))
    } else if !url.username().is_empty() || url.password().is_some() {
        Some(bad(
            "`api` has a user name or a password in it",
            "credentials stand in [auth], as `basic = { username = \"…\", password = \"{{ credential }}\" }`",
        ))
    } else if url.scheme() == "http" && !is_loopback(&url) {
        Some(bad(
            "`api` is not encrypted: http is allowed only to this machine (localhost, 127.0.0.1, ::1)",
            "write https://; the credential and the customers' data travel to this address",
        ))
    } else {
        None
    };
    if let Some(problem) = problem {
        reader.note(problem);
        return None;
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Some(url)
}

/// Notes a link of a page that is none.
pub(super) fn page<'t, 'a>(reader: &mut Reader<'_>, text: &'t Text<'a>) -> &'t Text<'a> {
    let beginnings = ["https://", "http://", "{{"];
    if !beginnings.iter().any(|start| text.value.starts_with(start)) {
        reader.note(
            Diagnostic::error(
                "causeway::bad_address",
                text.span.clone(),
                "a page's address begins with https://",
            )
            .label("not the address of a page"),
        );
    }
    text
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn other_hosts<'a>(reader: &mut Reader<'a>, table: &Table<'a>) -> Vec<String> {
    let mut hosts = Vec::new();
    for text in table.texts(reader, "other_hosts").unwrap_or_default() {
        if is_host(text.value) {
            hosts.push(text.value.to_owned());
        } else {
            reader.note(
                Diagnostic::error(
                    "causeway::bad_host",
                    text.span,
                    format!("{:?} is no host", text.value),
                )
                .label("neither `host` nor `host:port`")
                .help("write only the host, as in \"files.example.com\" or \"files.example.com:8443\""),
            );
        }
    }
    hosts
}

fn is_host(text: &str) -> bool {
    let parses = Url::parse(&format!("https://{text}"))
        .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none());
    parses && !text.contains(['/', '@', '?', '#', '*', ' ', '\\'])
}

pub(super) fn auth<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Auth {
    let Some(table) = reader.table(node, "[auth]", node.span(), &grammar::AUTH) else {
        return Auth::default();
    };
    let mut headers = IndexMap::new();
    if let Some(text) = table.text(reader, "bearer")
        && reader.template(&text, &Place::Auth).is_some()
    {
        authorize(&mut headers, &format!("Bearer {}", text.value));
    }
    if let Some(node) = table.get("basic") {
        if let Some(bearer) = table.key_span("bearer") {
            reader.note(
                Diagnostic::error(
                    "causeway::two_methods",
                    node.span(),
                    "[auth] has both `bearer` and `basic`; a request has one Authorization header",
                )
                .label("and here")
                .also(bearer, "here"),
            );
        }
        if let Some(value) = basic(reader, node) {
            authorize(&mut headers, &value);
        }
    }
    headers.extend(requests::headers(reader, &table, &Place::Auth));
    let query = table.template_table(reader, "query", &Place::Auth);
    let parts = ["bearer", "basic", "headers", "query"];
    if !parts.iter().any(|part| table.get(part).is_some()) {
        reader.note(no_auth(node.span()));
    } else if !reader.mentions.iter().any(Mention::is_credential) {
        reader.note(no_credential(node.span()));
    }
    Auth { headers, query }
}

/// The warning for requests that carry no credential.
pub(super) fn no_auth(span: Range<usize>) -> Diagnostic {
    Diagnostic::warning(
        "causeway::no_auth",
        span,
        "no request carries a credential",
    )
    .label("nothing proves who asks")
    .help("add [auth] with `bearer = \"{{ credential }}\"`, or `headers = { X-Api-Key = \"{{ credential }}\" }`")
}

fn no_credential(span: Range<usize>) -> Diagnostic {
    Diagnostic::warning(
        "causeway::no_credential",
        span,
        "[auth] does not use `credential`: every provider would be the same to the vendor",
    )
    .label("the same for every provider")
    .help("`{{ credential }}` is what was kept for this provider with `causeway provider add`; a secret in this file is no secret")
}

fn authorize(headers: &mut IndexMap<String, Template>, value: &str) {
    if let Ok(template) = Template::parse(value) {
        headers.insert("Authorization".to_owned(), template);
    }
}

/// The value of a Basic header, as one template over both parts.
fn basic<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<String> {
    let table = reader.table(node, "`basic` of [auth]", node.span(), &grammar::BASIC)?;
    let mut part = |key| {
        let text = table.text(reader, key)?;
        reader.template(&text, &Place::Auth)?;
        as_expression(text.value)
    };
    let (username, password) = (part("username"), part("password"));
    Some(format!(
        "Basic {{{{ ({} ~ ':' ~ {}) | b64encode }}}}",
        username?, password?
    ))
}

/// A template as one expression: its texts quoted, its expressions joined to them.
fn as_expression(template: &str) -> Option<String> {
    let pieces: Vec<String> = split(template)
        .ok()?
        .into_iter()
        .map(|span| match span {
            Span::Text(range) => {
                let text = template[range].replace('\\', "\\\\").replace('\'', "\\'");
                format!("'{text}'")
            }
            Span::Expression(range) => format!("({})", template[range].trim()),
        })
        .collect();
    Some(if pieces.is_empty() {
        "''".to_owned()
    } else {
        pieces.join(" ~ ")
    })
}
