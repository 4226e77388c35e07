//! Where a fault strikes: which request, or which connection.

use std::fmt;
use std::num::NonZeroU32;

use causeway_definition::request::{Method, RequestTemplate};
use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer};

use super::fault::Fault;

/// One of the two ports of a fault proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Port {
    /// The one without TLS.
    Http,
    /// The one with TLS.
    Https,
}

/// What is counted until the fault strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Requests with a method and a path.
    Request {
        /// The method.
        method: Method,
        /// The path, below the upstream's.
        path: PathPattern,
    },
    /// Connections on a port. A caller opens one for each request.
    Connection(Port),
}

impl Place {
    /// The place of every request that comes of a template of a definition.
    #[must_use]
    pub fn of(request: &RequestTemplate) -> Self {
        Self::Request {
            method: request.method,
            path: PathPattern::of_template(request.path.source()),
        }
    }
}

/// A fault, where it strikes, and at which time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArmedFault {
    fault: Fault,
    place: Place,
    time: NonZeroU32,
}

/// A fault that cannot strike at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MisplacedFault {
    /// It is decided before a request is read.
    #[error("{0} strikes a connection, so its place is a connection and not a request")]
    NotAtRequest(Fault),
    /// It needs a request.
    #[error("{0} strikes a request, so its place is a request and not a connection")]
    NotAtConnection(Fault),
    /// It needs TLS.
    #[error("{0} needs TLS, so its place is a connection of the https port")]
    NotWithoutTls(Fault),
}

impl ArmedFault {
    /// A fault that strikes when its place is met for the `time`-th time since it was armed,
    /// counted from 1.
    ///
    /// # Errors
    /// The fault cannot strike there.
    pub fn new(fault: Fault, place: Place, time: NonZeroU32) -> Result<Self, MisplacedFault> {
        match place {
            Place::Request { .. } if fault.is_of_connection() => {
                Err(MisplacedFault::NotAtRequest(fault))
            }
            Place::Connection(_) if !fault.is_of_connection() => {
                Err(MisplacedFault::NotAtConnection(fault))
            }
            Place::Connection(Port::Http) if fault.needs_tls() => {
                Err(MisplacedFault::NotWithoutTls(fault))
            }
            _ => Ok(Self { fault, place, time }),
        }
    }

    /// What goes wrong.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// Where.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The how manieth time, counted from 1.
    #[must_use]
    pub const fn time(&self) -> NonZeroU32 {
        self.time
    }
}

/// A path with gaps, made from the path of a definition's request. A gap is a part of one segment,
/// as a value is encoded before it is put into a path. Shown with `*` for a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    /// Below which the path stands: the API's address, or nothing where the template is a whole
    /// address or begins with an expression.
    is_below_api: bool,
    segments: Vec<Segment>,
}

/// The literal pieces of a segment, with a gap between each two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment(Vec<String>);

impl PathPattern {
    /// `/services/{{ service_id }}/suspend` is every service's; a query is left aside.
    #[must_use]
    pub fn of_template(source: &str) -> Self {
        let source = with_gaps(source);
        let path = source.split(['?', '#']).next().unwrap_or_default();
        let (is_below_api, path) = match path.split_once("://") {
            Some((_, address)) => (false, address.split_once('/').map_or("", |(_, path)| path)),
            None => (!path.starts_with(GAP), path),
        };
        Self {
            is_below_api,
            segments: segments(path).map(Segment::of).collect(),
        }
    }

    /// Is this path, as it came in a request, one of the pattern's? `base` is the path of the API.
    pub(crate) fn matches(&self, base: &str, path: &str) -> bool {
        let path = if self.is_below_api {
            match path.strip_prefix(base) {
                Some(path) if path.is_empty() || path.starts_with('/') => path,
                _ => return false,
            }
        } else {
            path
        };
        let path: Vec<&str> = segments(path).collect();
        let Some(more) = path.len().checked_sub(self.segments.len()) else {
            return false;
        };
        // An expression in front may stand for more than one segment.
        let may_have_more =
            !self.is_below_api && self.segments.first().is_some_and(Segment::begins_with_gap);
        (more == 0 || may_have_more)
            && self
                .segments
                .iter()
                .zip(&path[more..])
                .all(|(segment, text)| segment.matches(text))
    }
}

impl Segment {
    fn of(source: &str) -> Self {
        Self(source.split(GAP).map(decoded).collect())
    }

    fn begins_with_gap(&self) -> bool {
        self.0.len() > 1 && self.0[0].is_empty()
    }

    fn matches(&self, text: &str) -> bool {
        let text = decoded(text);
        let (first, middle, last) = match self.0.as_slice() {
            [] => return text.is_empty(),
            [only] => return *only == text,
            [first, middle @ .., last] => (first, middle, last),
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for piece in middle {
            let Some(after) = behind_a_gap(rest, piece) else {
                return false;
            };
            rest = after;
        }
        rest.len() > last.len() && rest.ends_with(last.as_str())
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            write!(formatter, "/{}", segment.0.join("*"))?;
        }
        Ok(())
    }
}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// No address holds this character.
const GAP: char = '\0';

/// The source with a [`GAP`] for each expression.
fn with_gaps(mut source: &str) -> String {
    let mut text = String::new();
    while let Some((before, rest)) = source.split_once("{{") {
        text.push_str(before);
        text.push(GAP);
        source = rest.split_once("}}").map_or("", |(_, after)| after);
    }
    text.push_str(source);
    text
}

/// A slash at the end means nothing.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.trim_matches('/');
    let is_root = path.is_empty();
    path.split('/').filter(move |_| !is_root)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What follows a gap, which is never empty, and this piece.
fn behind_a_gap<'text>(text: &'text str, piece: &str) -> Option<&'text str> {
    let first = text.chars().next()?.len_utf8();
    let (_, after) = text[first..].split_once(piece)?;
    Some(after)
}
