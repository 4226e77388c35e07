//! `causeway bench`.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::bench::{BenchSettings, run as measure};
use crate::runtime;
use crate::terminal::print;

/// Measure creates through gateway and journal against the same vendor calls made directly
///
/// Everything runs on this machine and in one process: the sample vendor, the gateway with its
/// journal in a temporary file, and the callers. The figures that matter are the ratios.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many creates for each measurement
    #[arg(long, value_name = "NUMBER", default_value_t = 4_000)]
    creates: usize,

    /// How many callers at once, one row for each
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [1, 16, 64])]
    callers: Vec<usize>,

    /// How many milliseconds the vendor takes for each answer, one table for each
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [0, 5])]
    vendor_milliseconds: Vec<u64>,

    /// How often each measurement is made; the median round counts
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    let settings = BenchSettings {
        creates: arguments.creates.max(100),
        callers: arguments.callers.clone(),
        rounds: arguments.rounds.max(1),
        vendor_times: arguments
            .vendor_milliseconds
            .iter()
            .copied()
            .map(Duration::from_millis)
            .collect(),
    };
    let table = runtime::block_on(measure(&settings, |now| eprintln!("{now}")))?;
    print(&table)?;
    Ok(ExitCode::SUCCESS)
}
