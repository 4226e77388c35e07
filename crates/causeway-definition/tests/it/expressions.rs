//! Values and conditions.

use std::time::{Duration, Instant};

use causeway_definition::{EvaluationError, Expression, Names, Template};
use serde_json::{Value, json};

fn names(value: Value) -> Names {
    match value {
        Value::Object(names) => names.into(),
        other => panic!("{other}"),
    }
}

fn value(template: &str, of: Value) -> Result<Value, EvaluationError> {
    Template::parse(template).unwrap().value(&names(of))
}

fn address(template: &str, of: Value) -> Result<String, EvaluationError> {
    Template::parse(template).unwrap().address(&names(of))
}

#[test]
fn a_lone_expression_keeps_its_type() {
    let ours = json!({ "id": 7, "yes": true, "none": null, "list": [1, "a"], "table": { "b": 1, "a": 2.5 }, "text": "7" });
    for (template, expected) in [
        ("{{ id }}", json!(7)),
        ("{{id}}", json!(7)),
        ("{{ text }}", json!("7")),
        ("{{ yes }}", json!(true)),
        ("{{ none }}", json!(null)),
        ("{{ list }}", json!([1, "a"])),
        ("{{ table }}", json!({ "b": 1, "a": 2.5 })),
        ("{{ id }}{{ id }}", json!("77")),
        (" {{ id }}", json!(" 7")),
        ("{{ none }}!", json!("!")),
        ("no expression", json!("no expression")),
        ("", json!("")),
        ("{{ 'a }} b' }}", json!("a }} b")),
        ("{{ {'a': {'b': 1}} }}", json!({ "a": { "b": 1 } })),
    ] {
        assert_eq!(
            value(template, ours.clone()).unwrap(),
            expected,
            "{template}"
        );
    }
}

#[test]
fn large_numbers_are_not_rounded() {
    let ours = json!({ "signed": i64::MIN, "unsigned": u64::MAX });
    assert_eq!(
        value("{{ signed }}", ours.clone()).unwrap(),
        json!(i64::MIN)
    );
    assert_eq!(
        value("{{ unsigned }}", ours.clone()).unwrap(),
        json!(u64::MAX)
    );
    assert_eq!(
        value("x{{ unsigned }}", ours).unwrap(),
        json!("x18446744073709551615")
    );
}

#[test]
fn a_name_alone_means_what_it_means_in_a_longer_expression() {
    let names = json!({"true": "a text", "user": {"id": 7}, "empty": null});
    for (alone, longer) in [
        ("{{ true }}", "{{ (true) }}"),
        ("{{ user.id }}", "{{ (user).id }}"),
        ("{{ user }}", "{{ (user) }}"),
        ("{{ empty }}", "{{ (empty) }}"),
    ] {
        assert_eq!(value(alone, names.clone()), value(longer, names.clone()));
    }
    for absent in [
        "{{ user.name }}",
        "{{ nobody }}",
        "{{ nobody.name }}",
        "{{ empty.name }}",
    ] {
        let error = value(absent, names.clone()).unwrap_err();
        assert!(
            matches!(error, EvaluationError::Undefined { .. }),
            "{error}"
        );
    }
}

#[test]
fn what_is_not_there_is_an_error() {
    for template in [
        "{{ nothing }}",
        "{{ client.nothing }}",
        "a{{ nothing }}",
        "{{ nothing.deeper }}",
    ] {
        let error = value(template, json!({ "client": {} })).unwrap_err();
        assert!(
            matches!(error, EvaluationError::Undefined { .. }),
            "{template}: {error}"
        );
    }
    assert_eq!(
        value("{{ nothing | default('x') }}", json!({})).unwrap(),
        json!("x")
    );
}

#[test]
fn an_address_is_encoded_once() {
    let ours = json!({ "domain": "müller & söhne.example/x?y=1#z", "id": 7, "emoji": "🎉" });
    let once = "m%C3%BCller%20%26%20s%C3%B6hne.example%2Fx%3Fy%3D1%23z";
    assert_eq!(
        address("/d/{{ domain }}", ours.clone()).unwrap(),
        format!("/d/{once}")
    );
    assert_eq!(
        address("/d?x={{ domain | urlencode }}", ours.clone()).unwrap(),
        format!("/d?x={once}")
    );
    assert_eq!(
        address("/s/{{ id }}/{{ emoji }}", ours).unwrap(),
        "/s/7/%F0%9F%8E%89"
    );
}

#[test]
fn what_is_safe_elsewhere_is_not_safe_in_an_address() {
    let text = "a/../../users?x=1&y=<\"#";
    for template in [
        "/s/{{ x | escape }}/end",
        "/s/{{ x | safe }}/end",
        "/s/{{ x | tojson }}/end",
        "/s/{{ [x | safe, x] | join('-') }}/end",
        "/s/{{ (x | safe) ~ x }}/end",
    ] {
        for hostile in [text, "%2e%2E"] {
            // A filter that the language does not have does no harm.
            let Ok(address) = address(template, json!({ "x": hostile })) else {
                continue;
            };
            let piece = address.strip_prefix("/s/").unwrap();
            let piece = piece.strip_suffix("/end").unwrap();
            let is_one_piece = !piece.contains(['/', '?', '&', '#', '"']);
            assert!(
                is_one_piece && !piece.to_lowercase().contains("%2e"),
                "{template}: {address}"
            );
        }
    }
}

#[test]
fn no_value_can_lead_to_another_path() {
    for piece in ["", " ", ".", ".."] {
        let error = address("/services/{{ id }}", json!({ "id": piece })).unwrap_err();
        assert!(
            matches!(error, EvaluationError::NotForAddress { .. }),
            "{piece:?}: {error}"
        );
    }
    assert!(address("/services/{{ id }}", json!({ "id": null })).is_err());
    assert_eq!(
        address("/s/{{ id }}", json!({ "id": "../x" })).unwrap(),
        "/s/..%2Fx"
    );
    assert_eq!(
        address("/s?q={{ id }}", json!({ "id": ".." })).unwrap(),
        "/s?q=.."
    );
    assert!(
        address("/s?q={{ id }}&r=1", json!({ "id": "" })).is_err(),
        "an empty filter may mean none"
    );
}

#[test]
fn domains_become_ascii() {
    for (domain, ascii) in [
        ("müller.example", "xn--mller-kva.example"),
        ("Example.COM", "example.com"),
        ("日本.example", "xn--wgv71a.example"),
        ("not a domain", "not a domain"),
    ] {
        assert_eq!(
            value("{{ domain | punycode }}", json!({ "domain": domain })).unwrap(),
            json!(ascii)
        );
    }
}

#[test]
fn filters_of_ours() {
    assert_eq!(
        value("{{ 'Aladdin:open sesame' | b64encode }}", json!({})).unwrap(),
        json!("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    );
    assert_eq!(
        value("{{ e | lower }}", json!({ "e": "Ä@B.example" })).unwrap(),
        json!("ä@b.example")
    );
}

#[test]
fn an_expression_cannot_hang_or_fill_the_memory() {
    let start = Instant::now();
    for source in [
        "range(100000) ~ range(100000)",
        "range(100000) | list",
        "range(100000) | map('string') | join",
        "range(90000) | map('replace', '', range(90000)) | list",
        "range(90000) | sum + range(90000) | sum",
    ] {
        if let Ok(expression) = Expression::parse(source) {
            let _ = expression.evaluate(&Names::new());
        }
        if let Ok(template) = Template::parse(&format!("x{{{{ {source} }}}}")) {
            let _ = template.text(&Names::new());
        }
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    let names = names(json!({ "list": vec![1; 2_000_000] }));
    let large = Expression::parse("list").unwrap();
    let error = large.evaluate(&names).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

/// `[1] * n` is a list without an end in practice, and the vendor's answer could say what `n` is.
#[test]
fn numbers_are_multiplied_and_nothing_else_is() {
    for (source, product) in [
        ("price | times(100)", json!(1250.0)),
        ("count | times(count)", json!(9)),
        ("count ** 2", json!(9)),
        ("'*' ~ count", json!("*3")),
    ] {
        let names = names(json!({ "price": 12.5, "count": 3 }));
        let expression = Expression::parse(source).unwrap();
        assert_eq!(expression.evaluate(&names).unwrap(), product, "{source}");
    }
    for source in [
        "list | times(100000000)",
        "100000000 | times(list)",
        "'a' | times(9)",
        "9223372036854775807 | times(2)",
    ] {
        let names = names(json!({ "list": [1] }));
        let error = Expression::parse(source).unwrap().evaluate(&names);
        assert!(
            matches!(error, Err(EvaluationError::Failed { .. })),
            "{source}"
        );
    }
    for source in [
        "[1] * 100000000",
        "([1] * 30000000) ~ 'a'",
        "f(*list)",
        "list*2",
    ] {
        let error = Expression::parse(source).unwrap_err();
        assert!(error.to_string().contains("times"), "{error}");
        let EvaluationError::Unreadable {
            range: Some(range), ..
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(&source[range], "*");
    }
}

#[test]
fn an_address_does_not_climb_by_pieces() {
    for (template, one, other) in [
        ("/s/{{ one | escape }}{{ other | escape }}/end", "%2", "e%2"),
        ("/s/{{ one | safe }}e{{ one | safe }}e/end", "%2", ""),
    ] {
        let Ok(address) = address(template, json!({ "one": one, "other": other })) else {
            continue;
        };
        assert!(
            !address.to_lowercase().contains("%2e"),
            "{template}: {address}"
        );
    }
}

#[test]
fn errors_know_their_place() {
    let error = Template::parse("abc {{ x").unwrap_err();
    assert!(
        matches!(error, EvaluationError::Unclosed { at: 4, .. }),
        "{error}"
    );
    let error = Template::parse("abc {% if x %}").unwrap_err();
    assert!(
        matches!(error, EvaluationError::Statement { at: 4 }),
        "{error}"
    );
    assert!(matches!(
        Expression::parse("a +"),
        Err(EvaluationError::Unreadable { range: Some(_), .. })
    ));
}
