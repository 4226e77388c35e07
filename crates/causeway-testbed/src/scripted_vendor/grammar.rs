//! The keys of a vendor script, as they stand in the file.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::{Spanned, Value};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub title: Option<String>,
    #[serde(default)]
    pub hosts: Vec<Spanned<String>>,
    pub prefix: Option<Spanned<String>>,
    pub idempotency: Option<Spanned<String>>,
    pub auth: Option<Spanned<Auth>>,
    pub error: Option<Spanned<Error>>,
    #[serde(default)]
    pub collections: IndexMap<Spanned<String>, Spanned<Collection>>,
    #[serde(default)]
    pub routes: Vec<Spanned<Route>>,
}

/// `[auth]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Auth {
    pub header: Option<Spanned<String>>,
    pub query: Option<Spanned<String>>,
    pub value: Option<Spanned<String>>,
    #[serde(default)]
    pub basic: bool,
    pub needs: Option<When>,
}

/// `[error]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Error {
    pub status: Option<Spanned<u16>>,
    pub body: Option<Spanned<Value>>,
}

/// `[collections.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collection {
    pub path: Option<Spanned<String>>,
    pub id: Option<Spanned<String>>,
    pub id_field: Option<String>,
    #[serde(default)]
    pub fields: IndexMap<String, Spanned<Value>>,
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(default)]
    pub unique: Vec<String>,
    #[serde(default)]
    pub hidden: Vec<String>,
    pub wrap: Option<String>,
    pub wrap_list: Option<String>,
    #[serde(default)]
    pub filters: Vec<String>,
    pub gone: Option<Spanned<u16>>,
    pub only: Option<Vec<Spanned<Verb>>>,
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    pub actions: Vec<Spanned<Action>>,
}

/// What a collection can do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verb {
    Create,
    List,
    Read,
    Change,
    Delete,
}

/// `[[collections.NAME.actions]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Action {
    pub get: Option<Spanned<String>>,
    pub post: Option<Spanned<String>>,
    pub put: Option<Spanned<String>>,
    pub patch: Option<Spanned<String>>,
    pub delete: Option<Spanned<String>>,
    pub any: Option<Spanned<String>>,
    pub when: Option<When>,
    pub requires: Option<Requires>,
    pub set: Option<IndexMap<String, Spanned<Value>>>,
    pub status: Option<Spanned<u16>>,
    pub headers: Option<IndexMap<Spanned<String>, Spanned<String>>>,
    pub answer: Option<Spanned<Value>>,
}

/// `[[routes]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    pub get: Option<Spanned<String>>,
    pub post: Option<Spanned<String>>,
    pub put: Option<Spanned<String>>,
    pub patch: Option<Spanned<String>>,
    pub delete: Option<Spanned<String>>,
    pub any: Option<Spanned<String>>,
    pub host: Option<String>,
    pub when: Option<When>,
    pub requires: Option<Requires>,
    #[serde(default)]
    pub open: bool,
    pub creates: Option<Spanned<String>>,
    pub lists: Option<Spanned<String>>,
    pub reads: Option<Spanned<String>>,
    pub changes: Option<Spanned<String>>,
    pub deletes: Option<Spanned<String>>,
    pub id: Option<Spanned<String>>,
    pub set: Option<IndexMap<String, Spanned<Value>>>,
    pub status: Option<Spanned<u16>>,
    pub headers: Option<IndexMap<Spanned<String>, Spanned<String>>>,
    pub body: Option<Spanned<Value>>,
    pub text: Option<Spanned<String>>,
    pub content_type: Option<Spanned<String>>,
}

/// Values of the request that must be equal.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    #[serde(default)]
    pub query: IndexMap<String, Spanned<Value>>,
    #[serde(default)]
    pub form: IndexMap<String, Spanned<Value>>,
    #[serde(default)]
    pub json: IndexMap<String, Spanned<Value>>,
    #[serde(default)]
    pub headers: IndexMap<String, Spanned<Value>>,
}

/// Values of the request that must be there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requires {
    #[serde(default)]
    pub query: Vec<String>,
    #[serde(default)]
    pub form: Vec<String>,
    #[serde(default)]
    pub json: Vec<String>,
    #[serde(default)]
    pub headers: Vec<String>,
}
