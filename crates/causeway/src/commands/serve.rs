//! `causeway serve`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use causeway_definition::Definition;
use causeway_engine::{Clock, Store, SystemClock};
use causeway_gateway::executor::{
    CrashPoint, CrashPoints, Definitions, Executor, ExecutorSettings, Fingerprints,
};
use causeway_gateway::{Gateway, GatewaySettings, TlsFiles};
use causeway_store::{Keys, Role};
use causeway_vendor::{HttpVendor, HttpVendorSettings};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use miette::{Context as _, IntoDiagnostic as _, miette};
use tokio::signal::unix::{SignalKind, signal};

use crate::journal::Journal;
use crate::logs::{self, LogFormat};
use crate::terminal::print;
use crate::{definitions, runtime};

/// Run the gateway that the WHMCS modules call
#[derive(Debug, Args)]
pub struct Arguments {
    /// The definitions to serve
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Where to listen; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8420",
        value_parser = socket_address
    )]
    listen: SocketAddr,

    #[command(flatten)]
    journal: Journal,

    /// The gateway's own certificate, followed by those that lead to its root (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// A proxy that speaks TLS stands in front, and sets X-Forwarded-For or appends the client's address to it;
    /// that one is believed
    #[arg(long)]
    behind_proxy: bool,

    /// How log lines look; CAUSEWAY_LOG says which there are
    #[arg(long, value_enum, default_value_t)]
    log_format: LogFormat,

    /// Root certificates to trust for the vendor's API, beside the system's (PEM)
    #[arg(long, value_name = "FILE")]
    vendor_ca: Vec<PathBuf>,

    /// Die of SIGKILL at this point, the n-th time it is reached (POINT#N)
    #[arg(long, value_name = "POINT", hide = true)]
    crash_at: Option<CrashPoint>,

    /// Live so many seconds ahead of the machine's clock
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide = true)]
    clock_ahead: i64,

    /// Append the name of each crash point that is reached to this file
    #[arg(long, value_name = "FILE", hide = true)]
    record_crash_points: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> miette::Result<ExitCode> {
    logs::start(arguments.log_format)?;
    arguments.gateway_settings().check().into_diagnostic()?;
    let definitions = load_all(&arguments.files)?;
    let vendor = HttpVendor::new(HttpVendorSettings {
        extra_roots: read_all(&arguments.vendor_ca)?,
        ..HttpVendorSettings::default()
    });
    let vendor = Arc::new(vendor.into_diagnostic()?);
    runtime::block_on(async {
        let (store, keys) = arguments.journal.open_or_create(Role::Gateway).await?;
        let store: Arc<dyn Store> = store;
        let settings = ExecutorSettings {
            crash_points: CrashPoints {
                kill_at: arguments.crash_at.clone(),
                record: arguments.record_crash_points.clone(),
            },
        };
        let executor = Executor::start(
            Arc::clone(&store),
            vendor,
            Arc::new(ClockAhead(SignedDuration::from_secs(arguments.clock_ahead))),
            definitions.clone(),
            fingerprints(keys),
            settings,
        );
        let executor = executor.await.into_diagnostic()?;
        let gateway = Gateway::start(arguments.gateway_settings(), executor, store, definitions);
        serve(&gateway.await.into_diagnostic()?).await
    })
}

/// The machine's clock and so much more, for tests in which days pass.
struct ClockAhead(SignedDuration);

impl Clock for ClockAhead {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.checked_add(self.0).unwrap_or(now)
    }
}

impl Arguments {
    fn gateway_settings(&self) -> GatewaySettings {
        let files = self.tls_cert.clone().zip(self.tls_key.clone());
        GatewaySettings {
            listen: self.listen,
            tls: files.map(|(certificate, key)| TlsFiles { certificate, key }),
            behind_proxy: self.behind_proxy,
            ..GatewaySettings::default()
        }
    }
}

/// A keyed hash of the journal's own key, so that fingerprints in it give nothing away.
pub fn fingerprints(keys: Keys) -> Fingerprints {
    Arc::new(move |data| keys.keyed_hash("causeway: fingerprint, 1", data))
}

/// Serves until it is told to stop; told a second time, it stops at once.
async fn serve(gateway: &Gateway) -> miette::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate()).into_diagnostic()?;
    let mut interrupt = signal(SignalKind::interrupt()).into_diagnostic()?;
    print(&format!("listening on {}\n", gateway.url()))?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = gateway.wait() => return Err(miette!("the gateway stopped by itself; its log says why")),
    }
    tokio::select! {
        _ = gateway.stop() => {}
        _ = terminate.recv() => tracing::warn!("stopped at once; the journal has what was running"),
        _ = interrupt.recv() => tracing::warn!("stopped at once; the journal has what was running"),
    }
    Ok(ExitCode::SUCCESS)
}

fn load_all(files: &[PathBuf]) -> miette::Result<Definitions> {
    let loaded: Vec<Definition> = files
        .iter()
        .map(|file| definitions::load(file))
        .collect::<miette::Result<_>>()?;
    let mut names = BTreeSet::new();
    for definition in &loaded {
        let name = &definition.service.name;
        if !names.insert(name) {
            return Err(miette!(
                help =
                    "every definition that a gateway serves has a name of its own under [service]",
                "two of the definitions are named `{name}`"
            ));
        }
    }
    Ok(Definitions::new(loaded))
}

pub fn read_all(files: &[PathBuf]) -> miette::Result<Vec<Vec<u8>>> {
    files
        .iter()
        .map(|file| {
            std::fs::read(file).into_diagnostic().wrap_err_with(|| {
                format!("the root certificates {} cannot be read", file.display())
            })
        })
        .collect()
}

pub fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "write an IP address and a port, like 127.0.0.1:8420 or [::1]:8420".to_owned())
}
