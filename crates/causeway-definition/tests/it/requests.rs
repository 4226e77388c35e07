//! What is sent.

use causeway_definition::{Names, Operation, OperationKind, Request};
use serde_json::json;

use super::author::{example, parse};

const EXAMPLE: &str = include_str!("../../../../examples/shieldpress.toml");

fn names() -> Names {
    ours().into()
}

fn ours() -> serde_json::Map<String, serde_json::Value> {
    let value = json!({
        "credential": "t0ken",
        "client": { "email": "müller+1@example.com", "firstname": "Zoë", "lastname": "O'Neil 🎉" },
        "service": { "reference": "42", "next_due_date": "2026-12-01" },
        "domain": "müller.example",
        "password": "p&w",
        "options": { "plan": "pro" },
        "user_id": 7,
        "service_id": "srv 1",
    });
    value.as_object().unwrap().clone()
}

fn suspend(source: &str) -> Request {
    let definition = parse(source);
    let Operation::Calls(calls) = &definition.operations[&OperationKind::Suspend] else {
        panic!("suspend makes calls");
    };
    calls[0].request.render(&definition.auth, &names()).unwrap()
}

#[test]
fn a_create_carries_typed_values_and_the_credential() {
    let definition = example();
    let resource = &definition.resources["subscription"];
    let request = resource
        .create
        .request
        .render(&definition.auth, &names())
        .unwrap();
    assert_eq!(request.target, "/services");
    assert_eq!(
        request.headers,
        [("Authorization".to_owned(), "Bearer t0ken".to_owned())]
    );
    assert_eq!(
        request.body,
        Some(json!({ "domain": "müller.example", "user_id": 7, "plan": "pro", "type_id": 1 }))
    );
    let find = resource.find.as_ref().unwrap();
    let request = find.request.render(&definition.auth, &names()).unwrap();
    assert_eq!(
        request.target,
        "/services?domain=m%C3%BCller.example&user_id=7"
    );
}

#[test]
fn basic_authentication_is_encoded() {
    let basic = r#"basic = { username = "shop:{{ credential | upper }}'s", password = "{{ credential }}" }"#;
    let source = EXAMPLE.replace(r#"bearer = "{{ credential }}""#, basic);
    let request = suspend(&source);
    // "shop:T0KEN's:t0ken"
    assert_eq!(request.headers[0].1, "Basic c2hvcDpUMEtFTidzOnQwa2Vu");
}

#[test]
fn query_and_path_are_encoded_and_nothing_is_left_out() {
    let suspended = r#"suspend = { post = "/services/{{ service_id }}/suspend?at=1", query = { mail = "{{ client.email }}", none = "{{ none }}", tag = "a b" } }"#;
    let source = EXAMPLE
        .replace(
            r#"suspend         = { post = "/services/{{ service_id }}/suspend" }"#,
            suspended,
        )
        .replace(
            r#"bearer = "{{ credential }}""#,
            r#"query = { key = "{{ credential }}" }"#,
        );
    let request = suspend(&source);
    assert_eq!(
        request.target,
        "/services/srv%201/suspend?at=1&mail=m%C3%BCller%2B1%40example.com&tag=a+b&key=t0ken"
    );
    assert!(request.headers.is_empty());
}

#[test]
fn the_next_page_stands_where_the_vendor_says() {
    let definition = example();
    let find = definition.resources["user"].find.as_ref().unwrap();
    let first = find.request.render(&definition.auth, &names()).unwrap();
    let api = &definition.service.api;
    let next = |address: &str| first.following(address, api).target;
    assert_eq!(next("?page=2"), "/users?page=2");
    assert_eq!(
        next("https://x.example/p?page=2"),
        "https://x.example/p?page=2"
    );
    assert_eq!(
        next("/v1/users?page=2"),
        "https://api.shieldpress.example/v1/users?page=2"
    );
    assert_eq!(
        next("/v10/users?page=2"),
        "https://api.shieldpress.example/v10/users?page=2"
    );
}

#[test]
fn a_look_whose_filter_is_empty_is_refused() {
    let definition = example();
    let find = definition.resources["user"].find.as_ref().unwrap();
    assert!(find.request.refuse_empty_filters(&names()).is_ok());
    let mut nobody = ours();
    nobody["client"]["email"] = json!(" ");
    assert!(find.request.refuse_empty_filters(&nobody.into()).is_err());
}
