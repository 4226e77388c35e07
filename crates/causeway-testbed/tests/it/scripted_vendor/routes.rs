//! Routes: what an API does beside its collections, and RPC-style APIs.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Bench, sent};

#[tokio::test]
async fn plain_routes_answer_before_the_collections() {
    let bench = Bench::of(
        r#"
        [collections.accounts]
        path = "/accounts"
        [[routes]]
        get = "/accounts/search"
        lists = "accounts"
        body = { count = "{{ items | length }}", ids = "{{ items | map(attribute='id') | list }}" }
        [[routes]]
        get = "/files/{name}.txt"
        text = "This is {{ path.name }}."
        content_type = "text/x-readme"
        status = 203
        headers = { X-Asked-For = "{{ path.name }}" }
        [[routes]]
        any = "/ping"
        "#,
    )
    .await;
    bench.post("/accounts", json!({})).await.json(201);
    let found = bench.get("/accounts/search").await.json(200);
    assert_eq!(found, json!({ "count": 1, "ids": [1] }));

    let response = bench
        .request(Method::GET, "/files/read%20me.txt")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 203);
    assert_eq!(response.headers()["content-type"], "text/x-readme");
    assert_eq!(response.headers()["x-asked-for"], "read me");
    assert_eq!(response.text().await.unwrap(), "This is read me.");

    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let ponged = sent(bench.request(method, "/ping")).await;
        assert_eq!((ponged.status, ponged.text.as_str()), (200, ""));
    }
}

const RPC: &str = r#"
[auth]
needs = { form = { user = "{{ username }}", api_key = "{{ access_hash }}" } }
[error]
status = 200
body = { result = "error", code = "{{ status }}", message = "{{ message }}" }
[collections.accounts]
required = ["domain"]
fields = { status = "Active" }
[[routes]]
post = "/api.php"
when = { form = { action = "create" } }
creates = "accounts"
status = 200
body = { result = "success", id = "{{ item.id }}" }
[[routes]]
post = "/api.php"
when = { form = { action = "suspend" } }
changes = "accounts"
id = "{{ form.id }}"
set = { status = "Suspended", reason = "{{ form.reason | default('none') }}" }
body = { result = "success" }
[[routes]]
post = "/api.php"
when = { form = { action = "terminate" } }
requires = { form = ["id"] }
deletes = "accounts"
id = "{{ form.id }}"
body = { result = "success", domain = "{{ item.domain }}" }
[[routes]]
post = "/api.php"
when = { form = { action = "info" } }
reads = "accounts"
id = "{{ form.id }}"
[[routes]]
get = "/status"
open = true
body = { up = true }
"#;

#[tokio::test]
async fn one_path_does_what_the_form_says() {
    let bench = Bench::of(RPC).await;
    let call = |form: &str| {
        let form = format!("user=reseller&api_key=the-hash&{form}");
        sent(
            bench
                .request(Method::POST, "/api.php")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form),
        )
    };
    let created =
        call("action=create&domain=ada.example&options[plan]=large&ips[]=1&ips[]=2").await;
    assert_eq!(created.json(200), json!({ "result": "success", "id": 1 }));
    let account = json!({
        "id": 1,
        "domain": "ada.example",
        "options": { "plan": "large" },
        "ips": ["1", "2"],
        "status": "Active",
    });
    assert_eq!(call("action=info&id=1").await.json(200), account);
    assert_eq!(bench.vendor.items("accounts"), [account]);

    call("action=suspend&id=1").await.json(200);
    assert_eq!(bench.vendor.items("accounts")[0]["status"], "Suspended");
    assert_eq!(bench.vendor.items("accounts")[0]["reason"], "none");

    let refused = call("action=terminate").await.json(200);
    assert_eq!(refused["code"], 422);
    let ended = call("action=terminate&id=1").await.json(200);
    assert_eq!(ended["domain"], "ada.example");
    let ended = call("action=terminate&id=1").await.json(200);
    assert_eq!(
        (&ended["result"], &ended["code"]),
        (&json!("error"), &json!(404))
    );
    assert_eq!(bench.vendor.items("accounts"), Vec::<Value>::new());

    let unknown = bench.form("/api.php", "user=reseller&api_key=no&action=info&id=1");
    assert_eq!(unknown.await.json(200)["code"], 401);
    assert_eq!(bench.get("/status").await.json(200), json!({ "up": true }));
}

#[tokio::test]
async fn a_host_may_have_its_own_routes() {
    let bench = Bench::of(
        r#"
        hosts = ["api.vendor.example", "auth.vendor.example"]
        [[routes]]
        get = "/"
        host = "auth.vendor.example"
        body = "auth"
        [[routes]]
        get = "/"
        body = "anybody"
        "#,
    )
    .await;
    let at = |host: &'static str| sent(bench.request(Method::GET, "/").header("host", host));
    assert_eq!(at("auth.vendor.example").await.json(200), "auth");
    assert_eq!(at("AUTH.vendor.example:443").await.json(200), "auth");
    assert_eq!(at("api.vendor.example").await.json(200), "anybody");
    assert_eq!(bench.get("/").await.json(200), "anybody");
    at("licence.elsewhere.example").await.json(404);
    let unmatched = bench.vendor.unmatched();
    assert_eq!(unmatched.len(), 1);
    assert_eq!(unmatched[0].host, "licence.elsewhere.example");
}
