//! Secrets are planted everywhere, and everything goes wrong that can: none comes out anywhere.

mod places;
mod vendor;

use causeway_engine::store::OperationFilter;
use causeway_engine::{Provider, ProviderId, Store};
use causeway_gateway::Token;
use causeway_store::{KeyFile, Role, SqliteStore};
use futures::future::join_all;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use self::places::Places;
use self::vendor::{EchoingVendor, ONE_TIME, WAYS};
use crate::support::{log, settings, start};

// Each has a part that stands as it is in every way of writing but base64.
const CREDENTIAL: &str = "cred\"<&>%/+ -7f3a91";
const PASSWORD: &str = "pä\"ss<&>%/  \t-7f3a92";
const OPTION: &str = "optiön\"<&>%/-7f3a93";
pub const PROPERTY: &str = "prop\"<&>%/-7f3a94";
const CHOICE: &str = "chosen-7f3a95";
const PROXY_PASSWORD: &str = "of-the-proxy-7f3a97";
const SECRETS: [&str; 7] = [
    CREDENTIAL,
    PASSWORD,
    OPTION,
    PROPERTY,
    CHOICE,
    ONE_TIME,
    PROXY_PASSWORD,
];

const DEFINITION: &str = r#"
[service]
name = "vault"
title = "Vault"
api = "API"
private_network = true
timeout = "1s"
patience = "1s"
settle = "1s"

[auth]
basic = { username = "reseller", password = "{{ credential }}" }
headers = { X-Key = "{{ credential }}", X-Encoded = "{{ credential | urlencode }}" }
query = { key = "{{ credential }}" }

[options.phrase]
type = "password"

[options.region]
choices = { eu = "Europe" }
default = "eu"
secret = true

[properties]
api_secret = { secret = true }

[resources.site]
find = { get = "/sites", query = { ref = "{{ service.reference }}" }, at = "data" }
create = { post = "/sites", body = { ref = "{{ service.reference }}", note = "{{ password }}", phrase = "{{ options.phrase }}" } }
keep = { site_id = "id", api_secret = "api_secret" }

[operations]
create = { ensure = ["site"] }
suspend = { post = "/sites/{{ site_id }}/suspend", headers = { X-Encoded-Secret = "{{ api_secret | urlencode }}" }, body = { value = "{{ api_secret }}" } }
unsuspend = { post = "/secrets/{{ api_secret }}/{{ password }}/{{ options.phrase }}" }
terminate = { delete = "/sites/{{ site_id }}", query = { why = "{{ options.phrase }}" } }
renew = { put = "/sites/{{ site_id }}", body = { phrase = "{{ options.phrase | b64encode }}", note = "{{ password | b64encode }}" } }
change_package = { patch = "/sites/{{ site_id }}", body = { number = "{{ password | int }}" } }
change_password = { put = "/sites/{{ site_id }}/password", body = { note = "{{ password }}", list = ["{{ password }}"], "{{ password }}" = "name" } }
single_sign_on = { post = "/sites/{{ site_id }}/link", redirect = "url", body = { last = "{{ password }}" } }
test_connection = { get = "/account" }
"#;

fn call(operation: &str, reference: &str) -> Value {
    json!({
        "definition": "vault",
        "operation": operation,
        "deadline_ms": 8_000,
        "reference": reference,
        "password": PASSWORD,
        "options": {"phrase": OPTION},
        "service": {"next_due_date": "2027-01-01"},
    })
}

/// A provider whose vendor answers in one way.
struct Customer<'a> {
    url: &'a str,
    token: Token,
    client: reqwest::Client,
}

impl Customer<'_> {
    async fn ask(&self, method: Method, path: &str, body: String) -> String {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let request = request.bearer_auth(self.token.expose()).body(body);
        let response = request.send().await.unwrap();
        let head = format!("{} {:?}", response.status(), response.headers());
        let body = response.text().await.unwrap();
        let mut answer: Value = serde_json::from_str(&body).unwrap_or(Value::String(body));
        // The caller's own: its module saves them, and sends its user there.
        for meant in ["properties", "redirect"] {
            if let Some(fields) = answer.as_object_mut() {
                fields.shift_remove(meant);
            }
        }
        format!("{head} {answer}")
    }

    /// Creates a service, which works, and does something with it, which may not.
    async fn operate(&self, operation: &str) -> String {
        let good = format!("good-{operation}");
        let mut answers = String::new();
        if !["create", "test_connection"].contains(&operation) {
            answers = self
                .ask(
                    Method::POST,
                    "/v1/operations",
                    call("create", &good).to_string(),
                )
                .await;
            assert!(answers.contains("succeeded"), "{answers}");
        }
        let reference = if operation == "create" { "bad" } else { &good };
        let body = call(operation, reference).to_string();
        answers.push_str(&self.ask(Method::POST, "/v1/operations", body).await);
        let path = format!("/v1/services/vault/{reference}");
        answers.push_str(&self.ask(Method::GET, &path, String::new()).await);
        answers
    }

    /// Another process keeps the journal to itself.
    async fn while_the_journal_is_away(&self, journal: &std::path::Path) -> String {
        let other = rusqlite::Connection::open(journal).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let body = call("create", "good-late").to_string();
        let answer = self.ask(Method::POST, "/v1/operations", body).await;
        assert!(answer.contains("journal_unavailable"), "{answer}");
        answer
    }

    /// What is refused before anybody looks at it more closely.
    async fn mistakes(&self) -> String {
        let whole = call("create", "good-mistake").to_string();
        let with = |path: &str, value: Value| {
            let mut call = call("create", "good-mistake");
            call[path] = value;
            call.to_string()
        };
        let bodies = [
            whole[..whole.len() - 3].to_owned(),
            format!("{whole}{whole}"),
            format!("\"{PASSWORD}\""),
            with("client", PASSWORD.into()),
            with("deadline_ms", PASSWORD.into()),
            with("reference", OPTION.into()),
            with("properties", PASSWORD.into()),
            with("password", json!({"is": PASSWORD})),
            with("options", json!({"phrase": [OPTION]})),
            with("options", json!({"phrase": OPTION, "region": CHOICE})),
            with("definition", "other".into()),
            with("operation", PASSWORD.into()),
        ];
        let mut answers = String::new();
        for body in bodies {
            let answer = self.ask(Method::POST, "/v1/operations", body).await;
            assert!(answer.starts_with('4'), "{answer}");
            answers.push_str(&answer);
        }
        answers
    }
}

#[tokio::test]
async fn no_secret_comes_out_of_anything_that_goes_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = EchoingVendor::start().await;
    let definition = DEFINITION.replace("API", &vendor.url("401"));
    let (gateway, store) = start(folder.path(), &definition, settings()).await.unwrap();
    let mut customers = Vec::new();
    let url = gateway.url();
    for way in WAYS {
        customers.push(Customer {
            url: &url,
            token: add_provider(&*store, way, &vendor.url(way)).await,
            client: reqwest::Client::new(),
        });
    }
    let nowhere = "http://127.0.0.1:1/nowhere".to_owned();
    let unreachable = Customer {
        url: &url,
        token: add_provider(&*store, "unreachable", &nowhere).await,
        client: reqwest::Client::new(),
    };
    let mut places = Places::new(&SECRETS);
    for customer in customers.iter().chain([&unreachable]) {
        places.also_secret(customer.token.expose());
    }
    for line in std::fs::read_to_string(folder.path().join("key"))
        .unwrap()
        .lines()
    {
        places.also_secret(line.rsplit(':').next().unwrap());
    }

    let operations = [
        "create",
        "suspend",
        "unsuspend",
        "terminate",
        "renew",
        "change_package",
        "change_password",
        "single_sign_on",
        "test_connection",
    ];
    let all = customers
        .iter()
        .flat_map(|customer| operations.map(|operation| customer.operate(operation)));
    for answers in join_all(all).await {
        places.add("answers", answers);
    }
    places.add("answers", unreachable.operate_unreachable().await);
    places.add("answers", customers[0].mistakes().await);
    let journal = folder.path().join("journal.sqlite");
    places.add(
        "answers",
        customers[0].while_the_journal_is_away(&journal).await,
    );
    let metrics = reqwest::get(format!("{url}/metrics")).await.unwrap();
    places.add("metrics", metrics.text().await.unwrap());

    let filter = OperationFilter {
        limit: 10_000,
        ..OperationFilter::default()
    };
    let mut recorded = 0;
    for operation in store.operations(filter).await.unwrap() {
        places.add("operations", format!("{operation:?}"));
        for exchange in store.exchanges(operation.id).await.unwrap() {
            places.add("exchanges", format!("{exchange:?}"));
            recorded += 1;
        }
    }
    assert!(recorded > 100, "{recorded}");
    places.add(
        "debug texts",
        places::debug_texts(&definition, &folder, &store).await,
    );
    gateway.stop().await;
    drop((gateway, store));
    places.add("errors", unusable_journals(folder.path()));
    places.add("log", log::everything());
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "key" {
            let bytes = std::fs::read(&path).unwrap();
            places.add("journal", String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    vendor.stop();
    places.search();
}

impl Customer<'_> {
    async fn operate_unreachable(&self) -> String {
        let body = call("create", "good-unreachable").to_string();
        self.ask(Method::POST, "/v1/operations", body).await
    }
}

/// What is said of a journal and a key file that cannot be used.
fn unusable_journals(folder: &std::path::Path) -> String {
    let journal = folder.join("journal.sqlite");
    let open = |path, keys| SqliteStore::open(path, keys, Role::Gateway).unwrap_err();
    let other = KeyFile::open_or_create(&folder.join("other")).unwrap();
    let wrong_key = open(&journal, other.clone());
    let read_only = open(std::path::Path::new("/sys/journal.db"), other);
    std::fs::remove_file(folder.join("other")).unwrap();
    let good = std::fs::read_to_string(folder.join("key")).unwrap();
    let mut errors = format!("{wrong_key} {wrong_key:?} {read_only} {read_only:?}");
    let damaged = folder.join("key");
    for text in [
        good.replace("causeway", "c"),
        good.trim_end()[..good.len() - 9].to_owned(),
        format!("{good}{CREDENTIAL}"),
    ] {
        std::fs::write(&damaged, text).unwrap();
        let error = KeyFile::open(&damaged).unwrap_err();
        errors.push_str(&format!("{error} {error:?}"));
    }
    std::fs::write(&damaged, good).unwrap();
    errors
}

async fn add_provider(store: &dyn Store, name: &str, api: &str) -> Token {
    let token = Token::generate().unwrap();
    let now = Timestamp::now();
    let provider = Provider {
        id: ProviderId(Uuid::now_v7()),
        name: name.to_owned(),
        credential: CREDENTIAL.to_owned().into(),
        api: Some(api.to_owned()),
        added_at: now,
        token_made_at: now,
        removed_at: None,
    };
    store.add_provider(provider, token.hash()).await.unwrap();
    token
}
