//! A gateway that breaks one of its own rules: the fault matrix has to notice. It takes the arguments
//! that the test bed gives `causeway serve`, and `--sabotage`.

mod half_commits;
mod store;
mod without_looking;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use causeway_definition::Definition;
use causeway_engine::{Store, SystemClock, Vendor};
use causeway_gateway::executor::{
    CrashPoint, CrashPoints, Definitions, Executor, ExecutorSettings,
};
use causeway_gateway::{Gateway, GatewaySettings};
use causeway_store::{KeyFile, Role, SqliteStore};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use clap::{Parser, ValueEnum};

use half_commits::HalfCommits;
use without_looking::WithoutLooking;

/// The rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sabotage {
    /// Every look at the vendor shows nothing, so what is in doubt is sent again.
    SendsWithoutLooking,
    /// The outcome of a step is committed before what it keeps.
    OutcomeBeforeProperties,
    /// Operations with one key do not take turns.
    NoTurns,
}

#[derive(Debug, Parser)]
struct Arguments {
    command: String,
    definition: PathBuf,
    #[arg(long)]
    listen: std::net::SocketAddr,
    #[arg(long)]
    journal: PathBuf,
    #[arg(long)]
    key_file: PathBuf,
    #[arg(long)]
    vendor_ca: PathBuf,
    #[arg(long)]
    clock_ahead: u64,
    #[arg(long)]
    crash_at: Option<CrashPoint>,
    #[arg(long, value_enum)]
    sabotage: Sabotage,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let sabotage = arguments.sabotage;
    let mut source = std::fs::read_to_string(&arguments.definition)?;
    if sabotage == Sabotage::NoTurns {
        source = without_turns(&source)?;
    }
    let (definition, _) = Definition::parse(&source).map_err(|problems| anyhow!("{problems:?}"))?;
    let keys = KeyFile::open(&arguments.key_file)?;
    let store = SqliteStore::open(&arguments.journal, keys.clone(), Role::Gateway)?;
    let mut store: Arc<dyn Store> = Arc::new(store);
    let mut crash_at = arguments.crash_at.clone();
    if sabotage == Sabotage::OutcomeBeforeProperties {
        // It dies between the two halves, not before the first.
        store = Arc::new(HalfCommits::new(store, crash_at.take()));
    }
    let vendor = HttpVendor::new(HttpVendorSettings {
        extra_roots: vec![std::fs::read(&arguments.vendor_ca)?],
        ..HttpVendorSettings::default()
    })?;
    let mut vendor: Arc<dyn Vendor> = Arc::new(vendor);
    if sabotage == Sabotage::SendsWithoutLooking {
        vendor = Arc::new(WithoutLooking(vendor));
    }
    let definitions = Definitions::new([definition]);
    let settings = ExecutorSettings {
        crash_points: CrashPoints {
            kill_at: crash_at,
            record: None,
        },
    };
    let executor = Executor::start(
        Arc::clone(&store),
        vendor,
        Arc::new(SystemClock),
        definitions.clone(),
        Arc::new(move |data| keys.keyed_hash("causeway: fingerprint, 1", data)),
        settings,
    );
    let settings = GatewaySettings {
        listen: arguments.listen,
        ..GatewaySettings::default()
    };
    let gateway = Gateway::start(settings, executor.await?, store, definitions).await?;
    println!("listening on {}", gateway.url());
    gateway.wait().await;
    Ok(())
}

/// Each service's turn at the user is its own.
fn without_turns(source: &str) -> anyhow::Result<String> {
    let shared = "client.email | lower";
    source
        .contains(shared)
        .then(|| source.replace(shared, "service.reference"))
        .context("the definition has no key that clients share")
}
