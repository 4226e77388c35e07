//! How many durable commits a second the journal makes for 1, 16 and 64 callers at once.
//!
//! `cargo run --release -p causeway-store --example journal_throughput [FOLDER]`: the folder decides
//! which disk is measured.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use causeway_definition::OperationKind;
use causeway_engine::exchange::ExchangeDetail;
use causeway_engine::{
    Acceptance, Clock as _, Commit, Exchange, Input, NewOperation, OperationId, Outcome, Provider,
    ProviderId, ServiceKey, ServiceRecord, Standing, Store as _, StoreError, SystemClock,
};
use causeway_store::{KeyFile, Role, SqliteStore};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

const DURATION: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let parent = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    println!("callers  commits/s  disk commits/s  in a group  mean");
    for callers in [1, 16, 64] {
        let folder = parent.join(format!("causeway-throughput-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder)?;
        let result = measure(&folder.join("journal.db"), callers).await;
        std::fs::remove_dir_all(&folder)?;
        result?;
    }
    Ok(())
}

async fn measure(path: &std::path::Path, callers: usize) -> Result<(), Box<dyn Error>> {
    let keys = KeyFile::open_or_create(&path.with_extension("key"))?;
    let store = Arc::new(SqliteStore::open(path, keys, Role::Gateway)?);
    let provider = provider();
    store.add_provider(provider.clone(), [0; 32]).await?;
    let mut operations = Vec::new();
    for number in 0..callers {
        operations.push(begin(&store, provider.id, number).await?);
    }
    let before = store.statistics();
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (id, service) in operations {
        running.spawn(commit_until(store.clone(), id, service, begun + DURATION));
    }
    while let Some(result) = running.join_next().await {
        result??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let after = store.statistics();
    let jobs = (after.jobs - before.jobs) as f64;
    let commits = (after.commits - before.commits) as f64;
    println!(
        "{callers:>7}  {:>9.0}  {:>14.0}  {:>10.1}  {:>4.2} ms",
        jobs / seconds,
        commits / seconds,
        jobs / commits,
        seconds * 1000.0 * callers as f64 / jobs
    );
    Ok(())
}

/// One step after another, as the executor commits them: a new exchange, the service, its properties.
async fn commit_until(
    store: Arc<SqliteStore>,
    operation: OperationId,
    service: ServiceRecord,
    end: Instant,
) -> Result<(), StoreError> {
    let mut number = 0;
    while Instant::now() < end {
        number += 1;
        store
            .commit(Commit {
                operation,
                standing: Standing::Open,
                steps_done: number,
                service: Some(service.clone()),
                exchanges: vec![exchange(number)],
                claims: Vec::new(),
                at: SystemClock.now(),
            })
            .await?;
    }
    Ok(())
}

async fn begin(
    store: &SqliteStore,
    provider: ProviderId,
    number: usize,
) -> Result<(OperationId, ServiceRecord), Box<dyn Error>> {
    let client = json!({ "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com" });
    let accepted = store
        .accept(NewOperation {
            id: OperationId::new(),
            service: ServiceKey {
                provider,
                definition: "shieldpress".to_owned(),
                reference: format!("service-{number}"),
            },
            kind: OperationKind::Create,
            fingerprint: String::new(),
            input: Input {
                domain: format!("shop-{number}.example"),
                client: client.as_object().cloned().unwrap_or_default(),
                ..Input::default()
            },
            accepted_at: SystemClock.now(),
        })
        .await?;
    let Acceptance::Begun {
        operation,
        mut service,
    } = accepted
    else {
        return Err("a new service was busy".into());
    };
    let properties = [
        ("service_id", json!(42)),
        ("license_key", json!("SP-1234-5678")),
    ];
    let properties = properties.map(|(name, value): (_, Value)| (name.to_owned(), value));
    service.properties.extend(properties);
    Ok((operation.id, *service))
}

fn exchange(number: u32) -> Exchange {
    Exchange {
        number,
        step: "subscription".to_owned(),
        purpose: "create".to_owned(),
        sent_at: SystemClock.now(),
        ended_at: None,
        outcome: Outcome::Intended,
        status: None,
        detail: ExchangeDetail {
            request: "POST https://api.shieldpress.example/v1/services".to_owned(),
            request_body: Some(r#"{"domain":"shop.example","plan":"pro","type_id":1}"#.to_owned()),
            answer: None,
        },
    }
}

fn provider() -> Provider {
    Provider {
        id: ProviderId(Uuid::now_v7()),
        name: "measured".to_owned(),
        credential: "token".to_owned().into(),
        api: None,
        added_at: SystemClock.now(),
        token_made_at: SystemClock.now(),
        removed_at: None,
    }
}
