//! Uses of names: what is used, and where in the definition.

use std::ops::Range;

use crate::model::OperationKind;

/// Where in a definition a name is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In `[auth]`.
    Auth,
    /// Before the resource of that name is known.
    Making(String),
    /// Once the resource of that name is known.
    Knowing(String),
    /// In a call of an operation, by its number.
    Call(OperationKind, usize),
    /// On the product page.
    ClientArea,
    /// Over an answer, where nothing of ours is known.
    Answer,
}

/// One use of a name.
#[derive(Debug)]
pub(super) struct Mention {
    /// The name with its fields, as `client.email`.
    pub path: String,
    /// Where it stands in the source.
    pub span: Range<usize>,
    /// Where in the definition it is used.
    pub place: Place,
}

impl Mention {
    pub fn ours(path: &str, span: Range<usize>, place: &Place) -> Option<Self> {
        Some(Self {
            path: path.to_owned(),
            span,
            place: place.clone(),
        })
    }

    pub fn behind_ours(path: &str, span: Range<usize>, place: &Place) -> Option<Self> {
        let path = path.strip_prefix("ours.")?;
        Self::ours(path, span, place)
    }

    pub fn is_credential(&self) -> bool {
        self.place == Place::Auth && self.path == "credential"
    }

    /// The option that is used; `Some(None)`: any of them.
    pub fn option(&self) -> Option<Option<&str>> {
        match self.path.split_once('.') {
            Some(("options", name)) => Some(Some(name.split('.').next().unwrap_or(name))),
            None if self.path == "options" => Some(None),
            _ => None,
        }
    }
}
