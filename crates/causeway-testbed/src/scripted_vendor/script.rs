//! A vendor script as typed values.

use std::fmt;

use causeway_definition::Template;
use causeway_definition::request::BodyTemplate;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use indexmap::IndexMap;

use super::grammar::Requires;
use super::path::PathPattern;

/// What a vendor's API does, read from a short TOML file: `docs/vendor-script.md` has every key.
pub struct VendorScript {
    pub(super) title: String,
    pub(super) hosts: Vec<String>,
    pub(super) prefix: String,
    /// The header whose value makes a repeated request get the first one's answer.
    pub(super) idempotency: Option<HeaderName>,
    pub(super) auth: Option<Auth>,
    pub(super) error: ErrorAnswer,
    pub(super) collections: IndexMap<String, Collection>,
    /// In the order in which they are tried: the script's own, actions, what collections do by themselves.
    pub(super) routes: Vec<Route>,
    pub(super) source: String,
}

impl VendorScript {
    /// What the vendor is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The hosts that a module has built in. Empty when any host leads to this vendor.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// What stands before every path, as in `/v1`; may be empty.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The collections' names.
    pub fn collections(&self) -> impl Iterator<Item = &str> {
        self.collections.keys().map(String::as_str)
    }

    /// Whether a collection holds what belongs to no single service (users, contacts): its items may
    /// be there still when the last service has ended.
    #[must_use]
    pub fn is_shared(&self, collection: &str) -> bool {
        let collection = self.collections.get(collection);
        collection.is_some_and(|collection| collection.shared)
    }

    /// The requests that it answers, by method (none: any) and path: `/accounts/{id}`.
    #[must_use]
    pub fn routes(&self) -> Vec<(Option<&str>, String)> {
        let routes = self.routes.iter();
        routes
            .map(|route| {
                let method = route.method.as_ref().map(Method::as_str);
                (method, route.path.to_string())
            })
            .collect()
    }

    /// The file as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for VendorScript {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VendorScript")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

/// What every request must bring.
pub(super) enum Auth {
    Header {
        name: HeaderName,
        value: Template,
    },
    Query {
        name: String,
        value: Template,
    },
    /// User and password of the server form.
    Basic,
    Values(Conditions),
}

/// What a refusal looks like.
#[derive(Default)]
pub(super) struct ErrorAnswer {
    /// In place of the status that fits, as with APIs that answer everything with 200.
    pub status: Option<StatusCode>,
    pub body: Option<BodyTemplate>,
}

pub(super) struct Collection {
    pub id: Option<Template>,
    pub id_field: String,
    pub fields: IndexMap<String, BodyTemplate>,
    pub required: Vec<String>,
    pub unique: Vec<String>,
    pub hidden: Vec<String>,
    pub wrap: Option<String>,
    pub wrap_list: Option<String>,
    pub filters: Vec<String>,
    pub gone: StatusCode,
    pub shared: bool,
}

/// One way to answer a request.
pub(super) struct Route {
    /// `None` answers to every method.
    pub method: Option<Method>,
    pub path: PathPattern,
    pub host: Option<String>,
    pub when: Conditions,
    pub requires: Requires,
    /// Whether it answers without authentication.
    pub is_open: bool,
    pub deed: Deed,
    pub answer: AnswerTemplate,
}

/// What a route does to a collection.
pub(super) enum Deed {
    Nothing,
    Create {
        collection: String,
        set: IndexMap<String, BodyTemplate>,
    },
    List {
        collection: String,
    },
    Read {
        collection: String,
        id: Template,
    },
    Change {
        collection: String,
        id: Template,
        change: Change,
    },
    Delete {
        collection: String,
        id: Template,
    },
}

/// Where the new values of an item come from.
pub(super) enum Change {
    Request,
    Fields(IndexMap<String, BodyTemplate>),
}

#[derive(Default)]
pub(super) struct AnswerTemplate {
    pub status: Option<StatusCode>,
    pub headers: Vec<(HeaderName, Template)>,
    pub body: AnswerBody,
}

#[derive(Default)]
pub(super) enum AnswerBody {
    /// The item, the list, or nothing.
    #[default]
    Own,
    Json(BodyTemplate),
    Text {
        content_type: HeaderValue,
        text: Template,
    },
}

/// Values of the request that must be equal, by where they stand and what they are called.
#[derive(Default)]
pub(super) struct Conditions(pub Vec<Condition>);

pub(super) struct Condition {
    pub place: Place,
    pub name: String,
    pub value: BodyTemplate,
}

/// Where a value stands in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Query,
    Form,
    Json,
    Headers,
}

impl Place {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Form => "form",
            Self::Json => "json",
            Self::Headers => "headers",
        }
    }
}

impl Requires {
    /// Each value that must be there.
    pub(super) fn each(&self) -> impl Iterator<Item = (Place, &str)> {
        [
            (Place::Query, &self.query),
            (Place::Form, &self.form),
            (Place::Json, &self.json),
            (Place::Headers, &self.headers),
        ]
        .into_iter()
        .flat_map(|(place, names)| names.iter().map(move |name| (place, name.as_str())))
    }
}
