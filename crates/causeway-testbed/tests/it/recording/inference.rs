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
