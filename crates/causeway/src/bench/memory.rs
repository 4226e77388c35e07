//! The resident memory of a gateway in a process of its own: idle, and with many operations in
//! flight, which wait for a vendor that does not answer.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use causeway_engine::Store as _;
use causeway_gateway::Token;
use causeway_store::{KeyFile, Role, SqliteStore};
use miette::{IntoDiagnostic as _, Result, bail, miette};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::http::Api;
use super::process::Process;
use super::running_gateway::new_provider;
use super::world::World;
use crate::example_service::DEFINITION;

/// So many operations in flight, each with a caller that waits.
pub const IN_FLIGHT: usize = 1_000;

/// What the gateway's process held, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub idle: u64,
    pub in_flight: u64,
    /// The largest of the process's whole life.
    pub peak: u64,
}

/// Starts `causeway serve` and measures it.
pub async fn measure() -> Result<Memory> {
    const NO_ANSWER: Duration = Duration::from_secs(300);
    let world = World::start(NO_ANSWER).await?;
    let folder = TempDir::new().into_diagnostic()?;
    let token = prepare(&folder, &world).await?;
    let (child, address) = serve(&folder).await?;
    let process = Process::of(child.id().ok_or_else(|| miette!("the gateway has ended"))?);
    let api = Api::new(Arc::clone(&world.definition), &address, token.expose())?;
    sleep(Duration::from_secs(1)).await;
    let idle = process.memory();

    let mut callers = JoinSet::new();
    for number in 0..IN_FLIGHT {
        let api = api.clone();
        // Nobody answers it: it is dropped when all are counted.
        callers.spawn(async move {
            api.post("/v1/operations".to_owned(), Some(create(number)))
                .await
        });
    }
    until_all_are_open(&folder, &mut callers).await?;
    let memory = Memory {
        idle,
        in_flight: process.memory(),
        peak: process.peak_memory(),
    };
    callers.shutdown().await;
    drop(child);
    Ok(memory)
}

/// The folder as `causeway serve` wants it; the token of a provider.
async fn prepare(folder: &TempDir, world: &World) -> Result<Token> {
    let path = |name: &str| folder.path().join(name);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).into_diagnostic()?;
    fs::write(path("shieldpress.toml"), DEFINITION).into_diagnostic()?;
    let token = Token::generate().into_diagnostic()?;
    open(folder)?
        .add_provider(new_provider(world), token.hash())
        .await
        .into_diagnostic()?;
    Ok(token)
}

fn open(folder: &TempDir) -> Result<SqliteStore> {
    let keys = KeyFile::open_or_create(&folder.path().join("causeway.key")).into_diagnostic()?;
    let journal = folder.path().join("journal.sqlite");
    SqliteStore::open(&journal, keys, Role::Tool).into_diagnostic()
}

/// Starts the gateway; it dies with what is returned. Its address is the one line that it prints.
async fn serve(folder: &TempDir) -> Result<(Child, String)> {
    let mut child = Command::new(std::env::current_exe().into_diagnostic()?)
        .args(["serve", "shieldpress.toml", "--listen", "127.0.0.1:0"])
        .args(["--journal", "journal.sqlite", "--key-file", "causeway.key"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .into_diagnostic()?;
    let output = child.stdout.take().ok_or_else(|| miette!("no output"))?;
    let mut line = String::new();
    BufReader::new(output)
        .read_line(&mut line)
        .await
        .into_diagnostic()?;
    match line.trim().strip_prefix("listening on ") {
        Some(address) => Ok((child, address.to_owned())),
        None => bail!("`causeway serve` did not begin to listen"),
    }
}

fn create(number: usize) -> Value {
    json!({
        "definition": "shieldpress", "operation": "create", "deadline_ms": 120_000,
        "reference": format!("service-{number}"), "domain": format!("site-{number}.example.com"),
        "password": "s3cret-Passw0rd", "options": {"plan": "pro"},
        "client": {"firstname": "Ada", "lastname": "Lovelace",
            "email": format!("ada-{number}@example.com")},
    })
}

/// Waits until every call is accepted, and a moment more, in which each is sent to the vendor.
async fn until_all_are_open(folder: &TempDir, callers: &mut JoinSet<Result<Value>>) -> Result<()> {
    const LONGEST: Duration = Duration::from_secs(60);
    let journal = open(folder)?;
    let began = Instant::now();
    while journal.count_open().await.into_diagnostic()? < IN_FLIGHT as u64 {
        if let Some(ended) = callers.try_join_next() {
            bail!("a call ended: {:?}", ended.into_diagnostic()?);
        }
        if began.elapsed() > LONGEST {
            bail!("{IN_FLIGHT} calls are not in flight after a minute");
        }
        sleep(Duration::from_millis(50)).await;
    }
    sleep(Duration::from_secs(2)).await;
    Ok(())
}
