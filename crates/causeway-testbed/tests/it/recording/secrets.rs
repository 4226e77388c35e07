//! Nothing that is secret is written.

use causeway_testbed::recording::{Recorder, RecorderSettings};
use causeway_testbed::scripted_vendor::VendorScript;
use serde_json::json;

use super::{Caller, TOKEN, recorded, vendor};

/// What a vendor gives out, and what a caller brings.
const SECRETS: [&str; 6] = [
    TOKEN,
    "pw-of-the-client",
    "LIC-4711-ABCD-EF",
    "session-0815-xyz",
    "query-key-991",
    "second-header-5",
];

#[tokio::test]
async fn no_secret_of_a_request_or_an_answer_is_in_the_script() {
    const SCRIPT: &str = r#"
[[routes]]
post = "/login"
body = { session = { token = "session-0815-xyz" }, hint = "use session-0815-xyz from now on" }
[[routes]]
get = "/echo"
body = { said = "you are {{ headers.authorization }}, {{ headers.x_api_secret }}, {{ query.api_key }}" }
[[routes]]
get = "/text"
text = "password=pw-of-the-client&rest=1, {{ query.api_key }}"
[[routes]]
get = "/by/{key}/name"
body = { found = true }
[collections.accounts]
path = "/accounts"
fields = { license_key = "LIC-4711-ABCD-EF", note = "the key is LIC-4711-ABCD-EF", login = "{{ input.password }}" }
"#;
    let original = vendor(SCRIPT).await;
    let upstream = original.api().parse().unwrap();
    let recorder = Recorder::start(RecorderSettings::before(upstream))
        .await
        .unwrap();
    let mut caller = Caller::of(recorder.api());
    let login = json!({ "user": "ada", "password": "pw-of-the-client" });
    caller.ask("POST /login", login).await;
    for path in [
        "/echo?api_key=query-key-991",
        "/text?api_key=query-key-991",
        &format!("/by/{TOKEN}/name"),
    ] {
        let request = caller.client.get(format!("{}{path}", caller.api));
        let request = request.header("x-api-secret", "second-header-5");
        caller.send(path, request).await;
    }
    let account = json!({ "email": "ada@example.com", "password": "pw-of-the-client" });
    let made = caller.ask("POST /accounts", account).await;
    caller.get(&format!("/accounts/{}", made["id"])).await;
    let answers: String = caller
        .answers
        .iter()
        .map(|answered| answered.body.to_string())
        .collect();
    for secret in SECRETS {
        assert!(
            answers.contains(secret) || secret == "second-header-5",
            "{secret} is in no answer"
        );
    }

    let script = recorder.recording().vendor_script();
    VendorScript::parse(&script.text).unwrap();
    for secret in SECRETS {
        assert!(
            !script.text.contains(secret),
            "{secret} is in\n{}",
            script.text
        );
    }
    assert!(!format!("{recorder:?} {:?}", recorder.recording()).contains(TOKEN));
}

#[tokio::test]
async fn what_requests_show_is_asked_for_again() {
    const SCRIPT: &str = "[collections.accounts]\npath = '/accounts'\n";
    type Shows = fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder;
    let ways: [(&str, Shows, &str); 4] = [
        (
            "a header of its own",
            |request| request.header("x-api-key", "the-key-12345"),
            "header = \"X-Api-Key\"\nvalue = \"{{ credential }}\"",
        ),
        (
            "user and password",
            |request| request.basic_auth("reseller", Some("the-key-12345")),
            "basic = true",
        ),
        (
            "a parameter",
            |request| request.header("accept", "*/*"),
            "query = \"api_key\"",
        ),
        (
            "two headers",
            |request| {
                request
                    .header("x-auth-email", "a@example.com")
                    .header("x-auth-key", "the-key-12345")
            },
            "needs = { headers = { X-Auth-Email = \"{{ username }}\", X-Auth-Key = \"{{ credential }}\" } }",
        ),
    ];
    for (name, show, written) in ways {
        let original = vendor(SCRIPT).await;
        let upstream = original.api().parse().unwrap();
        let recorder = Recorder::start(RecorderSettings::before(upstream))
            .await
            .unwrap();
        let client = reqwest::Client::new();
        let accounts = format!("{}/accounts", recorder.api());
        let query = match name {
            "a parameter" => "?api_key=the-key-12345",
            _ => "",
        };
        let made = show(client.post(format!("{accounts}{query}"))).json(&json!({ "name": "Ada" }));
        assert_eq!(made.send().await.unwrap().status(), 201);
        let read = show(client.get(format!("{accounts}/1{query}")));
        assert_eq!(read.send().await.unwrap().status(), 200);
        let script = recorder.recording().vendor_script();
        let auth = format!("[auth]\n{written}\n");
        assert!(script.text.contains(&auth), "{name}: {}", script.text);
        assert!(!script.text.contains("the-key"), "{name}: {}", script.text);
        VendorScript::parse(&script.text).unwrap();
    }
}

#[tokio::test]
async fn what_the_vendor_gave_out_is_no_credential() {
    const SCRIPT: &str = r#"
[[routes]]
post = "/login"
body = { token = "tok-9d41f7c2b8" }
[[routes]]
get = "/me"
body = { name = "Ada" }
"#;
    let (_, second, script) = recorded(SCRIPT, async |caller| {
        caller.ask("POST /login", json!({ "user": "ada" })).await;
        caller.get("/me").await;
    })
    .await;
    assert!(!script.text.contains("[auth]"), "{}", script.text);
    assert_eq!(second[1].body, json!({ "name": "Ada" }));
}
