//! `causeway sandbox`: everything by hand, in a browser.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use causeway_testbed::emulator::find_php_fpm;
use causeway_testbed::matrix::with_short_times;
use causeway_testbed::sandbox::{
    Listen, Sandbox, SandboxSettings, Tried, TriedDefinition, TriedModule, TriedVendor,
};
use causeway_testbed::scripted_vendor::VendorScript;
use clap::Args;
use miette::{IntoDiagnostic as _, WrapErr as _, miette};
use url::Url;

use crate::commands::provider::api_address;
use crate::commands::serve::socket_address;
use crate::definitions::ReadDefinition;
use crate::diagnostics::render;
use crate::runtime::{self, Stop};
use crate::terminal::{Paint, errors_have_colours, print};
use crate::vendor_script;

const EXAMPLES: &str = "\
Examples:
  causeway sandbox vaultly.toml                                   the module of a definition
  causeway sandbox modules/servers/mymodule --vendor vendor.toml  any module, and a scripted vendor
  causeway sandbox modules/servers/mymodule --vendor-url https://sandbox.vendor.example/v1";

/// Walk through everything by hand, in a browser: as the provider's staff and as the client
///
/// Starts an emulated WHMCS with the module in real PHP, and a local web application before it: add a
/// server, create a product, order, pay, suspend, upgrade, cancel, wind the clock. Beside it stands,
/// as it happens, every callback, hook, exchange with the vendor and change of the database; and at
/// each exchange something can be made to go wrong. Only this machine can reach it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A definition (a TOML file), or the folder of any WHMCS server module
    #[arg(value_name = "DEFINITION|MODULE_FOLDER")]
    tried: PathBuf,

    /// The vendor, played from a script (docs/vendor-script.md) or a HAR file; without it, a definition has the sample
    /// vendor, and a module reaches its vendor by itself
    #[arg(long, value_name = "FILE", conflicts_with = "vendor_url")]
    vendor: Option<PathBuf>,

    /// A vendor at this address, a sandbox, for a module
    #[arg(long, value_name = "URL", value_parser = api_address)]
    vendor_url: Option<Url>,

    /// Where to listen, on this machine [default: 127.0.0.1:8430, or the next port that is free]
    #[arg(long, value_name = "ADDRESS", value_parser = socket_address)]
    listen: Option<SocketAddr>,

    /// The version that WHMCS tells the module, such as 9.0.0-release.1
    #[arg(long, value_name = "VERSION")]
    whmcs_version: Option<String>,

    /// Keep the definition's own times: without it, a vendor that hangs is given up on after a second
    /// and a half, so that nobody has to wait
    #[arg(long)]
    real_times: bool,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    find_php_fpm(None).map_err(|error| miette!("{error}"))?;
    let settings = SandboxSettings {
        listen: arguments.listen.map_or(Listen::AnywhereFree, Listen::At),
        tried: tried(arguments)?,
        whmcs_version: arguments.whmcs_version.clone(),
    };
    runtime::block_on(async {
        let mut stop = Stop::listen()?;
        tokio::select! {
            result = open(settings) => result,
            () = stop.told() => {
                eprintln!("\nStopped.");
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}

/// Never ends by itself.
async fn open(settings: SandboxSettings) -> miette::Result<ExitCode> {
    let sandbox = Sandbox::start(settings)
        .await
        .map_err(|error| miette!("{error}"))?;
    let paint = Paint::for_output();
    print(&format!(
        "The sandbox is open: {}\nCtrl-C ends it; nothing of it stays behind.\n",
        paint.value(sandbox.url())
    ))?;
    std::future::pending::<()>().await;
    Ok(ExitCode::SUCCESS)
}

fn tried(arguments: &Arguments) -> miette::Result<Tried> {
    let script = match &arguments.vendor {
        Some(file) => Some(script(file)?),
        None => None,
    };
    if arguments.tried.is_dir() {
        let given = arguments.vendor_url.clone().map(TriedVendor::Given);
        return Ok(Tried::Module(TriedModule {
            folder: arguments.tried.clone(),
            vendor: script.map(TriedVendor::Script).or(given),
        }));
    }
    if arguments.vendor_url.is_some() {
        return Err(miette!(
            help = "`causeway test --vendor-url` tries a definition against a real sandbox",
            "`--vendor-url` is for module folders"
        ));
    }
    let read = ReadDefinition::from_file(&arguments.tried);
    eprint!("{}", read.shown());
    let source = match arguments.real_times {
        true => read.source.clone(),
        false => with_short_times(&read.source),
    };
    Ok(Tried::Definition(Box::new(TriedDefinition {
        program: std::env::current_exe()
            .into_diagnostic()
            .wrap_err("the program cannot find its own file, which it starts as a gateway")?,
        source,
        definition: read.usable()?,
        vendor: script,
    })))
}

fn script(file: &Path) -> miette::Result<Box<VendorScript>> {
    let source = vendor_script::read(file)?;
    let script = VendorScript::parse(&source).map_err(|problems| {
        let name = file.display().to_string();
        eprint!(
            "{}",
            render(&problems, &source, &name, errors_have_colours())
        );
        miette!(
            help = "mend what stands above; docs/vendor-script.md has every key",
            "{name} cannot be used"
        )
    })?;
    Ok(Box::new(script))
}
