//! `causeway bench`.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};

use crate::bench::{BenchSettings, Deed, Part, WayName, run as measure, testbed};
use crate::runtime;
use crate::terminal::print;

/// Measure operations through gateway and journal against the same vendor calls made otherwise
///
/// Everything runs on this machine, over loopback: the sample vendor, gateways with their journals in
/// temporary files, a PostgreSQL server, a php-fpm, and the callers. The figures that matter are the ratios. Prints tables
/// in Markdown.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    other: Option<Other>,

    /// What to measure
    #[arg(long, value_enum, value_name = "PARTS", value_delimiter = ',',
        default_values_t = [Part::Calls, Part::Sizes, Part::Memory])]
    parts: Vec<Part>,

    /// Which ways to the vendor are compared; the sizes are measured by those that have a journal
    #[arg(long, value_enum, value_name = "WAYS", value_delimiter = ',',
        default_values_t = [WayName::Direct, WayName::Sqlite, WayName::Postgres, WayName::Php])]
    ways: Vec<WayName>,

    /// Only one of the two
    #[arg(long, value_enum, value_name = "DEED")]
    only: Option<Deed>,

    /// How many callers at once, one row for each
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    callers: Vec<usize>,

    /// How many milliseconds the vendor takes for each answer, one table for each
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [0, 20])]
    vendor_times: Vec<u64>,

    /// How many services are in the journal beforehand, one row for each; a million takes some
    /// minutes and 2 GB of disk
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [1_000, 100_000])]
    services: Vec<usize>,

    /// How many operations for each measurement, at most
    #[arg(long, value_name = "NUMBER", default_value_t = 4_000)]
    operations: usize,

    /// How many seconds each measurement may take
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    seconds: u64,

    /// How often each measurement is made; the median round counts
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    rounds: usize,
}

/// What else can be measured.
#[derive(Debug, Subcommand)]
enum Other {
    /// Measure the test bed itself: a callback beside the module's own time, a whole life, and every
    /// trial of a module with four functions
    Testbed {
        /// How many callbacks
        #[arg(long, value_name = "NUMBER", default_value_t = 300)]
        callbacks: usize,
    },
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    if let Some(Other::Testbed { callbacks }) = arguments.other {
        let tables = testbed(callbacks.max(1), |now| eprintln!("{now}"));
        print(&runtime::block_on(tables)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let settings = BenchSettings {
        parts: arguments.parts.clone(),
        ways: arguments.ways.clone(),
        deeds: match arguments.only {
            Some(deed) => vec![deed],
            None => vec![Deed::Create, Deed::Suspend],
        },
        callers: arguments.callers.clone(),
        vendor_times: arguments
            .vendor_times
            .iter()
            .copied()
            .map(Duration::from_millis)
            .collect(),
        services: arguments.services.clone(),
        operations: arguments.operations.max(1),
        limit: Duration::from_secs(arguments.seconds.max(1)),
        rounds: arguments.rounds.max(1),
    };
    let table = runtime::block_on(measure(&settings, |now| eprintln!("{now}")))?;
    print(&table)?;
    Ok(ExitCode::SUCCESS)
}
