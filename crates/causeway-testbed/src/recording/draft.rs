//! A vendor script before it is written.

use serde_json::Value;

use crate::scripted_vendor::Place;

use super::collections::Item;

#[derive(Default)]
pub(super) struct Draft {
    pub title: String,
    pub hosts: Vec<String>,
    pub prefix: String,
    pub idempotency: Option<String>,
    pub auth: Option<DraftAuth>,
    pub error: Option<Value>,
    pub collections: Vec<DraftCollection>,
    /// In the order in which they are tried.
    pub routes: Vec<DraftRoute>,
}

pub(super) enum DraftAuth {
    Header { name: String, value: String },
    Query { name: String },
    Basic,
    Needs(Vec<Parameter>),
}

/// A value of a request, by where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameter {
    pub place: Place,
    pub name: String,
    pub value: Value,
}

#[derive(Default)]
pub(super) struct DraftCollection {
    pub name: String,
    pub path: String,
    pub id: Option<String>,
    pub id_field: String,
    pub fields: Item,
    pub required: Vec<String>,
    pub unique: Vec<String>,
    pub hidden: Vec<String>,
    pub wrap: Option<String>,
    pub wrap_list: Option<String>,
    pub filters: Vec<String>,
    pub gone: Option<u16>,
    pub actions: Vec<DraftRoute>,
}

pub(super) struct DraftRoute {
    pub method: String,
    pub path: String,
    pub host: Option<String>,
    pub when: Vec<Parameter>,
    pub is_open: bool,
    /// `creates`, `reads`, …, with the collection; an action has none.
    pub deed: Option<(&'static str, String)>,
    pub set: Item,
    /// When it is not the usual one.
    pub status: Option<u16>,
    pub body: DraftBody,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum DraftBody {
    /// The item, the list, or nothing.
    Own,
    Json(Value),
    Text {
        content_type: String,
        text: String,
    },
}
