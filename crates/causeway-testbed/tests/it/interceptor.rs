//! The interceptor with real curl and real Guzzle, in php-fpm, as modules use them.

mod faults;
mod switches;

use std::time::Duration;

use causeway_testbed::emulator::fastcgi::{self, FastCgiRequest};
use causeway_testbed::emulator::{PhpFpm, PhpSettings};
use causeway_testbed::interceptor::{AskedHost, Interceptor, InterceptorSettings};
use causeway_testbed::scripted_vendor::{Credentials, ScriptedVendor, VendorScript};
use serde_json::{Value, json};

const SCRIPT: &str = r#"
hosts = ["api.nimbus.example", "files.nimbus.example"]
prefix = "/v1"
[collections.accounts]
path = "/accounts"
[[routes]]
get = "/where"
body = { host = "{{ host }}", header = "{{ headers.host }}" }
"#;

/// A vendor, the interceptor that leads to it, and PHP that knows nothing of either.
struct Bench {
    vendor: ScriptedVendor,
    interceptor: Interceptor,
    php: PhpFpm,
    _folder: tempfile::TempDir,
}

/// What PHP made of a request.
#[derive(Debug, PartialEq)]
struct Answered {
    /// curl's number of an error, 0 for none.
    errno: i64,
    status: i64,
    body: String,
}

impl Bench {
    async fn set_up() -> Self {
        let script = VendorScript::parse(SCRIPT).unwrap();
        let vendor = ScriptedVendor::start(script, Credentials::default())
            .await
            .unwrap();
        let upstream = vendor.api().parse().unwrap();
        let interceptor = Interceptor::start(InterceptorSettings { upstream })
            .await
            .unwrap();
        let folder = tempfile::Builder::new()
            .prefix("causeway-php-")
            .tempdir()
            .unwrap();
        let settings = PhpSettings {
            workers: 2,
            environment: interceptor.environment(),
            ini: interceptor.ini(),
            ..PhpSettings::default()
        };
        let php = PhpFpm::start(folder.path(), &settings).await.unwrap();
        Self {
            vendor,
            interceptor,
            php,
            _folder: folder,
        }
    }

    async fn ask(&self, ask: Value) -> Answered {
        let mut whole = json!({ "with": "curl", "method": "GET", "body": null, "verify": true });
        for (name, value) in ask.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let body = whole.to_string().into_bytes();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/interceptor/ask.php");
        let params = [
            ("REQUEST_METHOD", "POST".to_owned()),
            ("SCRIPT_FILENAME", script.to_owned()),
            ("CONTENT_TYPE", "application/json".to_owned()),
            ("CONTENT_LENGTH", body.len().to_string()),
        ];
        let params = params
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec();
        let request = FastCgiRequest { params, body };
        let answer = fastcgi::send(self.php.socket(), &request, Duration::from_secs(60))
            .await
            .unwrap();
        let text = String::from_utf8(answer.body).unwrap();
        let answered: Value = serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{} {text} {}", answer.status, answer.stderr));
        Answered {
            errno: answered["errno"].as_i64().unwrap(),
            status: answered["status"].as_i64().unwrap(),
            body: answered["body"].as_str().unwrap().to_owned(),
        }
    }
}

fn host(host: &str, port: u16) -> AskedHost {
    AskedHost {
        host: host.to_owned(),
        port,
        connections: 0,
        tunnels: 0,
        requests: 0,
        failed_handshakes: 0,
        untrusted_handshakes: 0,
    }
}

#[tokio::test]
async fn every_client_reaches_the_vendor_under_the_host_that_is_built_in() {
    let bench = Bench::set_up().await;
    for with in ["curl", "guzzle", "streams"] {
        let where_am_i = json!({ "with": with, "url": "https://api.nimbus.example/v1/where" });
        let answered = bench.ask(where_am_i).await;
        assert_eq!((answered.errno, answered.status), (0, 200), "{answered:?}");
        assert_eq!(
            answered.body,
            r#"{"host":"api.nimbus.example","header":"api.nimbus.example"}"#
        );

        // Beyond a kilobyte curl first asks whether it may send so much.
        let long = "x".repeat(200_000);
        let create = json!({
            "with": with,
            "method": "POST",
            "url": "https://files.nimbus.example:8443/v1/accounts?a=1",
            "body": { "name": long },
        });
        let created = bench.ask(create).await;
        assert_eq!((created.errno, created.status), (0, 201), "{created:?}");
    }
    let accounts = bench.vendor.items("accounts");
    assert_eq!(accounts.len(), 3);
    for account in accounts {
        assert_eq!(account["name"].as_str().unwrap().len(), 200_000);
    }
    let counted = |name, port| AskedHost {
        connections: 3,
        tunnels: 3,
        requests: 3,
        ..host(name, port)
    };
    assert_eq!(
        bench.interceptor.hosts(),
        [
            counted("api.nimbus.example", 443),
            counted("files.nimbus.example", 8443)
        ]
    );
}

#[tokio::test]
async fn plain_http_and_this_machine_come_through_too() {
    let bench = Bench::set_up().await;
    for with in ["curl", "guzzle", "streams", "file_get_contents"] {
        for url in [
            "http://api.nimbus.example/v1/where",
            "https://127.0.0.1:9443/v1/where",
            "http://localhost:9080/v1/where",
        ] {
            let answered = bench.ask(json!({ "with": with, "url": url })).await;
            assert_eq!((answered.errno, answered.status), (0, 200), "{with} {url}");
        }
    }
    let hosts = bench.interceptor.hosts();
    let hosts: Vec<_> = hosts
        .iter()
        .map(|host| (host.host.as_str(), host.port, host.requests))
        .collect();
    assert_eq!(
        hosts,
        [
            ("api.nimbus.example", 80, 4),
            ("127.0.0.1", 9443, 4),
            ("localhost", 9080, 4)
        ]
    );
    let seen = bench.vendor.requests();
    assert!(seen.iter().all(|request| request.path == "/v1/where"));
}

#[tokio::test]
async fn it_leads_elsewhere_while_php_goes_on() {
    let bench = Bench::set_up().await;
    let script = VendorScript::parse("[[routes]]\nget = '/v1/where'\ntext = 'elsewhere'").unwrap();
    let other = ScriptedVendor::start(script, Credentials::default())
        .await
        .unwrap();
    let ask = || bench.ask(json!({ "url": "https://api.nimbus.example/v1/where" }));
    assert_ne!(ask().await.body, "elsewhere");
    bench
        .interceptor
        .lead_to(&other.api().parse().unwrap())
        .unwrap();
    bench.interceptor.forget_hosts();
    assert_eq!(ask().await.body, "elsewhere");
    assert_eq!(bench.interceptor.hosts()[0].requests, 1);

    let secure = "https://api.vendor.example".parse().unwrap();
    let error = bench.interceptor.lead_to(&secure).unwrap_err();
    assert!(error.to_string().contains("plain http"), "{error}");
}
