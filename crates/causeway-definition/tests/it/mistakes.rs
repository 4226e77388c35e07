//! One test per kind of mistake: where it is seen, what it is called, and what helps.

use std::fmt::Write;

use causeway_definition::{Definition, Diagnostic};

/// A small definition without a mistake; each case spoils it in one place.
const GOOD: &str = r#"[service]
name  = "acme"
title = "Acme"
api   = "https://api.acme.example/v1"

[auth]
bearer = "{{ credential }}"

[options.plan]
choices = { basic = "Basic", pro = "Pro" }

[resources.user]
key    = "{{ client.email | lower }}"
find   = { get = "/users", query = { email = "{{ client.email }}" }, at = "data" }
adopt  = "always"
create = { post = "/users", body = { email = "{{ client.email }}" } }
keep   = { user_id = "id" }

[resources.subscription]
find   = { get = "/services", query = { ref = "{{ service.reference }}" }, at = "data" }
create = { post = "/services", body = { user = "{{ user_id }}", plan = "{{ options.plan }}" } }
read   = { get = "/services/{{ service_id }}" }
keep   = { service_id = "id" }

[operations]
create    = { ensure = ["user", "subscription"] }
suspend   = { post = "/services/{{ service_id }}/suspend" }
terminate = { delete = "/services/{{ service_id }}" }
"#;

pub fn said(source: &str, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let (start, end) = (diagnostic.start(source), diagnostic.end(source));
        writeln!(
            text,
            "{}:{}-{}:{} {} {}: {}",
            start.line,
            start.column,
            end.line,
            end.column,
            diagnostic.severity.name(),
            diagnostic.code,
            diagnostic.message
        )
        .unwrap();
        writeln!(
            text,
            "    at {:?}: {}",
            &source[diagnostic.span.clone()],
            diagnostic.label
        )
        .unwrap();
        for other in &diagnostic.others {
            writeln!(
                text,
                "    also {:?}: {}",
                &source[other.span.clone()],
                other.text
            )
            .unwrap();
        }
        if let Some(help) = &diagnostic.help {
            writeln!(text, "    help: {help}").unwrap();
        }
    }
    text
}

fn assert_said(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said));
}

fn diagnostics(source: &str) -> Vec<Diagnostic> {
    match Definition::parse(source) {
        Ok((_, warnings)) => warnings,
        Err(diagnostics) => diagnostics,
    }
}

/// Spoils the good definition in each way and tells what is said of it.
fn each(cases: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (from, to) in cases {
        assert_eq!(GOOD.matches(from).count(), 1, "{from:?} stands once");
        let source = GOOD.replace(from, to);
        let said = said(&source, &diagnostics(&source));
        writeln!(text, "## {} -> {}", from.trim(), to.trim()).unwrap();
        text.push_str(if said.is_empty() { "nothing\n" } else { &said });
        text.push('\n');
    }
    text
}

#[test]
fn the_good_one_is_good() {
    assert_eq!(said(GOOD, &diagnostics(GOOD)), "");
}

#[test]
fn syntax() {
    let said = each(&[
        ("name  = \"acme\"", "name  = acme"),
        ("title = \"Acme\"", "title = \"Acme"),
        ("[auth]", "[auth"),
        ("title = \"Acme\"", "title = \"Acme\"\ntitle = \"Acme\""),
    ]);
    assert_said("syntax", &said);
}

#[test]
fn keys_and_types() {
    let said = each(&[
        ("[auth]", "timeout = 30\n[auth]"),
        ("title = \"Acme\"", "titel = \"Acme\""),
        ("[auth]", "[author]"),
        ("title = \"Acme\"\n", ""),
        ("title = \"Acme\"", "title = 7"),
        ("title = \"Acme\"", "title = \" \""),
        ("[auth]", "timeout = \"10 seconds\"\n[auth]"),
        ("[auth]", "timeout = \"0s\"\n[auth]"),
        ("[auth]", "private_network = \"yes\"\n[auth]"),
        ("adopt  = \"always\"", "adopts = \"always\""),
        ("at = \"data\" }\nadopt", "wher = \"x\" }\nadopt"),
        (
            "terminate = {",
            "terminate = { done_when = [404, \"410\", 4],",
        ),
        ("[operations]", "[[operations]]"),
        (
            "keep   = { service_id = \"id\" }",
            "keep   = { service_id = 1 }",
        ),
        (
            "[operations]\n",
            "[operations]\nresume = { post = \"/x\" }\n",
        ),
    ]);
    assert_said("keys_and_types", &said);
}

#[test]
fn the_service() {
    let said = each(&[
        ("\"acme\"", "\"Acme-Shield\""),
        ("\"acme\"", "\"abcdefghijklmnopqrstuvwxyz0123456789\""),
        ("https://api.acme.example/v1", "api.acme.example"),
        ("https://api.acme.example/v1", "ftp://api.acme.example"),
        ("https://api.acme.example/v1", "http://api.acme.example"),
        ("https://api.acme.example/v1", "http://127.0.0.1:8080/v1/"),
        (
            "https://api.acme.example/v1",
            "https://api.acme.example/v1?key=1",
        ),
        (
            "https://api.acme.example/v1",
            "https://me:pw@api.acme.example",
        ),
        (
            "[auth]",
            "other_hosts = [\"files.acme.example\", \"https://x.example/\"]\n[auth]",
        ),
        ("[auth]", "support = \"help@acme.example\"\n[auth]"),
        ("[auth]\nbearer = \"{{ credential }}\"\n", ""),
        ("bearer = \"{{ credential }}\"\n", ""),
        ("\"{{ credential }}\"", "\"s3cret\""),
        (
            "bearer = \"{{ credential }}\"",
            "bearer = \"{{ credential }}\"\nbasic = { username = \"a\", password = \"{{ credential }}\" }",
        ),
        (
            "bearer = \"{{ credential }}\"",
            "headers = { \"X Key\" = \"{{ credential }}\" }",
        ),
    ]);
    assert_said("the_service", &said);
}

#[test]
fn options_and_properties() {
    let said = each(&[
        ("[options.plan]", "[options.Plan]"),
        ("[options.plan]", "[options.plan]\ndefault = \"prro\""),
        ("[options.plan]", "[options.plan]\ntype = \"dropdwn\""),
        ("[options.plan]", "[options.plan]\ntype = \"text\""),
        ("[options.plan]", "[options.plan]\nrows = 3"),
        (
            "choices = { basic = \"Basic\", pro = \"Pro\" }",
            "choices = {}",
        ),
        (
            "choices = { basic = \"Basic\", pro = \"Pro\" }",
            "choices = [\"basic\"]",
        ),
        (
            "choices = { basic = \"Basic\", pro = \"Pro\" }",
            "type = \"yesno\"\ndefault = \"on\"",
        ),
        ("[options.plan]", "[options.region]\n[options.plan]"),
        (
            "[operations]",
            "[properties]\nlicense_key = { label = \"License\" }\n[operations]",
        ),
        (
            "[operations]",
            "[properties]\nuser_ids = { secret = true }\n[operations]",
        ),
        (
            "[operations]",
            "[properties]\nuser_id = { label = \"service id\" }\n[operations]",
        ),
    ]);
    assert_said("options_and_properties", &said);
}

#[test]
fn too_many_options() {
    let many: String = (0..25)
        .map(|number| format!("[options.o{number}]\n"))
        .collect();
    let source = GOOD
        .replace("[options.plan]", &format!("{many}[options.plan]"))
        .replace("{{ options.plan }}", "{{ options }}");
    assert_said("too_many_options", &said(&source, &diagnostics(&source)));
}

#[test]
fn names() {
    let said = each(&[
        (
            "ref = \"{{ service.reference }}\"",
            "ref = \"service.reference\"",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ client.emial }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ client }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ email }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ nonsense }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ client.email | lowr }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ 'x' if domain is defind else 'y' }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ domain.lower() }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ credential }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ client.email\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ client.email + }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{% if x %}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"\\u0041{{ client.emial }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"Grüße 🎉 {{ client.emial }}\" } }",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = '''\n{{ client.emial }}''' } }",
        ),
        ("{{ options.plan }}", "{{ options.plann }}"),
        ("{{ options.plan }}", "{{ plan }}{{ options.plan }}"),
        (
            "{ user = \"{{ user_id }}\"",
            "{ user = \"{{ service_id }}\"",
        ),
        (
            "{ email = \"{{ client.email }}\" } }",
            "{ email = \"{{ service_id }}\" } }",
        ),
        (
            "[\"user\", \"subscription\"]",
            "[\"subscription\", \"user\"]",
        ),
        (
            "[operations]\n",
            "[operations]\ntest_connection = { get = \"/users/{{ user_id }}\" }\n",
        ),
        (
            "[operations]\n",
            "[operations]\nrenew = { put = \"/x\", keep = { paid_until = \"until\" } }\nchange_package = { put = \"/x/{{ paid_until }}\" }\n",
        ),
        (
            "[operations]\n",
            "[operations]\nrenew = [{ put = \"/x\", keep = { step = \"id\" } }, { put = \"/x/{{ step }}\" }]\n",
        ),
        (
            "bearer = \"{{ credential }}\"",
            "bearer = \"{{ credential }}{{ domain }}\"",
        ),
        (
            "at = \"data\" }\nadopt",
            "at = \"data\", where = \"email == ours.client.emial\" }\nadopt",
        ),
        (
            "at = \"data\" }\nadopt",
            "at = \"data\", where = \"{{ status }} == 1\" }\nadopt",
        ),
        ("at = \"data\" }\nadopt", "at = \"ours.domain\" }\nadopt"),
        (
            "keep   = { service_id = \"id\" }",
            "keep   = { service_id = \"id\", x = \"\" }",
        ),
    ]);
    assert_said("names", &said);
}

#[test]
fn resources() {
    let said = each(&[
        ("adopt  = \"always\"", "adopt  = \"Always\""),
        ("adopt  = \"always\"", "adopt  = \"owned\""),
        (
            "find   = { get = \"/users\", query = { email = \"{{ client.email }}\" }, at = \"data\" }\n",
            "",
        ),
        ("keep   = { service_id = \"id\" }", "keep   = {}"),
        (
            "keep   = { service_id = \"id\" }",
            "keep   = { service_id = \"id\", user_id = \"owner\" }",
        ),
        (
            "keep   = { service_id = \"id\" }",
            "keep   = { service_id = \"id\", password = \"pw\" }",
        ),
        (
            "keep   = { service_id = \"id\" }",
            "keep   = { service_id = \"id\", LicenseKey = \"key\" }",
        ),
        (
            "find   = { get = \"/services\", query = { ref = \"{{ service.reference }}\" }, at = \"data\" }\n",
            "",
        ),
        (
            "read   = { get = \"/services/{{ service_id }}\" }\n",
            "ready = \"status == 'active'\"\n",
        ),
        (
            "keep   = { service_id = \"id\" }",
            "ready = { failed = \"x\", every = \"often\" }\nkeep   = { service_id = \"id\" }",
        ),
        (
            "keep   = { service_id = \"id\" }",
            "ready = true\nkeep   = { service_id = \"id\" }",
        ),
        (
            "at = \"data\" }\nadopt",
            "at = \"data[0]\", where = \"active\" }\nadopt",
        ),
        (
            "key    = \"{{ client.email | lower }}\"",
            "key    = \"{{ service.reference }}\"",
        ),
        ("key    = \"{{ client.email | lower }}\"\n", ""),
        (
            "[operations]",
            "[resources.extra]\ncreate = { put = \"/x\" }\nkeep = { extra_id = \"id\" }\n[operations]",
        ),
        (
            "{ get = \"/users\", query",
            "{ get = \"/users\", body = { a = 1 }, query",
        ),
        (
            "create = { post = \"/users\"",
            "create = { form = { a = 1 }, post = \"/users\"",
        ),
        (
            "create = { post = \"/users\", body = { email = \"{{ client.email }}\" } }",
            "create = { post = \"/users\", form = [1] }",
        ),
        (
            "create = { post = \"/users\"",
            "create = { put = \"/users\", post = \"/users\"",
        ),
        ("create = { post = \"/users\", body", "create = { body"),
        (
            "create = { post = \"/users\"",
            "create = { post = \"users\"",
        ),
        (
            "create = { post = \"/users\"",
            "create = { post = \"https://elsewhere.example/users\"",
        ),
        (
            "create = { post = \"/users\"",
            "create = { post = \"https://api.acme.example/v2/users\"",
        ),
        (
            "create = { post = \"/users\"",
            "create = { post = \"https://{{ domain }}/users\"",
        ),
        (
            "create = { post = \"/users\"",
            "create = { idempotency_header = \"Idempotency Key\", post = \"/users\"",
        ),
        (
            "body = { email = \"{{ client.email }}\" }",
            "body = { since = 2026-11-23, ratio = inf, big = 99999999999999999999 }",
        ),
    ]);
    assert_said("resources", &said);
}

#[test]
fn operations() {
    let said = each(&[
        ("suspend   =", "susspend   ="),
        ("suspend   =", "refresh   ="),
        (
            "suspend   = { post = \"/services/{{ service_id }}/suspend\" }",
            "suspend   = []",
        ),
        (
            "suspend   = { post = \"/services/{{ service_id }}/suspend\" }",
            "suspend   = { ensure = [\"user\"] }",
        ),
        (
            "suspend   = { post = \"/services/{{ service_id }}/suspend\" }",
            "suspend   = [{ post = \"/a\" }, { pots = \"/b\" }]",
        ),
        (
            "create    = { ensure = [\"user\", \"subscription\"] }",
            "create    = { post = \"/services\" }",
        ),
        (
            "create    = { ensure = [\"user\", \"subscription\"] }\n",
            "",
        ),
        (
            "[\"user\", \"subscription\"]",
            "[\"user\", \"subscripton\"]",
        ),
        (
            "[\"user\", \"subscription\"]",
            "[\"user\", \"user\", \"subscription\"]",
        ),
        ("[\"user\", \"subscription\"]", "[]"),
        (
            "terminate = { delete = \"/services/{{ service_id }}\" }\n",
            "",
        ),
        ("terminate = {", "terminate = { forget = [\"service_ids\"],"),
        (
            "[operations]\n",
            "[operations]\nrenew = { post = \"/services/{{ service_id }}/renew\" }\n",
        ),
        (
            "[operations]\n",
            "[operations]\nsingle_sign_on = { post = \"/login\" }\n",
        ),
        ("suspend   = {", "suspend   = { redirect = \"url\","),
        (
            "[operations]\n",
            "[client_area]\ndashboard = \"javascript:alert(1)\"\nshow = [{ lable = \"x\", value = \"{{ serviceid }}\" }]\n[operations]\n",
        ),
        (
            "[operations]\n",
            "[error]\nmessage = \"ours.domain\"\n[operations]\n",
        ),
    ]);
    assert_said("operations", &said);
}

#[test]
fn five_mistakes_are_five_diagnostics_at_their_lines() {
    let source = GOOD
        .replace("title =", "titel =")
        .replace("https://api", "ftp://api")
        .replace("adopt  = \"always\"", "adopt  = 1")
        .replace(
            "plan = \"{{ options.plan }}\"",
            "plan = \"{{ options.plan | uper }}\"",
        )
        .replace("terminate =", "terminat =");
    let diagnostics = diagnostics(&source);
    let lines: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.start(&source).line, diagnostic.code))
        .collect();
    assert_eq!(
        lines,
        [
            (3, "causeway::unknown_key"),
            (4, "causeway::bad_address"),
            (15, "causeway::wrong_type"),
            (21, "causeway::unknown_filter"),
            (28, "causeway::unknown_operation"),
        ],
        "{}",
        said(&source, &diagnostics)
    );
}

#[test]
fn editors_get_json() {
    let source = GOOD.replace("title =", "titel =");
    let diagnostics = diagnostics(&source);
    let json: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.to_json(&source, Some("acme.toml")))
        .collect();
    insta::assert_json_snapshot!(json);
}
