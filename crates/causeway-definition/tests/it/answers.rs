//! What an answer means.

use std::time::Duration;

use causeway_definition::answer::{Found, Seen, parse_body};
use causeway_definition::{Answer, Definition, Names, Operation, OperationKind, Reading};
use serde_json::{Value, json};

use super::author::{example, parse};

const EXAMPLE: &str = include_str!("../../../../examples/shieldpress.toml");

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        retry_after: None,
        body: body.into(),
    }
}

fn read_call(definition: &Definition, kind: OperationKind, answer: &Answer) -> Reading {
    match &definition.operations[&kind] {
        Operation::Calls(calls) => definition.read_call(&calls[0], answer),
        Operation::Ensure(_) => panic!("{kind} ensures"),
    }
}

fn find(definition: &Definition, body: impl Into<Vec<u8>>) -> Found {
    let find = definition.resources["subscription"].find.as_ref().unwrap();
    definition.read_find(find, &answer(200, body), &Names::new())
}

#[test]
fn statuses_mean_what_the_vendor_did() {
    let definition = example();
    let read =
        |status, body: &str| read_call(&definition, OperationKind::Suspend, &answer(status, body));
    assert_eq!(read(204, ""), Reading::Done(Value::Null));
    assert_eq!(
        read(200, "OK"),
        Reading::Done(Value::Null),
        "no one waits for what it says"
    );
    for page in [
        "<!DOCTYPE html>\n<title>Maintenance",
        "\u{feff} <HTML>",
        "<h1>Soon</h1>",
    ] {
        assert!(
            matches!(read(200, page), Reading::Unknown { .. }),
            "somebody else's page says nothing of what the vendor did: {page}"
        );
    }
    for status in [400, 401, 403, 404, 409, 422, 301, 307] {
        assert!(
            matches!(read(status, "{}"), Reading::Refused { .. }),
            "{status}"
        );
    }
    for status in [408, 500, 502, 503, 504] {
        assert!(
            matches!(read(status, "{}"), Reading::Unknown { .. }),
            "{status}"
        );
    }
    let mut busy = answer(503, "");
    busy.retry_after = Some(Duration::from_secs(3));
    assert_eq!(
        read_call(&definition, OperationKind::Suspend, &busy),
        Reading::Busy {
            status: 503,
            retry_after: busy.retry_after
        }
    );
    assert!(matches!(read(429, ""), Reading::Busy { .. }));
    assert_eq!(
        read_call(&definition, OperationKind::Terminate, &answer(404, "")),
        Reading::AlreadyDone(404)
    );
}

#[test]
fn an_answer_that_is_needed_and_cannot_be_read_is_unknown() {
    let definition = example();
    for body in [&b""[..], b"<html>", b"{\"url\": ", b"\xff\xfe"] {
        let reading = read_call(&definition, OperationKind::SingleSignOn, &answer(200, body));
        assert!(
            matches!(reading, Reading::Unknown { .. }),
            "{body:?}: {reading:?}"
        );
    }
}

#[test]
fn the_vendors_words_are_one_line() {
    let definition = example();
    let say = |body: &str| definition.vendor_reason(&answer(422, body));
    assert_eq!(
        say(
            r#"{"message":"The domain is taken. (and 1 more error)","errors":{"domain":["The domain is taken."],"plan":["The plan is\nnot sold."]}}"#
        ),
        "The domain is taken. (and 1 more error) — plan: The plan is not sold."
    );
    assert_eq!(
        say(r#"{"error":{"code":7,"message":"no credit"}}"#),
        "no credit"
    );
    assert_eq!(
        say(r#"{"error":"invalid_grant","error_description":"token expired"}"#),
        "token expired"
    );
    assert_eq!(
        say(r#"{"errors":[{"message":"a"},{"message":"b"}]}"#),
        "a b"
    );
    assert_eq!(
        say("<html><head><title>502 Bad\nGateway</title></head>"),
        "502 Bad Gateway"
    );
    assert_eq!(
        say("<!doctype html><h1>x</h1>"),
        "the answer is an HTML page"
    );
    assert_eq!(
        say("<html><head><title>\n</title></head>"),
        "the answer is an HTML page"
    );
    assert_eq!(say(""), "the answer is empty");
    assert_eq!(say("\0\u{7f}"), "the answer holds no words");
    assert_eq!(say("out of\u{7} order\r\n🎉"), "out of order 🎉");
    assert_eq!(say(&"ä".repeat(1000)).chars().count(), 300);
    let invalid = definition.vendor_reason(&answer(500, &b"caf\xe9 closed"[..]));
    assert_eq!(invalid, "caf\u{fffd} closed");
}

#[test]
fn the_definition_says_where_the_words_stand() {
    let source = EXAMPLE.to_owned() + "\n[error]\nmessage = \"fault.text\"\n";
    let definition = parse(&source);
    let say = |body: &str| definition.vendor_reason(&answer(400, body));
    assert_eq!(
        say(r#"{"message":"other","fault":{"text":"ours"}}"#),
        "ours"
    );
    assert_eq!(say(r#"{"message":"other"}"#), "other");
}

#[test]
fn a_list_is_looked_through_page_by_page() {
    let definition = example();
    let found = find(
        &definition,
        r#"{"data":[{"id":1,"status":"terminated"},{"id":2,"status":"active"}],"links":{"next":"https://x/?page=2"}}"#,
    );
    assert_eq!(
        found,
        Found::Items {
            items: vec![json!({ "id": 2, "status": "active" })],
            next: Some("https://x/?page=2".to_owned()),
        }
    );
    for links in [r#"{"next":null}"#, r#"{"next":""}"#, "{}", "null"] {
        let found = find(&definition, format!(r#"{{"data":[],"links":{links}}}"#));
        let nothing = Found::Items {
            items: Vec::new(),
            next: None,
        };
        assert_eq!(found, nothing, "{links}");
    }
    assert!(
        matches!(find(&definition, "{}"), Found::Not(Reading::Unknown { .. })),
        "no `data` is not an empty list"
    );
    assert!(matches!(
        find(&definition, "<html>"),
        Found::Not(Reading::Unknown { .. })
    ));
}

#[test]
fn the_first_of_an_empty_list_is_none() {
    let source = EXAMPLE.replace(
        r#"at = "data", next = "links.next" }"#,
        r#"at = "data[0]" }"#,
    );
    let definition = parse(&source);
    let find = definition.resources["user"].find.as_ref().unwrap();
    let items = |body: &str| match definition.read_find(find, &answer(200, body), &Names::new()) {
        Found::Items { items, .. } => items,
        Found::Not(reading) => panic!("{reading:?}"),
    };
    assert_eq!(items(r#"{"data":[]}"#), Vec::<Value>::new());
    assert_eq!(
        items(r#"{"data":[{"id":1},{"id":2}]}"#),
        [json!({ "id": 1 })]
    );
}

#[test]
fn a_known_resource_is_there_or_gone() {
    let definition = example();
    let read = definition.resources["subscription"].read.as_ref().unwrap();
    let see = |status, body: &str| definition.read_read(read, &answer(status, body), &Names::new());
    assert_eq!(see(200, r#"{"id":1}"#), Seen::Item(json!({ "id": 1 })));
    assert_eq!(see(404, "<html>"), Seen::Gone);
    assert!(matches!(see(500, ""), Seen::Not(Reading::Unknown { .. })));
    assert!(matches!(see(200, ""), Seen::Not(Reading::Unknown { .. })));
}

#[test]
fn identifiers_keep_their_digits_wherever_they_stand() {
    // One more than 64 bits hold, and one that they do.
    let (long, fits) = ("18446744073709551616", "9223372036854775807");
    for shift in 0..40 {
        let padding = "x".repeat(shift);
        let body = format!(r#"{{"a":"{padding}","id":{long},"fits":{fits}}}"#);
        let read = parse_body(body.as_bytes()).unwrap();
        assert_eq!(
            (&read["id"], read["fits"].as_u64()),
            (&json!(long), fits.parse().ok())
        );
    }
}

#[test]
fn identifiers_beyond_64_bits_keep_their_digits() {
    let digits = "123456789012345678901234567890";
    assert_eq!(
        parse_body(format!("{{\"id\":{digits}}}").as_bytes()).unwrap(),
        json!({ "id": digits })
    );
    assert_eq!(
        parse_body(format!("[-{digits}, \"{digits}\"]").as_bytes()).unwrap(),
        json!([format!("-{digits}"), digits])
    );
    assert_eq!(
        parse_body(b"18446744073709551615").unwrap(),
        json!(u64::MAX)
    );
    assert_eq!(
        parse_body(b"-9223372036854775808").unwrap(),
        json!(i64::MIN)
    );
    assert_eq!(parse_body(b"1.5e3").unwrap(), json!(1500.0));
    assert_eq!(
        parse_body("\u{feff} {\"a\":\"\\\"1\"} ".as_bytes()).unwrap(),
        json!({ "a": "\"1" })
    );
    assert!(parse_body(b"{} {}").is_err());
}
