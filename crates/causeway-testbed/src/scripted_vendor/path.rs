//! Paths with parameters in them, as in `/accounts/{id}/suspend`.

use std::fmt;

use indexmap::IndexMap;
use percent_encoding::percent_decode_str;

/// A path whose segments may have one parameter each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathPattern(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `{id}`, or with something around it: `{id}.json`.
    Parameter {
        before: String,
        name: String,
        after: String,
    },
}

/// Why a path is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadPath {
    #[error("a path begins with a slash")]
    NoSlash,
    #[error("a path has neither ? nor #; what a query must have stands in `when` or `requires`")]
    Query,
    #[error("a segment of a path has one parameter at most, as in `/accounts/{{id}}`")]
    Braces,
}

impl fmt::Display for PathPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            match segment {
                Segment::Literal(text) => write!(formatter, "/{text}")?,
                Segment::Parameter {
                    before,
                    name,
                    after,
                } => write!(formatter, "/{before}{{{name}}}{after}")?,
            }
        }
        Ok(())
    }
}

impl PathPattern {
    pub(super) fn parse(path: &str) -> Result<Self, BadPath> {
        let Some(segments) = path.strip_prefix('/') else {
            return Err(BadPath::NoSlash);
        };
        if path.contains(['?', '#']) {
            return Err(BadPath::Query);
        }
        segments
            .split('/')
            .map(Segment::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The parameters' names.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter { name, .. } => Some(name.as_str()),
        })
    }

    /// The parameters' values, when the path fits.
    pub(super) fn matches(&self, path: &str) -> Option<IndexMap<String, String>> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let mut parameters = IndexMap::new();
        for expected in &self.0 {
            let decoded = percent_decode_str(segments.next()?).decode_utf8_lossy();
            match expected {
                Segment::Literal(literal) if *literal == decoded => {}
                Segment::Literal(_) => return None,
                Segment::Parameter {
                    before,
                    name,
                    after,
                } => {
                    let value = decoded.strip_prefix(before)?.strip_suffix(after)?;
                    if value.is_empty() {
                        return None;
                    }
                    parameters.insert(name.clone(), value.to_owned());
                }
            }
        }
        segments.next().is_none().then_some(parameters)
    }
}

impl Segment {
    fn parse(segment: &str) -> Result<Self, BadPath> {
        let Some((before, rest)) = segment.split_once('{') else {
            return if segment.contains('}') {
                Err(BadPath::Braces)
            } else {
                Ok(Self::Literal(segment.to_owned()))
            };
        };
        let (name, after) = rest.split_once('}').ok_or(BadPath::Braces)?;
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !is_name(name) || before.contains('}') || after.contains(['{', '}']) {
            return Err(BadPath::Braces);
        }
        Ok(Self::Parameter {
            before: before.to_owned(),
            name: name.to_owned(),
            after: after.to_owned(),
        })
    }
}
