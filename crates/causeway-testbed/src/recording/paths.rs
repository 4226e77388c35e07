//! Paths in which ids stand.

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Literal(String),
    /// The id of an item of a collection, by the collection's number.
    Id(usize),
}

/// A path with ids in it, as the script will have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Path(pub Vec<Piece>);

impl Path {
    /// Written down, with the ids of `own` as `{id}`, and those of others by their collection's name.
    pub fn written(&self, own: Option<usize>, names: &[String]) -> String {
        let pieces: String = self
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => format!("/{text}"),
                Piece::Id(collection) if own == Some(*collection) => "/{id}".to_owned(),
                Piece::Id(collection) => format!("/{{{}}}", singular(&names[*collection])),
            })
            .collect();
        if pieces.is_empty() {
            "/".to_owned()
        } else {
            pieces
        }
    }

    /// The collection of the last id in it.
    pub fn last_id(&self) -> Option<usize> {
        self.0.iter().rev().find_map(|piece| match piece {
            Piece::Id(collection) => Some(*collection),
            Piece::Literal(_) => None,
        })
    }
}

/// `accounts` holds an `account`.
pub(super) fn singular(name: &str) -> String {
    let singular = if let Some(stem) = name.strip_suffix("ies") {
        format!("{stem}y")
    } else if let Some(stem) = name.strip_suffix("sses") {
        format!("{stem}ss")
    } else if let Some(stem) = name.strip_suffix('s').filter(|stem| !stem.ends_with('s')) {
        stem.to_owned()
    } else {
        format!("{name}_id")
    };
    identifier(&singular)
}

/// As a name in a script can be written.
pub(super) fn identifier(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() => name,
        _ => format!("x{name}"),
    }
}
