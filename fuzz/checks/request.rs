//! Whatever a caller with a good token sends, the gateway answers it in JSON, in one readable line,
//! without what belongs to the vendor's side of it.
//!
//! The first byte is the route, the rest is a body, a query or a path.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use causeway_definition::{Answer, Definition, Request};
use causeway_engine::{Provider, ProviderId, Reply, Store, SystemClock, Vendor};
use causeway_gateway::executor::{Definitions, Executor, ExecutorSettings};
use causeway_gateway::{Gateway, GatewaySettings, Token};
use causeway_store::{KeyFile, Role, SqliteStore};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use uuid::Uuid;

const DEFINITION: &str = include_str!("../../examples/shieldpress.toml");
const CREDENTIAL: &str = "planted-credential-7f3a";

/// A journal with very many services says nothing new.
const MOST_REQUESTS: u32 = 20_000;

static HOUSE: Mutex<Option<House>> = Mutex::new(None);

/// A gateway, and one connection to it.
struct House {
    runtime: Runtime,
    gateway: Gateway,
    connection: TcpStream,
    token: Token,
    requests: u32,
    _folder: TempDir,
}

pub fn check(bytes: &[u8]) {
    let Some((route, rest)) = bytes.split_first() else {
        return;
    };
    let mut house = HOUSE.lock().expect("nobody failed before");
    if house
        .as_ref()
        .is_some_and(|house| house.requests >= MOST_REQUESTS)
    {
        *house = None;
    }
    house.get_or_insert_with(House::new).ask(*route, rest);
}

/// Ends the gateway; nothing else would.
pub fn end() {
    *HOUSE.lock().expect("nobody failed before") = None;
}

impl House {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let keys = KeyFile::open_or_create(&folder.path().join("key")).expect("a key");
        let journal = folder.path().join("journal.sqlite");
        let store = SqliteStore::open(&journal, keys, Role::Gateway).expect("a journal");
        let store: Arc<dyn Store> = Arc::new(store);
        let Ok((definition, _)) = Definition::parse(DEFINITION) else {
            unreachable!("the example is a good definition")
        };
        let definitions = Definitions::new([definition]);
        let token = Token::generate().expect("random numbers");
        let started = async {
            let now = Timestamp::now();
            let provider = Provider {
                id: ProviderId(Uuid::now_v7()),
                name: "acme".to_owned(),
                credential: CREDENTIAL.to_owned().into(),
                api: None,
                added_at: now,
                token_made_at: now,
                removed_at: None,
            };
            store
                .add_provider(provider, token.hash())
                .await
                .expect("a provider");
            let executor = Executor::start(
                Arc::clone(&store),
                Arc::new(Willing),
                Arc::new(SystemClock),
                definitions.clone(),
                Arc::new(|_| [0; 32]),
                ExecutorSettings::default(),
            )
            .await
            .expect("an executor");
            let settings = GatewaySettings {
                listen: ([127, 0, 0, 1], 0).into(),
                ..GatewaySettings::default()
            };
            let gateway = Gateway::start(settings, executor, store, definitions)
                .await
                .expect("a gateway");
            let connection = TcpStream::connect(gateway.address())
                .await
                .expect("a connection");
            connection.set_nodelay(true).expect("a connection");
            (gateway, connection)
        };
        let (gateway, connection) = runtime.block_on(started);
        Self {
            runtime,
            gateway,
            connection,
            token,
            requests: 0,
            _folder: folder,
        }
    }

    fn ask(&mut self, route: u8, rest: &[u8]) {
        self.requests += 1;
        let head = match route {
            b'?' => format!("GET /v1/operations?{}", in_address(rest)),
            b'/' => format!("GET /v1/{}", in_address(rest)),
            b'!' => format!("POST /v1/{}", in_address(rest)),
            _ => "POST /v1/operations".to_owned(),
        };
        let body = if b"?/!".contains(&route) { &[] } else { rest };
        let head = format!(
            "{head} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
            self.token.expose(),
            body.len()
        );
        let connection = &mut self.connection;
        let (status, answer) = self.runtime.block_on(async {
            connection
                .write_all(head.as_bytes())
                .await
                .expect("the gateway reads");
            connection.write_all(body).await.expect("the gateway reads");
            answer(connection).await
        });
        check_answer(status, &answer);
        // A fuzzer guesses it: it stands in this program.
        if !String::from_utf8_lossy(rest).contains(CREDENTIAL) {
            assert!(!answer.contains(CREDENTIAL), "{answer}");
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.runtime.block_on(self.gateway.stop());
    }
}

/// The bytes as they may stand in a request's first line; the HTTP server refuses all others by itself.
fn in_address(bytes: &[u8]) -> String {
    let stands_for_itself =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/?&=:@!$'()*+,;".contains(&byte);
    bytes
        .iter()
        .map(|byte| match *byte {
            byte if stands_for_itself(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

async fn answer(connection: &mut TcpStream) -> (u16, String) {
    let mut got = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let length = connection
            .read(&mut buffer)
            .await
            .expect("the gateway answers");
        assert!(
            length > 0,
            "the gateway hung up: {:?}",
            String::from_utf8_lossy(&got)
        );
        got.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&got);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let expected = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0_usize);
        if body.len() >= expected {
            let status = head
                .split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok());
            return (status.expect("a status"), body.to_owned());
        }
    }
}

fn check_answer(status: u16, answer: &str) {
    assert!(
        matches!(status, 200 | 204 | 400 | 404 | 405 | 413 | 422),
        "{status}: {answer}"
    );
    if status == 204 {
        return;
    }
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let messages = [answer.pointer("/error/message"), answer.get("message")];
    let said = messages.into_iter().flatten().filter_map(Value::as_str);
    for message in said {
        assert!(
            !message.trim().is_empty() && message.chars().count() < 2_100,
            "{message:?}"
        );
        assert!(!message.chars().any(char::is_control), "{message:?}");
    }
    assert_eq!(status != 200, answer.get("error").is_some(), "{answer}");
}

/// A vendor that does whatever it is asked for.
struct Willing;

#[async_trait]
impl Vendor for Willing {
    async fn send(
        &self,
        _: &Definition,
        _: Option<&str>,
        request: &Request,
        _: std::time::Duration,
    ) -> Reply {
        let found = request.method.as_str() == "GET" && !request.target.starts_with("/services/");
        let body = if found {
            r#"{"data": []}"#
        } else {
            r#"{"id": 17, "status": "active", "license": {"key": "SP-1"}, "url": "https://app.example/in"}"#
        };
        Reply::Answered(Answer {
            status: 200,
            retry_after: None,
            body: body.into(),
        })
    }
}
