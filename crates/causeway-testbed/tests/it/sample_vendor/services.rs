//! Services: creation with its gaps, search, the calls of their life, termination.

use causeway_testbed::sample_vendor::{SampleVendorError, ServiceStatus};
use serde_json::{Value, json};

use super::{NONE, Shop, ids, keys, pro};

#[tokio::test]
async fn a_created_service_is_active_and_has_a_licence_key() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let created = reseller
        .call("POST", "/services", pro(user, "example.com"))
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        keys(&created.body),
        [
            "id",
            "domain",
            "user_id",
            "plan",
            "type_id",
            "status",
            "license",
            "paid_until",
            "created_at",
            "updated_at",
            "suspended_at"
        ]
    );
    assert_eq!(created.body["user_id"], json!(user));
    assert_eq!(created.body["status"], "active");
    assert_eq!(created.body["paid_until"], Value::Null);
    let key = created.body["license"]["key"].as_str().unwrap();
    let groups: Vec<_> = key.split('-').collect();
    assert_eq!(groups[0], "SP");
    assert_eq!(groups.len(), 4, "{key}");
    let letters_and_digits = |group: &&str| {
        group.len() == 4 && group.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    assert!(groups[1..].iter().all(letters_and_digits), "{key}");

    assert_eq!(reseller.get("/services/1").await.body, created.body);
    let rows = vendor.live_services().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].license_key.as_deref(), Some(key));
    assert_eq!(rows[0].status, ServiceStatus::Active);
}

#[tokio::test]
async fn the_same_domain_twice_is_two_services() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    reseller.service(user, "example.com").await;
    reseller.service(user, "example.com").await;
    let rows = vendor.live_services().unwrap();
    assert_eq!(rows.len(), 2);
    assert_ne!(rows[0].license_key, rows[1].license_key);
}

#[tokio::test]
async fn each_wrong_field_is_refused_in_laravels_words() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let cases = [
        ("domain", json!(""), "The domain field is required."),
        ("plan", json!(null), "The plan field is required."),
        ("plan", json!("gold"), "The selected plan is invalid."),
        (
            "user_id",
            json!("ada"),
            "The user id field must be an integer.",
        ),
        (
            "user_id",
            json!(1.5),
            "The user id field must be an integer.",
        ),
        (
            "user_id",
            json!([1]),
            "The user id field must be an integer.",
        ),
        ("type_id", json!(null), "The type id field is required."),
        (
            "type_id",
            json!("01"),
            "The type id field must be an integer.",
        ),
    ];
    for (field, value, message) in cases {
        let mut input = pro(user, "example.com");
        input[field] = value;
        let answer = reseller.call("POST", "/services", input).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(
            answer.body,
            json!({ "message": message, "errors": { field: [message] } })
        );
    }
    assert_eq!(vendor.services().unwrap(), []);
}

#[tokio::test]
async fn numbers_may_come_as_strings_and_leave_as_numbers() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let input = json!({
        "domain": "example.com", "user_id": user.to_string(), "plan": "pro", "type_id": " 1 ",
        "colour": "ignored",
    });
    let created = reseller.call("POST", "/services", input).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["user_id"], json!(user));
    assert_eq!(created.body["type_id"], json!(1));
}

#[tokio::test]
async fn a_violated_foreign_key_is_a_bare_500_and_leaves_nothing() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let mut unknown_type = pro(user, "example.com");
    unknown_type["type_id"] = json!(0);
    for input in [unknown_type, pro(99, "example.com")] {
        let answer = reseller.call("POST", "/services", input).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.body, json!({ "message": "Server Error" }));
    }
    assert_eq!(vendor.services().unwrap(), []);
}

#[tokio::test]
async fn services_are_found_by_domain_user_and_status() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let ada = reseller.user("ada@example.com").await;
    let bob = reseller.user("bob@example.com").await;
    let first = reseller.service(ada, "Example.com").await;
    let second = reseller.service(bob, "example.com").await;
    let third = reseller.service(bob, "bücher.example").await;
    reseller.post(&format!("/services/{third}/suspend")).await;

    for (query, expected) in [
        (String::new(), vec![first, second, third]),
        ("?domain=example.com".to_owned(), vec![first, second]),
        (format!("?domain=example.com&user_id={bob}"), vec![second]),
        ("?domain=b%C3%BCcher.example".to_owned(), vec![third]),
        (format!("?user_id={bob}"), vec![second, third]),
        ("?user_id=bob".to_owned(), vec![]),
        ("?status=suspended".to_owned(), vec![third]),
        ("?status=active&per_page=1&page=2".to_owned(), vec![second]),
    ] {
        let page = reseller.get(&format!("/services{query}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(ids(&page), expected, "{query}");
    }
    let page = reseller.get("/services?status=active&per_page=1").await;
    assert_eq!(
        page.body["links"]["next"],
        format!("{}/services?status=active&per_page=1&page=2", reseller.api)
    );
}

#[tokio::test]
async fn suspend_and_unsuspend_can_be_repeated() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;

    let suspended = reseller.post(&format!("/services/{service}/suspend")).await;
    assert_eq!(suspended.status, 200);
    assert_eq!(suspended.body["status"], "suspended");
    assert!(suspended.body["suspended_at"].is_string());
    let again = reseller.post(&format!("/services/{service}/suspend")).await;
    assert_eq!((again.status, again.body), (200, suspended.body));
    assert_eq!(
        vendor.services().unwrap()[0].status,
        ServiceStatus::Suspended
    );

    for _ in 0..2 {
        let active = reseller
            .post(&format!("/services/{service}/unsuspend"))
            .await;
        assert_eq!(active.status, 200);
        assert_eq!(active.body["status"], "active");
        assert_eq!(active.body["suspended_at"], Value::Null);
    }
}

#[tokio::test]
async fn the_plan_can_be_changed() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let path = format!("/services/{}", reseller.service(user, "example.com").await);
    let changed = reseller
        .call("PATCH", &path, json!({ "plan": "business" }))
        .await;
    assert_eq!(
        (changed.status, &changed.body["plan"]),
        (200, &json!("business"))
    );
    let refused = reseller
        .call("PATCH", &path, json!({ "plan": "gold" }))
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.message(), "The selected plan is invalid.");
    assert_eq!(vendor.services().unwrap()[0].plan, "business");
}

#[tokio::test]
async fn a_renewal_sets_the_day_until_which_it_is_paid() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;
    let path = format!("/services/{service}/renewal");
    let renewed = reseller
        .call("PUT", &path, json!({ "paid_until": "2028-02-29" }))
        .await;
    assert_eq!(
        (renewed.status, &renewed.body["paid_until"]),
        (200, &json!("2028-02-29"))
    );
    for wrong in ["2027-02-29", "2028-2-9", "20280229", "tomorrow"] {
        let refused = reseller
            .call("PUT", &path, json!({ "paid_until": wrong }))
            .await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert_eq!(
            refused.message(),
            "The paid until field must match the format Y-m-d."
        );
    }
    let absent = reseller.call("PUT", &path, json!({})).await;
    assert_eq!(absent.message(), "The paid until field is required.");
    let row = &vendor.services().unwrap()[0];
    assert_eq!(row.paid_until.as_deref(), Some("2028-02-29"));
}

#[tokio::test]
async fn a_login_link_is_for_services_in_use() {
    let Shop {
        vendor: _running,
        reseller,
    } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;
    let path = format!("/services/{service}/login-link");
    let link = reseller.post(&path).await;
    assert_eq!(link.status, 200);
    assert_eq!(keys(&link.body), ["url", "expires_at"]);
    assert!(link.body["url"].as_str().unwrap().starts_with("https://"));
    assert_ne!(reseller.post(&path).await.body["url"], link.body["url"]);

    reseller.post(&format!("/services/{service}/suspend")).await;
    let refused = reseller.post(&path).await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.body,
        json!({ "message": "This service is suspended." })
    );
}

#[tokio::test]
async fn a_terminated_service_is_gone_for_every_call_but_stays_in_the_books() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;
    let path = format!("/services/{service}");
    let deleted = reseller.delete(&path).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));

    for (method, rest) in [
        ("GET", ""),
        ("DELETE", ""),
        ("PATCH", ""),
        ("POST", "/suspend"),
        ("POST", "/unsuspend"),
        ("POST", "/login-link"),
        ("PUT", "/renewal"),
    ] {
        let answer = reseller
            .call(method, &format!("{path}{rest}"), json!({}))
            .await;
        assert_eq!(answer.status, 404, "{method} {rest}");
        let message = format!("No query results for model [App\\Models\\Service] {service}");
        assert_eq!(answer.body, json!({ "message": message }));
    }
    assert_eq!(
        ids(&reseller.get("/services?domain=example.com").await),
        NONE
    );
    assert_eq!(vendor.live_services().unwrap(), []);
    let books = vendor.services().unwrap();
    assert_eq!(books[0].status, ServiceStatus::Terminated);
    assert_eq!(books[0].domain, "example.com");
    assert!(books[0].terminated_at.is_some());
    let next = reseller.service(user, "example.com").await;
    assert!(next > service, "an id is never given twice");
    assert_eq!(reseller.get("/services/abc").await.status, 404);
}

#[tokio::test]
async fn a_service_removed_by_hand_is_gone_too() {
    let Shop { vendor, reseller } = Shop::open().await;
    let user = reseller.user("ada@example.com").await;
    let service = reseller.service(user, "example.com").await;
    vendor.remove_service_by_hand(service).unwrap();
    assert_eq!(
        reseller.get(&format!("/services/{service}")).await.status,
        404
    );
    assert!(!vendor.services().unwrap()[0].is_live());
    let twice = vendor.remove_service_by_hand(service);
    assert!(matches!(
        twice,
        Err(SampleVendorError::NoSuchService { .. })
    ));
}
