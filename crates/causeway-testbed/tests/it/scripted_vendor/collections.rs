//! Collections: what is created is there, in every answer, until it is deleted.

use reqwest::Method;
use serde_json::json;

use super::{Bench, sent};

const ACCOUNTS: &str = r#"
prefix = "/v1"
[collections.accounts]
path = "/accounts"
id = "acc_{{ number }}"
fields = { status = "active", key = "{{ random_hex(16) }}", login = "https://panel.example/{{ id }}" }
required = ["email", "plan"]
unique = ["email"]
hidden = ["password"]
wrap = "data"
filters = ["email"]
gone = 410

[[collections.accounts.actions]]
post = "/accounts/{id}/suspend"
set = { status = "suspended", was = "{{ item.status }}" }
answer = { ok = true, status = "{{ item.status }}" }

[[collections.accounts.actions]]
post = "/accounts/{id}/reboot"
"#;

#[tokio::test]
async fn an_item_lives_from_its_creation_to_its_deletion() {
    let bench = Bench::of(ACCOUNTS).await;
    let ada = json!({ "email": "ada@example.com", "plan": "large", "password": "secret" });

    let created = bench.post("/accounts", ada).await.json(201);
    let account = &created["data"];
    assert_eq!(account["id"], "acc_1");
    assert_eq!(account["plan"], "large");
    assert_eq!(account["status"], "active");
    assert_eq!(account["login"], "https://panel.example/acc_1");
    assert_eq!(account["key"].as_str().unwrap().len(), 16);
    assert!(account.get("password").is_none(), "{account}");
    assert_eq!(bench.get("/accounts/acc_1").await.json(200), created);

    let bob = json!({ "email": "bob@example.com", "plan": "small" });
    bench.post("/accounts", bob).await.json(201);
    let all = bench.get("/accounts").await.json(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 2);
    let found = bench.get("/accounts?email=ada%40example.com").await;
    assert_eq!(found.json(200)["data"], json!([account]));

    let change = bench.request(Method::PATCH, "/accounts/acc_1");
    let changed = sent(change.json(&json!({ "plan": "small", "id": "mine" }))).await;
    assert_eq!(changed.json(200)["data"]["plan"], "small");

    let delete = || sent(bench.request(Method::DELETE, "/accounts/acc_1"));
    let deleted = delete().await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    let gone = delete().await.json(410);
    assert!(
        gone["message"].as_str().unwrap().contains("acc_1"),
        "{gone}"
    );
    assert_eq!(bench.get("/accounts/acc_1").await.status, 410);

    // Those that look behind the scenes see everything that is left.
    let left = bench.vendor.items("accounts");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["id"], "acc_2");
    assert_eq!(bench.vendor.all_collections()["accounts"], left);
}

#[tokio::test]
async fn what_is_missing_or_taken_is_refused() {
    let bench = Bench::of(ACCOUNTS).await;
    let refused = bench.post("/accounts", json!({ "plan": " " })).await;
    let refused = refused.json(422);
    assert_eq!(refused["message"], "The email field is required.");
    assert_eq!(
        refused["errors"],
        json!({
            "email": ["The email field is required."],
            "plan": ["The plan field is required."],
        })
    );

    let ada = json!({ "email": "ada@example.com", "plan": "large" });
    bench.post("/accounts", ada.clone()).await.json(201);
    let taken = bench.post("/accounts", ada).await.json(409);
    assert_eq!(taken["message"], "The email has already been taken.");
    assert_eq!(bench.vendor.items("accounts").len(), 1);

    // One's own value is not taken, another's is.
    let bob = json!({ "email": "bob@example.com", "plan": "large" });
    bench.post("/accounts", bob.clone()).await.json(201);
    let change = |id: &str| {
        let request = bench.request(Method::PUT, &format!("/accounts/{id}"));
        sent(request.json(&bob))
    };
    change("acc_2").await.json(200);
    change("acc_1").await.json(409);
}

#[tokio::test]
async fn an_action_changes_its_item_and_answers_as_the_script_says() {
    let bench = Bench::of(ACCOUNTS).await;
    let ada = json!({ "email": "ada@example.com", "plan": "large" });
    bench.post("/accounts", ada).await.json(201);

    let suspended = bench.post("/accounts/acc_1/suspend", json!({})).await;
    assert_eq!(
        suspended.json(200),
        json!({ "ok": true, "status": "suspended" })
    );
    let account = &bench.vendor.items("accounts")[0];
    assert_eq!(account["status"], "suspended");
    assert_eq!(account["was"], "active");

    let rebooted = bench.post("/accounts/acc_1/reboot", json!({ "plan": "x" }));
    let rebooted = rebooted.await.json(200);
    assert_eq!(rebooted["data"]["plan"], "large", "it changes nothing");
    bench
        .post("/accounts/acc_9/suspend", json!({}))
        .await
        .json(410);
}

#[tokio::test]
async fn somebody_removes_an_item_by_hand() {
    let bench = Bench::of(ACCOUNTS).await;
    let ada = json!({ "email": "ada@example.com", "plan": "large" });
    bench.post("/accounts", ada).await.json(201);
    assert!(!bench.vendor.remove("accounts", "acc_2"));
    assert!(bench.vendor.remove("accounts", "acc_1"));
    bench.get("/accounts/acc_1").await.json(410);
}

#[tokio::test]
async fn ids_are_numbers_unless_the_script_says_more() {
    let bench = Bench::of(
        r#"
        [collections.servers]
        path = "/servers"
        only = ["create", "delete"]
        [collections.users]
        path = "/users"
        id_field = "login"
        id = "{{ json.name | lower }}"
        wrap = "user"
        wrap_list = "users"
        "#,
    )
    .await;
    let server = bench.post("/servers", json!({})).await.json(201);
    assert_eq!(server, json!({ "id": 1 }));
    assert_eq!(bench.get("/servers").await.status, 404, "no list");
    assert_eq!(bench.get("/servers/1").await.status, 404, "no read");
    assert!(bench.vendor.remove("servers", 1));

    bench
        .post("/users", json!({ "name": "Ada" }))
        .await
        .json(201);
    let user = json!({ "login": "ada", "name": "Ada" });
    assert_eq!(
        bench.get("/users/ada").await.json(200),
        json!({ "user": user })
    );
    assert_eq!(
        bench.get("/users").await.json(200),
        json!({ "users": [user] })
    );
    bench
        .post("/users", json!({ "name": "ADA" }))
        .await
        .json(409);
}

#[tokio::test]
async fn a_collection_below_another_has_the_items_of_its_path() {
    let bench = Bench::of(
        r#"
        [collections.keys]
        path = "/users/{user}/keys"
        "#,
    )
    .await;
    bench.post("/users/ada/keys", json!({})).await.json(201);
    bench.post("/users/bob/keys", json!({})).await.json(201);
    let of_bob = bench.get("/users/bob/keys").await.json(200);
    assert_eq!(of_bob, json!([{ "id": 2, "user": "bob" }]));
    bench.get("/users/bob/keys/1").await.json(404);
    bench.get("/users/ada/keys/1").await.json(200);
}

#[tokio::test]
async fn the_same_key_gets_the_same_answer() {
    let script = format!("idempotency = \"Idempotency-Key\"\n{ACCOUNTS}");
    let bench = Bench::of(&script).await;
    let create = |key: &'static str, email: &str| {
        let request = bench.request(Method::POST, "/accounts");
        let account = json!({ "email": email, "plan": "large" });
        sent(request.header("Idempotency-Key", key).json(&account))
    };
    let first = create("one", "ada@example.com").await;
    first.json(201);
    assert_eq!(create("one", "ada@example.com").await, first);
    assert_eq!(bench.vendor.items("accounts").len(), 1);
    create("two", "bob@example.com").await.json(201);
    // A refusal leaves its key free.
    create("three", "").await.json(422);
    create("three", "eve@example.com").await.json(201);
}
