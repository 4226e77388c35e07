//! Two gateways on one PostgreSQL, 500 creates running; one gateway is killed, and the database is
//! restarted in between. Prints what was seen, and fails when anything is lost or doubled.
//!
//! `cargo build -p causeway && cargo run -p causeway --example two_gateways [CREATES [PHP_WORKERS]]`

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use causeway_definition::Definition;
use causeway_testbed::matrix::{
    JournalSettings, LaneSettings, VendorSettings, two_gateways, with_short_times,
};
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings};

const SHIELDPRESS: &str = include_str!("../../../examples/shieldpress.toml");

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let creates = arguments.next().map_or(Ok(500), |number| number.parse())?;
    // As many as there are creates: then all of them run at once.
    let php_workers = arguments.next().map_or(Ok(500), |number| number.parse())?;
    let server = Arc::new(PostgresServer::start_new(PostgresSettings::default())?);
    let settings = settings(php_workers)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(two_gateways(settings, server, creates))?;
    print!("{report}");
    Ok(match report.complaints.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn settings(php_workers: u32) -> anyhow::Result<LaneSettings> {
    let source = with_short_times(SHIELDPRESS);
    let (definition, _) =
        Definition::parse(&source).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(LaneSettings {
        program: program()?,
        gateway_program: None,
        source,
        definition,
        vendor: VendorSettings::Sample(SampleVendorSettings {
            provisioning: Provisioning::PendingForReads(1),
            latency: Duration::from_millis(200),
            list_lag: Duration::from_millis(600),
            record_requests: false,
            unique_emails: false,
            ..SampleVendorSettings::default()
        }),
        journal: JournalSettings::Sqlite,
        php_workers,
        gateway_arguments: Vec::new(),
    })
}

/// `causeway` itself, which is built beside its examples.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(|folder| folder.parent());
    let file = folder
        .context("this program is in no folder")?
        .join(format!("causeway{}", std::env::consts::EXE_SUFFIX));
    anyhow::ensure!(
        file.is_file(),
        "{} is not built; run `cargo build -p causeway` first",
        file.display()
    );
    Ok(file)
}
