//! A request as a definition describes it, and as it is sent.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::expression::{EvaluationError, Names, Template};
use crate::model::Auth;

/// The HTTP methods that a definition can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether RFC 9110 (section 9.2.2) calls the method idempotent.
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }
}

/// How a body is written on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`; nested values as `a[b]`, the way PHP reads them.
    Form,
}

/// A request with templates in it.
#[derive(Debug)]
pub struct RequestTemplate {
    /// The method.
    pub method: Method,
    /// The path, added to the definition's `api`; it may carry a query.
    pub path: Template,
    /// Further query parameters; one that renders to `null` is left out.
    pub query: IndexMap<String, Template>,
    /// Headers beside those of `[auth]`.
    pub headers: IndexMap<String, Template>,
    /// The body.
    pub body: Option<BodyTemplate>,
    /// How the body is written.
    pub format: BodyFormat,
}

/// A body: the tree that the file shows, with templates as leaves.
#[derive(Debug)]
pub enum BodyTemplate {
    /// A text of the file.
    Template(Template),
    /// A number or a boolean of the file.
    Literal(Value),
    /// A list.
    List(Vec<BodyTemplate>),
    /// A table.
    Table(IndexMap<String, BodyTemplate>),
}

/// A request that is ready to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path and query below the definition's `api`, or a whole address (a next page).
    pub target: String,
    /// Headers, those of `[auth]` among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Value>,
    /// How the body is written.
    pub format: BodyFormat,
}

/// Without what the vendor alone may read: headers and body, and an address that may hold a key.
impl std::fmt::Debug for Request {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl RequestTemplate {
    /// Fills the templates in.
    ///
    /// # Errors
    /// A name that is not there, or a value that cannot stand where it is used.
    pub fn render(&self, auth: &Auth, names: &Names) -> Result<Request, EvaluationError> {
        let mut target = self.path.address(names)?;
        for (name, value) in self.query.iter().chain(&auth.query) {
            if value.value(names)?.is_null() {
                continue;
            }
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(name);
            target.push('=');
            target.push_str(&encode_query_value(value, names)?);
        }
        Ok(Request {
            method: self.method,
            target,
            headers: render_headers(auth, &self.headers, names)?,
            body: self
                .body
                .as_ref()
                .map(|body| body.render(names))
                .transpose()?,
            format: self.format,
        })
    }

    /// Refuses a look for a resource whose filter has no value: most APIs take `?email=` for no
    /// filter at all, and the first user of all would be taken for the one that was meant.
    ///
    /// # Errors
    /// The parameter that has no value.
    pub fn refuse_empty_filters(&self, names: &Names) -> Result<(), EvaluationError> {
        for value in self.query.values() {
            let text = value.text(names)?;
            if text.trim().is_empty() {
                let expression = value.source().to_owned();
                return Err(EvaluationError::NotForAddress {
                    expression,
                    value: text,
                });
            }
        }
        Ok(())
    }

    /// Every template of the request, for checks.
    pub fn templates(&self) -> Vec<&Template> {
        let mut templates = vec![&self.path];
        templates.extend(self.query.values());
        templates.extend(self.headers.values());
        if let Some(body) = &self.body {
            body.collect_templates(&mut templates);
        }
        templates
    }
}

impl Request {
    /// The request for the next page of a list, at the address that the vendor gave: a whole one,
    /// a path on the API's host, or only another query (`?page=2`).
    pub fn following(&self, address: &str, api: &url::Url) -> Self {
        let target = if address.starts_with('?') {
            let path = self.target.split('?').next().unwrap_or_default();
            format!("{path}{address}")
        } else if address.starts_with('/') {
            // A path of the host, not one below `api`: `/v10/users` is not below `/v1`.
            api.join(address)
                .map_or_else(|_| address.to_owned(), String::from)
        } else {
            address.to_owned()
        };
        Self {
            target,
            body: None,
            ..self.clone()
        }
    }
}

impl BodyTemplate {
    /// Fills the templates in; a lone expression keeps the type of its value.
    ///
    /// # Errors
    /// A name that is not there.
    pub fn render(&self, names: &Names) -> Result<Value, EvaluationError> {
        Ok(match self {
            Self::Template(template) => template.value(names)?,
            Self::Literal(value) => value.clone(),
            Self::List(items) => Value::Array(
                items
                    .iter()
                    .map(|item| item.render(names))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Table(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(name, item)| Ok((name.clone(), item.render(names)?)))
                    .collect::<Result<_, EvaluationError>>()?,
            ),
        })
    }

    fn collect_templates<'t>(&'t self, into: &mut Vec<&'t Template>) {
        match self {
            Self::Template(template) => into.push(template),
            Self::Literal(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.collect_templates(into)),
            Self::Table(entries) => {
                entries
                    .values()
                    .for_each(|item| item.collect_templates(into));
            }
        }
    }
}

fn render_headers(
    auth: &Auth,
    own: &IndexMap<String, Template>,
    names: &Names,
) -> Result<Vec<(String, String)>, EvaluationError> {
    auth.headers
        .iter()
        .chain(own)
        .map(|(name, value)| Ok((name.clone(), value.text(names)?)))
        .collect()
}

/// An address piece in a query: encoded, and allowed to be empty or dots.
fn encode_query_value(value: &Template, names: &Names) -> Result<String, EvaluationError> {
    let text = value.text(names)?;
    Ok(url::form_urlencoded::byte_serialize(text.as_bytes()).collect())
}
