//! `causeway demo`.

use std::process::ExitCode;

use causeway_testbed::emulator::find_php_fpm;
use clap::Args;
use miette::miette;

use crate::demo::{Story, Teller, World};
use crate::runtime::{self, Stop};
use crate::terminal::Paint;

/// Show a whole purchase, from order to cancellation, on this machine
///
/// Starts a sample vendor with a REST API, the gateway, and an emulated WHMCS with the freshly built
/// module in real PHP, in a temporary folder and on free ports. Nothing of it stays behind.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Leave everything up until Ctrl-C, and say where it is
    #[arg(long)]
    keep: bool,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    find_php_fpm(None).map_err(|error| miette!("{error}"))?;
    runtime::block_on(async {
        let mut stop = Stop::listen()?;
        tokio::select! {
            result = tell(arguments.keep) => result,
            () = stop.told() => {
                eprintln!("\nStopped.");
                Ok(ExitCode::FAILURE)
            }
        }
    })
}

async fn tell(keep: bool) -> miette::Result<ExitCode> {
    let mut teller = Teller::new(Paint::for_output());
    teller.title()?;
    let world = World::start().await?;
    teller.places(&world)?;
    let mut story = Story::begin(&world, &mut teller).await?;
    let told = story.tell().await;
    let checks = story.end();
    let good = told.is_ok() && checks.iter().all(|check| check.holds);
    teller.summary(&checks)?;
    if keep && told.is_ok() {
        teller.kept(&world)?;
        Stop::listen()?.told().await;
    }
    world.stop().await;
    told?;
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
