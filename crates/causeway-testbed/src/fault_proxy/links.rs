//! Addresses in the vendor's answers: a link to the next page has to lead through the proxy again.

use http::HeaderValue;

use super::answer::Answer;

/// The answer with every address at `upstream` (scheme, host and port) turned into one at `proxy`.
pub(crate) fn through_proxy(mut answer: Answer, upstream: &str, proxy: &str) -> Answer {
    for value in answer.headers.values_mut() {
        if let Some(turned) = turned(value.as_bytes(), upstream, proxy)
            && let Ok(turned) = HeaderValue::try_from(turned)
        {
            *value = turned;
        }
    }
    // PHP writes `\/` for a slash in JSON.
    let escaped = |origin: &str| origin.replace('/', "\\/");
    for (upstream, proxy) in [
        (upstream.to_owned(), proxy.to_owned()),
        (escaped(upstream), escaped(proxy)),
    ] {
        if let Some(turned) = turned(&answer.body, &upstream, &proxy) {
            answer.body = turned.into();
        }
    }
    answer
}

/// `None` when there is nothing to turn.
fn turned(text: &[u8], from: &str, to: &str) -> Option<Vec<u8>> {
    let from = from.as_bytes();
    let mut turned = Vec::new();
    let mut rest = text;
    while let Some(at) = position(rest, from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        turned.extend_from_slice(before);
        // `http://vendor` is no part of `http://vendor.example` or `http://vendor:81`.
        let ends_there = !after.first().is_some_and(|next| {
            next.is_ascii_alphanumeric() || matches!(next, b'.' | b'-' | b':' | b'@')
        });
        turned.extend_from_slice(if ends_there { to.as_bytes() } else { from });
        rest = after;
    }
    if turned.is_empty() && rest.len() == text.len() {
        return None;
    }
    turned.extend_from_slice(rest);
    Some(turned)
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| *byte == first) {
        if text[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
