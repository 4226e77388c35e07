//! What is made of a recording: collections, actions, and routes.

use serde_json::json;

use super::recorded;

#[tokio::test]
async fn the_same_calls_get_the_same_answers() {
    const SCRIPT: &str = r#"
prefix = "/v1"
idempotency = "Idempotency-Key"
[auth]
header = "Authorization"
value = "Bearer {{ credential }}"
[[routes]]
get = "/plans"
body = { data = [{ id = "basic", price = 4.5 }, { id = "pro", price = 9 }], note = "as of {{ '{{' }} today" }
[collections.accounts]
path = "/accounts"
id = "acc_{{ number + 40 }}"
fields = { status = "active", email = "{{ input.email | lower }}", link = "https://panel.example/{{ id }}", parent = "{{ none }}", quota = { megabytes = 500 } }
required = ["email"]
unique = ["email"]
hidden = ["password"]
wrap = "data"
filters = ["email"]
gone = 410
[[collections.accounts.actions]]
post = "/accounts/{id}/suspend"
set = { status = "suspended", reason = "{{ json.reason }}" }
[[collections.accounts.actions]]
post = "/accounts/{id}/unsuspend"
set = { status = "active" }
answer = { ok = true, account = "{{ item.id }}" }
[[collections.accounts.actions]]
get = "/accounts/{id}/usage"
answer = { account = "{{ item.id }}", used = 12 }
[collections.keys]
path = "/accounts/{account}/keys"
"#;
    let (first, second, script) = recorded(SCRIPT, async |caller| {
        caller.get("/plans").await;
        caller.get("/accounts?email=none@example.com").await;
        let ada = json!({ "email": "Ada@Example.com", "plan": "basic", "password": "pw-Ada-1" });
        let created = caller.ask("POST /accounts", ada).await;
        let id = created["data"]["id"].as_str().unwrap().to_owned();
        let bob = json!({ "email": "bob@example.com", "plan": "pro", "password": "pw-Bob-2" });
        caller.ask("POST /accounts", bob.clone()).await;
        caller.ask("POST /accounts", bob).await;
        caller.get(&format!("/accounts/{id}")).await;
        caller.get("/accounts?email=bob@example.com").await;
        caller.get("/accounts").await;
        let why = json!({ "reason": "not paid" });
        caller
            .ask(&format!("POST /accounts/{id}/suspend"), why)
            .await;
        caller.get(&format!("/accounts/{id}")).await;
        caller
            .ask(&format!("POST /accounts/{id}/unsuspend"), json!({}))
            .await;
        caller.get(&format!("/accounts/{id}")).await;
        caller
            .ask(&format!("PATCH /accounts/{id}"), json!({ "plan": "pro" }))
            .await;
        caller.get(&format!("/accounts/{id}/usage")).await;
        let key = json!({ "label": "laptop" });
        let key = caller.ask(&format!("POST /accounts/{id}/keys"), key).await;
        caller
            .get(&format!("/accounts/{id}/keys/{}", key["id"]))
            .await;
        caller.get("/accounts/acc_42/keys").await;
        caller
            .ask(&format!("DELETE /accounts/{id}"), json!(null))
            .await;
        caller.get(&format!("/accounts/{id}")).await;
        caller.get("/accounts").await;
    })
    .await;
    println!("{}", script.text);
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(first, second, "{}", script.text);
    }
    assert_eq!((script.collections, first.len()), (2, second.len()));
}

/// Envelopes, statuses and deletions as they are in APIs that were not made to be easy.
#[tokio::test]
async fn answers_keep_their_shape_whatever_it_is() {
    const SCRIPT: &str = r#"
[auth]
header = "Authorization"
value = "Bearer {{ credential }}"
[error]
body = { success = false, error = { code = "{{ status }}", message = "{{ message }}" } }
[[routes]]
post = "/servers"
creates = "servers"
status = 200
body = { success = true, server = { id = "{{ item.id }}", name = "{{ item.name }}", state = "{{ item.state }}" } }
[[routes]]
get = "/servers"
lists = "servers"
body = { servers = "{{ items }}", meta = { total = "{{ items | length }}", page = 1 } }
[[routes]]
get = "/servers/{id}"
reads = "servers"
body = { success = true, server = { id = "{{ item.id }}", name = "{{ item.name }}", state = "{{ item.state }}" } }
[[routes]]
put = "/servers/{id}"
changes = "servers"
status = 202
body = { success = true, job = 7 }
[[routes]]
post = "/servers/{id}/rebuild"
reads = "servers"
status = 204
text = ""
[[routes]]
delete = "/servers/{id}"
deletes = "servers"
status = 200
body = { success = true, gone = "{{ item.id }}" }
[collections.servers]
id = "{{ number + 7000 }}"
fields = { state = "running" }
[[collections.servers.actions]]
post = "/servers/{id}/actions"
when = { json = { type = "stop" } }
set = { state = "stopped" }
answer = { success = true, action = "stop" }
[[collections.servers.actions]]
post = "/servers/{id}/actions"
when = { json = { type = "start" } }
set = { state = "running" }
answer = { success = true, action = "start" }
[collections.subscriptions]
path = "/subscriptions"
id = "{{ uuid }}"
id_field = "uuid"
fields = { status = "live" }
[[collections.subscriptions.actions]]
delete = "/subscriptions/{id}"
set = { status = "cancelled" }
answer = { cancelled = true }
"#;
    let (first, second, script) = recorded(SCRIPT, async |caller| {
        caller.get("/servers").await;
        let made = caller.ask("POST /servers", json!({ "name": "one" })).await;
        let one = format!("/servers/{}", made["server"]["id"]);
        caller.ask("POST /servers", json!({ "name": "two" })).await;
        caller.get(&one).await;
        caller.get("/servers").await;
        for deed in ["stop", "start"] {
            let actions = format!("POST {one}/actions");
            caller.ask(&actions, json!({ "type": deed })).await;
            caller.get(&one).await;
        }
        caller
            .ask(&format!("PUT {one}"), json!({ "name": "first" }))
            .await;
        caller.get(&one).await;
        caller.ask(&format!("POST {one}/rebuild"), json!({})).await;
        caller.ask(&format!("DELETE {one}"), json!(null)).await;
        caller.get(&one).await;
        caller.get("/servers").await;

        let made = caller
            .ask("POST /subscriptions", json!({ "plan": "x" }))
            .await;
        let made = format!("/subscriptions/{}", made["uuid"].as_str().unwrap());
        caller.ask(&format!("DELETE {made}"), json!(null)).await;
        caller.get(&made).await;
    })
    .await;
    let uuid = first[first.len() - 1].body["uuid"].to_string();
    let comparable = |answered: &super::Answered, uuid: &str| {
        let body = answered.body.to_string().replace(uuid, "UUID");
        let asked = answered.asked.replace(uuid.trim_matches('"'), "UUID");
        (asked, answered.status, told_apart(&body))
    };
    let again = second[second.len() - 1].body["uuid"].to_string();
    assert_ne!(uuid, "null");
    for (one, other) in first.iter().zip(&second) {
        assert_eq!(
            comparable(one, &uuid),
            comparable(other, &again),
            "{}",
            script.text
        );
    }
    assert_eq!(first.len(), second.len());
}

/// The words of a refusal are the vendor's own.
fn told_apart(body: &str) -> String {
    match body.split_once("\"message\":") {
        Some((before, _)) => before.to_owned(),
        None => body.to_owned(),
    }
}

#[tokio::test]
async fn one_path_answers_by_what_the_request_says() {
    const SCRIPT: &str = r#"
[auth]
header = "Authorization"
value = "Bearer {{ credential }}"
[[routes]]
post = "/api.php"
when = { form = { cmd = "info" } }
body = { result = "ok", version = "4.1" }
[[routes]]
post = "/api.php"
when = { form = { cmd = "balance" } }
body = { result = "ok", balance = "12.50" }
[[routes]]
get = "/search"
when = { query = { q = "one" } }
body = [1]
[[routes]]
get = "/search"
body = []
[[routes]]
get = "/robots.txt"
text = "nothing {{ '{' }}% here %}"
content_type = "text/plain"
"#;
    let (first, second, script) = recorded(SCRIPT, async |caller| {
        for command in ["info", "balance"] {
            let request = caller.client.post(format!("{}/api.php", caller.api));
            caller
                .send(
                    command,
                    request
                        .header("content-type", "application/x-www-form-urlencoded")
                        .body(format!("cmd={command}")),
                )
                .await;
        }
        for word in ["one", "two"] {
            caller.get(&format!("/search?q={word}")).await;
        }
        caller.get("/robots.txt").await;
    })
    .await;
    assert_eq!(first, second, "{}", script.text);
    assert_eq!(
        (script.collections, script.routes),
        (0, 5),
        "{}",
        script.text
    );
}
