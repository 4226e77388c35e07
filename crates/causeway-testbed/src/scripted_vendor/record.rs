//! What the scripted vendor was asked.

/// One answered request, with nothing masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The host that was asked for, without a port.
    pub host: String,
    /// Path and query as they came.
    pub path: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body as it came; empty if there was none.
    pub body: String,
    /// The status that was answered.
    pub status: u16,
    /// The body that was answered.
    pub answer: String,
    /// Whether the script has a route for it.
    pub is_matched: bool,
}
