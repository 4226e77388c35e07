//! What is said of a script that cannot be used: where, what, and what to do.

use causeway_testbed::scripted_vendor::VendorScript;

/// Each problem as `line:column message`.
fn problems(source: &str) -> Vec<String> {
    let problems = VendorScript::parse(source).unwrap_err();
    problems
        .iter()
        .map(|problem| {
            let start = problem.start(source);
            format!("{}:{} {}", start.line, start.column, problem.message)
        })
        .collect()
}

#[test]
fn a_mistake_has_its_place() {
    let cases = [
        ("title = ", "1:9"),
        ("[collections.a]\npaht = '/a'", "2:1 unknown field `paht`"),
        ("[[routes]]\nget = 'ping'", "2:7 a path begins with a slash"),
        (
            "[[routes]]\nget = '/a?b=1'",
            "2:7 a path has neither ? nor #",
        ),
        (
            "[[routes]]\nget = '/{}'",
            "2:7 a segment of a path has one parameter",
        ),
        (
            "[[routes]]\nget = '/a'\npost = '/b'",
            "3:8 one route has one method",
        ),
        ("[[routes]]\nstatus = 200", "1:1 there is no path here"),
        (
            "[[routes]]\nget = '/a'\nstatus = 99",
            "3:10 99 is no HTTP status",
        ),
        (
            "[[routes]]\nget = '/a'\nlists = 'b'",
            "3:9 there is no collection `b`",
        ),
        (
            "[[routes]]\nget = '/a'\nreads = 'b'\n[collections.b]",
            "3:9 nothing says which item",
        ),
        (
            "[[routes]]\nget = '/a'\nbody = { x = { y = 'é {{ jsn.z }}' } }",
            "3:26 there is no `jsn` here",
        ),
        (
            "[[routes]]\nget = '/a'\ntext = 'a {{ b'",
            "3:11 `{{` without `}}`",
        ),
        (
            "[[routes]]\nget = '/a'\ntext = '{{ 1 + }}'",
            "3:12 this expression cannot be read",
        ),
        (
            "[[routes]]\nget = '/a'\ntext = '{{ item.id }}'",
            "3:12 there is no `item` here",
        ),
        (
            "[auth]\nbasic = true\nquery = 'key'",
            "1:1 [auth] says one way",
        ),
        (
            "[auth]\nheader = 'a b'",
            "2:10 `a b` is no name of a header",
        ),
        ("prefix = 'v1'", "1:10 a prefix begins with a slash"),
        (
            "[collections.a]\nonly = ['read']",
            "1:1 [collections.a] has no `path`",
        ),
        (
            "[collections.a]\nonly = ['reed']\npath = '/a'",
            "2:9 unknown variant `reed`",
        ),
        (
            "[collections.a]\n[[collections.a.actions]]\npost = '/a/suspend'",
            "2:1 the path of an action says which item",
        ),
        (
            "[collections.a]\nfields = { d = 2026-01-01 }",
            "2:16 JSON has no place for a date",
        ),
    ];
    for (source, expected) in cases {
        let found = problems(source);
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{source}\n  expected {expected}\n  found {found:?}"
        );
    }
}

#[test]
fn all_mistakes_of_meaning_are_told_at_once() {
    let found = problems(
        "prefix = 'v1'\n[[routes]]\nget = '/a'\nbody = '{{ nobody }}'\n[collections.a]\npath = 'a'",
    );
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("1:"), "{found:?}");
    assert!(found[1].starts_with("4:"), "{found:?}");
    assert!(found[2].starts_with("6:"), "{found:?}");
}

#[test]
fn the_documented_script_can_be_used() {
    let page = include_str!("../../../../../docs/vendor-script.md");
    let (_, rest) = page.split_once("```toml vendor-script\n").unwrap();
    let (source, _) = rest.split_once("\n```").unwrap();
    let script = VendorScript::parse(source).unwrap();
    assert_eq!(script.title(), "Nimbus Backup");
    assert_eq!(script.hosts(), ["api.nimbusbackup.example"]);
    assert_eq!(script.collections().collect::<Vec<_>>(), ["accounts"]);
    // What is commented out is another way to say the same.
    for line in source.lines().filter_map(|line| line.strip_prefix("# ")) {
        let header = "header = \"Authorization\"                   #   a header\n\
                      value = \"Bearer {{ credential }}\"          #     its value; \
                      \"{{ credential }}\" when it is left out\n";
        assert!(source.contains(header), "the page has changed its header");
        let other = source.replace(header, &format!("{line}\n"));
        VendorScript::parse(&other).unwrap();
    }
}

#[test]
fn a_script_tells_what_it_answers_to() {
    let source = "
        [collections.keys]
        path = '/users/{user}/keys'
        only = ['create', 'delete']
        [[routes]]
        any = '/files/{name}.txt'
    ";
    let script = VendorScript::parse(source).unwrap();
    let routes = script.routes();
    assert_eq!(
        routes,
        [
            (None, "/files/{name}.txt".to_owned()),
            (Some("POST"), "/users/{user}/keys".to_owned()),
            (Some("DELETE"), "/users/{user}/keys/{id}".to_owned()),
        ]
    );
}
