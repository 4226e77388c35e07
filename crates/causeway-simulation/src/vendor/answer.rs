//! The vendor's answers, and what becomes of them when something goes wrong.

use std::time::Duration;

use causeway_definition::Answer;
use causeway_engine::Reply;
use serde_json::{Value, json};

use crate::fault::Fault;

/// A whole answer.
pub fn answered(status: u16, body: &Value) -> Reply {
    let body = match body {
        Value::Null => Vec::new(),
        body => body.to_string().into_bytes(),
    };
    raw(status, body)
}

fn raw(status: u16, body: Vec<u8>) -> Reply {
    Reply::Answered(Answer {
        status,
        retry_after: None,
        body,
    })
}

/// What the caller gets of an exchange with a fault instead of `whole`; nothing when no answer comes.
pub fn bad_answer(fault: Fault, whole: Option<&(u16, Value)>) -> Option<Reply> {
    let message = |status: u16, text: &str| answered(status, &json!({ "message": text }));
    let lost = |reason: &str| Reply::Unknown {
        reason: reason.to_owned(),
    };
    let too_many = |retry_after| {
        Reply::Answered(Answer {
            status: 429,
            retry_after,
            body: Vec::new(),
        })
    };
    let status = whole.map_or(200, |(status, _)| *status);
    // A refusal has no body that anybody reads for more than its words.
    let spoilt = |body: &[u8]| {
        if status < 300 {
            raw(status, body.to_vec())
        } else {
            lost("the answer was cut short")
        }
    };
    Some(match fault {
        Fault::Refused => message(422, "Not like this."),
        Fault::Unauthorized => message(401, "Unauthenticated."),
        Fault::Redirected => raw(302, Vec::new()),
        Fault::ConnectionRefused => Reply::NotSent {
            reason: "connection refused".to_owned(),
            passing: true,
        },
        Fault::TooMany => too_many(Some(Duration::from_secs(3))),
        Fault::TooManyWithoutTime => too_many(None),
        Fault::ResetBefore | Fault::ResetAfter | Fault::ResetThenActs => {
            lost("the connection was reset")
        }
        Fault::HangsBefore | Fault::HangsAfter | Fault::HangsThenActs => return None,
        Fault::ServerErrorBefore | Fault::ServerErrorAfter => message(500, "Server Error"),
        Fault::BadGatewayAfter => raw(502, b"<html><title>Bad Gateway</title>".to_vec()),
        Fault::GatewayTimeoutThenActs => raw(504, b"<html>".to_vec()),
        Fault::HalfJson => spoilt(b"{\"id\": 1"),
        Fault::EmptyBody => spoilt(b""),
        Fault::OtherShape => spoilt(b"{\"result\": {\"ok\": true}}"),
        Fault::WrongTypes => spoilt(b"{\"id\": {\"value\": 1}, \"data\": 7, \"status\": []}"),
        Fault::SlowAnswer | Fault::TwiceDelivered => match whole {
            Some((status, body)) => answered(*status, body),
            None => return None,
        },
    })
}
