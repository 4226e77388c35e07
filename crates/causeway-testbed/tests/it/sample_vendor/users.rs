//! Users: creation, validation, search, passwords, deletion.

use serde_json::{Value, json};

use super::{NONE, Reseller, Shop, ada, answer, ids, keys};

#[tokio::test]
async fn a_created_user_comes_bare_and_without_password() {
    let Shop { vendor, reseller } = Shop::open().await;
    let mut input = ada("Ada.LOVELACE@Example.COM");
    input["firstname"] = json!("  Ada ");
    input["nickname"] = json!("ignored");
    let created = reseller.call("POST", "/users", input).await;
    assert_eq!(created.status, 201);
    assert_eq!(
        keys(&created.body),
        [
            "id",
            "firstname",
            "lastname",
            "email",
            "created_at",
            "updated_at"
        ]
    );
    assert_eq!(created.body["firstname"], "Ada");
    assert_eq!(created.body["email"], "ada.lovelace@example.com");
    let created_at = created.body["created_at"].as_str().unwrap();
    assert!(created_at.ends_with(".000000Z"), "{created_at}");

    assert_eq!(reseller.get("/users/1").await.body, created.body);
    let users = vendor.users().unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].email, "ada.lovelace@example.com");
    let matches = |password| vendor.password_matches(1, password).unwrap();
    assert!(matches("enchantress of numbers"));
    assert!(!matches("another password"));
    assert!(!vendor.password_matches(2, "x").unwrap());
}

#[tokio::test]
async fn a_last_name_may_be_absent_or_empty() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let mut input = ada("a@example.com");
    input["lastname"] = json!("");
    let user = reseller.call("POST", "/users", input).await;
    assert_eq!((user.status, &user.body["lastname"]), (201, &Value::Null));
    let mut input = ada("b@example.com");
    input.as_object_mut().unwrap().shift_remove("lastname");
    assert_eq!(reseller.call("POST", "/users", input).await.status, 201);
}

#[tokio::test]
async fn each_wrong_field_is_refused_in_laravels_words() {
    let Shop { vendor, reseller } = Shop::open().await;
    reseller.user("taken@example.com").await;
    let other = Reseller::new(&vendor, "Southern Hosting");
    let cases = [
        ("firstname", json!(" "), "The firstname field is required."),
        (
            "firstname",
            json!(7),
            "The firstname field must be a string.",
        ),
        (
            "firstname",
            json!("é".repeat(256)),
            "The firstname field must not be greater than 255 characters.",
        ),
        (
            "lastname",
            json!({}),
            "The lastname field must be a string.",
        ),
        ("email", json!(null), "The email field is required."),
        (
            "email",
            json!("ada at example.com"),
            "The email field must be a valid email address.",
        ),
        (
            "email",
            json!("TAKEN@example.com"),
            "The email has already been taken.",
        ),
        (
            "password_confirmation",
            json!("enchantress of numbers "),
            "The password field confirmation does not match.",
        ),
    ];
    for (field, value, message) in cases {
        let mut input = ada("free@example.com");
        input[field] = value;
        let answer = other.call("POST", "/users", input).await;
        let refused = field.trim_end_matches("_confirmation");
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(
            answer.body,
            json!({ "message": message, "errors": { refused: [message] } })
        );
    }
    assert_eq!(vendor.users().unwrap().len(), 1);
}

#[tokio::test]
async fn several_errors_are_counted_behind_the_first() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let short = json!({ "password": "short", "firstname": "Ada", "email": "ada@example.com" });
    let answer = reseller.call("POST", "/users", short).await;
    assert_eq!(
        answer.body,
        json!({
            "message": "The password field must be at least 8 characters. (and 1 more error)",
            "errors": { "password": [
                "The password field must be at least 8 characters.",
                "The password field confirmation does not match.",
            ] },
        })
    );
    let nothing = reseller.call("POST", "/users", json!({})).await;
    assert_eq!(
        nothing.message(),
        "The firstname field is required. (and 2 more errors)"
    );
    assert_eq!(
        keys(&nothing.body["errors"]),
        ["firstname", "email", "password"]
    );
}

#[tokio::test]
async fn users_are_found_by_email_whatever_its_case() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let first = reseller.user("ada@example.com").await;
    let second = reseller.user("ada+shop@example.com").await;

    assert_eq!(
        ids(&reseller.get("/users?email=ADA@example.com").await),
        [first]
    );
    let plus = "/users?email=ada%2Bshop%40example.com";
    assert_eq!(ids(&reseller.get(plus).await), [second]);
    assert_eq!(
        ids(&reseller.get("/users?email=ada+shop@example.com").await),
        NONE
    );
    assert_eq!(ids(&reseller.get("/users?email=").await), [first, second]);
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    for number in 1..=16 {
        reseller.user(&format!("user{number}@example.com")).await;
    }
    let url = format!("{}/users", reseller.api);

    let first = reseller.get("/users").await;
    assert_eq!(keys(&first.body), ["data", "links", "meta"]);
    assert_eq!(ids(&first), Vec::from_iter(1..=15));
    assert_eq!(
        first.body["links"],
        json!({
            "first": format!("{url}?page=1"),
            "last": format!("{url}?page=2"),
            "prev": null,
            "next": format!("{url}?page=2"),
        })
    );
    assert_eq!(
        first.body["meta"],
        json!({ "current_page": 1, "last_page": 2, "per_page": 15, "total": 16 })
    );

    let next = first.body["links"]["next"].as_str().unwrap();
    let last = reseller
        .get(next.strip_prefix(&reseller.api).unwrap())
        .await;
    assert_eq!(ids(&last), [16]);
    assert_eq!(last.body["links"]["prev"], format!("{url}?page=1"));
    assert_eq!(last.body["links"]["next"], Value::Null);

    let small = reseller.get("/users?page=3&per_page=4").await;
    assert_eq!(ids(&small), [9, 10, 11, 12]);
    assert_eq!(
        small.body["links"]["next"],
        format!("{url}?per_page=4&page=4")
    );
    assert_eq!(
        reseller.get("/users?per_page=900").await.body["meta"]["per_page"],
        100
    );
    assert_eq!(ids(&reseller.get("/users?page=9").await), NONE);
    assert_eq!(
        reseller.get("/users?page=zero").await.body["meta"]["current_page"],
        1
    );
}

#[tokio::test]
async fn links_are_built_from_the_host_that_was_called() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let request = reseller.request("GET", "/services?domain=a%20b");
    let page = answer(request.header("Host", "api.shieldpress.example")).await;
    assert_eq!(
        page.body["links"]["first"],
        "http://api.shieldpress.example/v1/services?domain=a%20b&page=1"
    );
}

#[tokio::test]
async fn a_password_is_changed_with_its_confirmation() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let path = format!("/users/{user}/password");
    // Passwords are never trimmed.
    let password = " pässwörd & <new> \"😀\" ";

    let unconfirmed = json!({ "password": password });
    let refused = reseller.call("PUT", &path, unconfirmed).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.message(),
        "The password field confirmation does not match."
    );
    let confirmed = json!({ "password": password, "password_confirmation": password });
    let changed = reseller.call("PUT", &path, confirmed).await;
    assert_eq!((changed.status, &changed.body["id"]), (200, &json!(user)));
    assert!(!changed.text.contains("password"));
    assert!(vendor.password_matches(user, password).unwrap());
    assert!(!vendor.password_matches(user, password.trim()).unwrap());
}

#[tokio::test]
async fn a_user_is_deleted_only_without_live_services() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;
    let path = format!("/users/{user}");

    let refused = reseller.delete(&path).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.message(), "This user still has live services.");
    assert_eq!(
        reseller
            .delete(&format!("/services/{service}"))
            .await
            .status,
        204
    );
    let deleted = reseller.delete(&path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));

    let gone = reseller.get(&path).await;
    assert_eq!(gone.status, 404);
    assert_eq!(
        gone.message(),
        format!("No query results for model [App\\Models\\User] {user}")
    );
    assert_eq!(vendor.users().unwrap(), []);
    assert_eq!(vendor.services().unwrap().len(), 1);
    let again = reseller.user("ada@example.com").await;
    assert!(again > user, "an id is never given twice");
}
