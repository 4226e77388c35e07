//! A vendor's answer, and what it means for the step that asked.

use std::time::Duration;

use serde_json::Value;

use crate::expression::{EvaluationError, Expression, Names};
use crate::model::{Call, Definition, Find, Read};

/// A whole answer, as it came from the wire.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The value of `Retry-After`, when it names seconds or could be turned into them.
    pub retry_after: Option<Duration>,
    /// The body, at most as long as the client's limit.
    pub body: Vec<u8>,
}

/// Without the body, which may say anything back.
impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// It was done; the body as JSON (`null` when there was none).
    Done(Value),
    /// There was nothing left to do (a status of `done_when`).
    AlreadyDone(u16),
    /// The vendor said no, and why.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The vendor's words, in one line.
        reason: String,
    },
    /// The vendor asks to come back later; nothing was done.
    Busy {
        /// The HTTP status.
        status: u16,
        /// How long to wait, when it said so.
        retry_after: Option<Duration>,
    },
    /// It may have been done, and it may not.
    Unknown {
        /// The HTTP status.
        status: u16,
        /// What makes it doubtful, with the vendor's words, in one line.
        reason: String,
    },
}

/// What a look for a resource showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The items that count, and the address of the next page, if there is one.
    Items {
        /// Each item as the vendor gave it.
        items: Vec<Value>,
        /// Where the list goes on.
        next: Option<String>,
    },
    /// The exchange itself did not end well.
    Not(Reading),
}

/// What a look at a known resource showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// It is there.
    Item(Value),
    /// It is gone.
    Gone,
    /// The exchange itself did not end well.
    Not(Reading),
}

impl Definition {
    /// What the answer to a call means.
    pub fn read_call(&self, call: &Call, answer: &Answer) -> Reading {
        if call.done_when.contains(&answer.status) {
            return Reading::AlreadyDone(answer.status);
        }
        let expects_body = !call.keep.is_empty() || call.redirect.is_some();
        self.read_answer(&call.accept, expects_body, answer)
    }

    /// What the answer to a look for a resource shows; `names` are ours, for `where`.
    pub fn read_find(&self, find: &Find, answer: &Answer, names: &Names) -> Found {
        if find.absent_when.contains(&answer.status) {
            return Found::Items {
                items: Vec::new(),
                next: None,
            };
        }
        match self.read_answer(&[], true, answer) {
            Reading::Done(body) => match items_of(find, &body, names) {
                Ok((items, next)) => Found::Items { items, next },
                Err(error) => Found::Not(unreadable(answer.status, &error.to_string())),
            },
            reading => Found::Not(reading),
        }
    }

    /// What the answer to a look at a known resource shows.
    pub fn read_read(&self, read: &Read, answer: &Answer, names: &Names) -> Seen {
        if read.gone_when.contains(&answer.status) {
            return Seen::Gone;
        }
        match self.read_answer(&[], true, answer) {
            Reading::Done(body) => {
                let seen = item_at(read.at.as_ref(), body).and_then(|item| {
                    let counts = read.condition.as_ref().map_or(Ok(true), |condition| {
                        condition.holds(&Names::of_item(&item, names))
                    })?;
                    Ok(if counts { Seen::Item(item) } else { Seen::Gone })
                });
                seen.unwrap_or_else(|error| {
                    Seen::Not(unreadable(answer.status, &error.to_string()))
                })
            }
            reading => Seen::Not(reading),
        }
    }

    fn read_answer(&self, accept: &[u16], expects_body: bool, answer: &Answer) -> Reading {
        let status = answer.status;
        let accepted = if accept.is_empty() {
            (200..300).contains(&status)
        } else {
            accept.contains(&status)
        };
        if accepted {
            return match parse_body(&answer.body) {
                Ok(Value::Null) if expects_body => unreadable(status, "the answer is empty"),
                Ok(body) => Reading::Done(body),
                // What stands in the vendor's place (a maintenance page, a firewall) says 200, too.
                Err(_) if is_web_page(&answer.body) => {
                    unreadable(status, "it is an HTML page, not JSON")
                }
                Err(_) if !expects_body => Reading::Done(Value::Null),
                Err(reason) => unreadable(status, &reason),
            };
        }
        match status {
            429 => Reading::Busy {
                status,
                retry_after: answer.retry_after,
            },
            503 if answer.retry_after.is_some() => Reading::Busy {
                status,
                retry_after: answer.retry_after,
            },
            // A redirect is not followed: the definition's address is the one that was trusted.
            300..=399 => Reading::Refused {
                status,
                reason: "the vendor sent the request elsewhere; is `api` the right address?"
                    .to_owned(),
            },
            // The vendor gave up waiting for the request: a front server's words, as doubtful as a 504.
            408 | 425 => Reading::Unknown {
                status,
                reason: self.vendor_reason(answer),
            },
            400..=499 => Reading::Refused {
                status,
                reason: self.vendor_reason(answer),
            },
            _ => Reading::Unknown {
                status,
                reason: self.vendor_reason(answer),
            },
        }
    }

    /// The vendor's own words in an error answer, in one line: the definition's `error.message`,
    /// else Laravel's `{message, errors: {field: [..]}}` and the other usual places.
    pub fn vendor_reason(&self, answer: &Answer) -> String {
        let Ok(body) = parse_body(&answer.body) else {
            return text_reason(&answer.body);
        };
        if let Some(expression) = &self.error_message
            && let Ok(value) = expression.evaluate(&Names::of_item(&body, &Names::new()))
            && let Some(text) = as_line(&value)
        {
            return text;
        }
        usual_reason(&body).unwrap_or_else(|| text_reason(&answer.body))
    }
}

/// The part of an answer that an `at` points to; the whole when there is none.
///
/// # Errors
/// The place is not there.
pub fn item_at(at: Option<&Expression>, body: Value) -> Result<Value, EvaluationError> {
    match at {
        Some(at) => at.evaluate(&Names::of_item(&body, &Names::new())),
        None => Ok(body),
    }
}

fn items_of(
    find: &Find,
    body: &Value,
    names: &Names,
) -> Result<(Vec<Value>, Option<String>), EvaluationError> {
    let of_body = Names::of_item(body, &Names::new());
    let place = match &find.at {
        // `data[0]` of an empty list is not an error: there is none.
        Some(at) => match at.evaluate(&of_body) {
            Err(EvaluationError::Undefined { .. }) if at.source().ends_with(']') => Value::Null,
            other => other?,
        },
        None => body.clone(),
    };
    let candidates = match place {
        Value::Null => Vec::new(),
        Value::Array(items) => items,
        item => vec![item],
    };
    let mut items = Vec::with_capacity(candidates.len());
    for item in candidates {
        let counts = match &find.condition {
            Some(condition) => condition.holds(&Names::of_item(&item, names))?,
            None => true,
        };
        if counts {
            items.push(item);
        }
    }
    let next = match &find.next {
        Some(next) => match next.evaluate(&of_body) {
            Ok(Value::String(address)) if !address.is_empty() => Some(address),
            Ok(_) | Err(EvaluationError::Undefined { .. }) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    Ok((items, next))
}

fn is_web_page(body: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 6] = [
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<title",
        b"<body",
        b"<h1",
    ];
    let body = body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii_start();
    BEGINNINGS.iter().any(|beginning| {
        body.get(..beginning.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    })
}

fn unreadable(status: u16, reason: &str) -> Reading {
    Reading::Unknown {
        status,
        reason: format!("the answer could not be read: {reason}"),
    }
}

/// Reads a body as JSON; an empty one is `null`. A whole number beyond 64 bits becomes the text of
/// its digits, so that an identifier is never rounded.
///
/// # Errors
/// One line on what is wrong with it.
pub fn parse_body(body: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(body)
        .map_err(|error| format!("it is not UTF-8 (byte {})", error.valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text.starts_with('<') {
        return Err("it is HTML, not JSON".to_owned());
    }
    serde_json::from_str(&quote_long_numbers(text)).map_err(|error| format!("{error}"))
}

/// Every whole number of 64 bits can have so many digits.
const DIGITS_THAT_ALWAYS_FIT: usize = 18;

/// Whether there are more digits in a row than always fit; a look at every 19th byte cannot miss them.
fn has_long_number(bytes: &[u8]) -> bool {
    let step = DIGITS_THAT_ALWAYS_FIT + 1;
    (step - 1..bytes.len()).step_by(step).any(|at| {
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let before = bytes[..at].iter().rev().take_while(is_digit).count();
        let after = bytes[at..].iter().take_while(is_digit).count();
        after > 0 && before + after >= step
    })
}

fn quote_long_numbers(text: &str) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    if !has_long_number(bytes) {
        return text.into();
    }
    let mut quoted = String::new();
    let (mut copied, mut at, mut in_text) = (0, 0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_text => at += 1,
            b'"' => in_text = !in_text,
            b'-' | b'0'..=b'9' if !in_text => {
                let end = bytes[at..]
                    .iter()
                    .position(|byte| {
                        !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                    })
                    .map_or(bytes.len(), |length| at + length);
                let number = &text[at..end];
                let is_whole = number.bytes().skip(1).all(|byte| byte.is_ascii_digit());
                let too_long = number.len() > DIGITS_THAT_ALWAYS_FIT
                    && number.parse::<i64>().is_err()
                    && number.parse::<u64>().is_err();
                if is_whole && too_long {
                    quoted.push_str(&text[copied..at]);
                    quoted.push('"');
                    quoted.push_str(number);
                    quoted.push('"');
                    copied = end;
                }
                at = end - 1;
            }
            _ => {}
        }
        at += 1;
    }
    if copied == 0 {
        return text.into();
    }
    quoted.push_str(&text[copied..]);
    quoted.into()
}

fn usual_reason(body: &Value) -> Option<String> {
    let message = [
        "message",
        "error_description",
        "detail",
        "title",
        "error",
        "msg",
        "reason",
    ]
    .iter()
    .find_map(|name| body.get(name).and_then(nested_message));
    let details: Vec<String> = match body.get("errors") {
        Some(Value::Object(fields)) => fields
            .iter()
            .filter_map(|(field, problems)| as_line(problems).map(|text| (field, text)))
            // Laravel repeats the first problem as the message.
            .filter(|(_, text)| {
                message
                    .as_ref()
                    .is_none_or(|message| !message.contains(text.as_str()))
            })
            .map(|(field, text)| format!("{field}: {text}"))
            .collect(),
        Some(problems @ Value::Array(_)) => as_line(problems).into_iter().collect(),
        _ => Vec::new(),
    };
    let parts: Vec<String> = message.into_iter().chain(details).collect();
    (!parts.is_empty()).then(|| shorten(&parts.join(" — ")))
}

fn nested_message(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.get("message").and_then(as_line),
        other => as_line(other),
    }
}

fn as_line(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items
            .iter()
            .filter_map(nested_message)
            .collect::<Vec<_>>()
            .join(" "),
        Value::Object(fields) => fields
            .values()
            .filter_map(as_line)
            .collect::<Vec<_>>()
            .join(" "),
        Value::Null | Value::Bool(_) => return None,
    };
    let line = shorten(&text);
    (!line.is_empty()).then_some(line)
}

/// The words of an answer that is not JSON: the title of a page, or its first words.
fn text_reason(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(64 * 1024)]);
    if text.trim().is_empty() {
        return "the answer is empty".to_owned();
    }
    let title = text
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| shorten(title))
        .filter(|title| !title.is_empty());
    let words = || match text.trim_start().starts_with('<') {
        true => "the answer is an HTML page".to_owned(),
        false => shorten(&text),
    };
    let line = title.unwrap_or_else(words);
    if line.is_empty() {
        return "the answer holds no words".to_owned();
    }
    line
}

/// One readable line of at most 300 characters: control characters and line ends become blanks.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 300;
    let line = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST - 1).chain(['…']).collect()
}
