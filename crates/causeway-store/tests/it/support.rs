//! What the tests put into journals.

use std::path::PathBuf;

use causeway_definition::OperationKind;
use causeway_engine::exchange::ExchangeDetail;
use causeway_engine::{
    Acceptance, Commit, Ending, Exchange, Input, NewOperation, Operation, OperationId, Outcome,
    Provider, ProviderId, ServiceKey, ServiceRecord, ServiceStatus, Standing, Store, StoreError,
};
use causeway_store::{KeyFile, Role, SqliteStore};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// A folder with a journal and its key file; removed when dropped.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn journal(&self) -> PathBuf {
        self.0.path().join("journal.db")
    }

    pub fn key_file(&self) -> PathBuf {
        self.0.path().join("journal.key")
    }

    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub fn try_open(&self, role: Role) -> Result<SqliteStore, StoreError> {
        let keys = KeyFile::open_or_create(&self.key_file()).unwrap();
        SqliteStore::open(&self.journal(), keys, role)
    }

    pub fn open(&self) -> SqliteStore {
        self.try_open(Role::Gateway).unwrap()
    }
}

pub fn time(second: i64) -> Timestamp {
    Timestamp::new(1_800_000_000 + second, 123_456_789).unwrap()
}

pub fn provider(name: &str) -> Provider {
    Provider {
        id: ProviderId(Uuid::now_v7()),
        name: name.to_owned(),
        credential: format!("credential of {name}").into(),
        api: Some("https://sandbox.example/v1".to_owned()),
        added_at: time(0),
        token_made_at: time(0),
        removed_at: None,
    }
}

/// Adds a provider whose token hash is its id, twice.
pub async fn add_provider(store: &dyn Store, name: &str) -> ProviderId {
    let provider = provider(name);
    let id = provider.id;
    store.add_provider(provider, hash_of(id)).await.unwrap();
    id
}

pub fn hash_of(id: ProviderId) -> [u8; 32] {
    let half = id.0.as_bytes();
    [half.as_slice(), half].concat().try_into().unwrap()
}

pub fn key(provider: ProviderId, reference: &str) -> ServiceKey {
    ServiceKey {
        provider,
        definition: "shieldpress".to_owned(),
        reference: reference.to_owned(),
    }
}

pub fn call(service: ServiceKey, kind: OperationKind) -> NewOperation {
    NewOperation {
        id: OperationId::new(),
        service,
        kind,
        fingerprint: String::new(),
        input: Input {
            domain: "shop.example".to_owned(),
            password: Some("hunter2-of-the-client".to_owned()),
            client: map(json!({ "firstname": "Ada", "email": "ada@client.example", "id": 7 })),
            ..Input::default()
        },
        accepted_at: time(1),
    }
}

pub fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub fn exchange(number: u32, outcome: Outcome) -> Exchange {
    Exchange {
        number,
        step: "subscription".to_owned(),
        purpose: "create".to_owned(),
        sent_at: time(number.into()),
        ended_at: None,
        outcome,
        status: None,
        detail: ExchangeDetail {
            request: "POST https://api.shieldpress.example/v1/services".to_owned(),
            request_body: Some(r#"{"domain":"shop.example"}"#.to_owned()),
            answer: None,
        },
    }
}

/// A commit that changes nothing but the count of steps.
pub fn progress(operation: OperationId, steps_done: u32) -> Commit {
    Commit {
        operation,
        standing: Standing::Open,
        steps_done,
        service: None,
        exchanges: Vec::new(),
        claims: Vec::new(),
        at: time(10),
    }
}

pub fn ended(operation: OperationId, ending: Ending) -> Commit {
    Commit {
        standing: Standing::Ended(ending),
        ..progress(operation, 2)
    }
}

pub const SUCCEEDED: Ending = Ending::Succeeded { redirect: None };

pub fn failed(message: &str) -> Ending {
    Ending::Failed {
        message: message.to_owned(),
    }
}

pub fn active(key: ServiceKey, properties: Value) -> ServiceRecord {
    ServiceRecord {
        status: ServiceStatus::Active,
        properties: map(properties),
        ..ServiceRecord::unknown(key)
    }
}

/// Begins an operation that is expected to begin.
pub async fn begin(store: &dyn Store, new: NewOperation) -> (Operation, ServiceRecord) {
    match store.accept(new).await.unwrap() {
        Acceptance::Begun { operation, service } => (*operation, *service),
        other => panic!("not begun: {other:?}"),
    }
}

/// Accepts a create; its operation is open.
pub async fn open_create(store: &dyn Store, provider: ProviderId, reference: &str) -> OperationId {
    let create = call(key(provider, reference), OperationKind::Create);
    begin(store, create).await.0.id
}

/// Waits until an operation has the turn with this key.
pub async fn until_taken(store: &dyn Store, operation: OperationId, key: &str) {
    while !store.take_turn(operation, key).await.unwrap() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
