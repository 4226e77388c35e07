//! `cargo run --release -p causeway-simulation --example histories -- [COUNT] [SEED] [DEFINITION]`:
//! plays random histories and prints what was met; the first failing one is shrunk and told.

use std::error::Error;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use causeway_definition::Definition;
use causeway_simulation::{Report, SimulationSettings, run_many, shrink};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count: u64 = arguments.first().map_or(Ok(10_000), |count| count.parse())?;
    let seed = match arguments.get(1) {
        Some(seed) => seed.parse()?,
        None => u64::from(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos()) << 20,
    };
    let source = match arguments.get(2) {
        Some(file) => std::fs::read_to_string(file)?,
        None => include_str!("../../../examples/shieldpress.toml").to_owned(),
    };
    let (definition, _) = Definition::parse(&source).map_err(|problems| format!("{problems:?}"))?;
    let threads = available_parallelism().map_or(1, usize::from);
    println!("seeds {seed} to {}, {threads} threads", seed + count);
    let progress = |report: &Report| {
        if report.histories % 6400 == 0 {
            eprintln!("{} histories, {} failed", report.histories, report.failed);
        }
        report.failures.is_empty()
    };
    let report = run_many(
        &definition,
        &SimulationSettings::default(),
        seed..seed + count,
        threads,
        &progress,
    );
    print(&report);
    match report.failures.into_iter().next() {
        None => Ok(ExitCode::SUCCESS),
        Some(failure) => {
            println!("{}", shrink(&definition, failure));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn print(report: &Report) {
    let seconds = report.took.as_secs_f64();
    println!("{}", report.met);
    println!(
        "{} histories in {seconds:.1} s ({:.0} a second), {:.0} hours of simulated time, {} scheduling points; {} failed",
        report.histories,
        report.histories as f64 / seconds,
        report.simulated.as_secs_f64() / 3600.0,
        report.steps,
        report.failed,
    );
    for missing in report.met.missing() {
        println!("never met: {missing}");
    }
}
