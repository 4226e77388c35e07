//! The recorder between a caller and a vendor.

use std::net::TcpListener;

use causeway_testbed::recording::{Recorder, RecorderError, RecorderSettings};
use serde_json::json;

use super::{Caller, vendor};

const SCRIPT: &str = r#"
prefix = "/api/v2"
[collections.accounts]
path = "/accounts"
[[routes]]
get = "/pages"
body = { next = "http://{{ headers.host }}/api/v2/pages?page=2" }
"#;

#[tokio::test]
async fn it_takes_http_and_https_on_one_port() {
    let vendor = vendor(SCRIPT).await;
    let upstream = vendor.api().parse().unwrap();
    let recorder = Recorder::start(RecorderSettings::before(upstream))
        .await
        .unwrap();
    let authority = reqwest::Certificate::from_pem(recorder.authority_pem().as_bytes()).unwrap();
    let trusting = reqwest::Client::builder()
        .tls_certs_only([authority])
        .build()
        .unwrap();
    for (client, api) in [
        (reqwest::Client::new(), recorder.api()),
        (trusting.clone(), recorder.secure_api()),
        (
            trusting,
            recorder.secure_api().replace("127.0.0.1", "localhost"),
        ),
    ] {
        let made = client
            .post(format!("{api}/accounts"))
            .json(&json!({ "name": "Ada" }));
        assert_eq!(made.send().await.unwrap().status(), 201, "{api}");
    }
    assert_eq!(recorder.count(), 3);
    assert_eq!(vendor.items("accounts").len(), 3);
    let script = recorder.recording().vendor_script();
    assert!(
        script.text.contains("prefix = \"/api/v2\""),
        "{}",
        script.text
    );
}

#[tokio::test]
async fn links_in_answers_lead_through_it_and_are_recorded_as_they_were() {
    let vendor = vendor(SCRIPT).await;
    let upstream: url::Url = vendor.api().parse().unwrap();
    let recorder = Recorder::start(RecorderSettings::before(upstream.clone()))
        .await
        .unwrap();
    let mut caller = Caller::of(recorder.api());
    let next = caller.get("/pages").await["next"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(next.starts_with(&recorder.api()), "{next}");
    let script = recorder.recording().vendor_script();
    let origin = upstream.origin().ascii_serialization();
    assert!(script.text.contains(&origin), "{}", script.text);
    assert!(!script.text.contains(&recorder.api()), "{}", script.text);
}

#[tokio::test]
async fn a_vendor_that_is_away_is_told_and_not_recorded() {
    let away = TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("http://{}", away.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(away);
    let recorder = Recorder::start(RecorderSettings::before(upstream))
        .await
        .unwrap();
    let mut caller = Caller::of(recorder.api());
    let told = caller.get("/accounts").await;
    assert!(
        told["message"].as_str().unwrap().contains("got no answer"),
        "{told}"
    );
    assert_eq!((caller.answers[0].status, recorder.count()), (502, 0));
}

#[tokio::test]
async fn what_cannot_be_recorded_is_an_error() {
    let ftp = "ftp://vendor.example/".parse().unwrap();
    let error = Recorder::start(RecorderSettings::before(ftp))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("http:// or https://"), "{error}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = RecorderSettings {
        listen: taken.local_addr().unwrap(),
        ..RecorderSettings::before("http://vendor.example".parse().unwrap())
    };
    let error = Recorder::start(settings).await.unwrap_err();
    assert!(matches!(error, RecorderError::Listen { .. }), "{error}");
}
