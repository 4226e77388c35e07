//! `cargo run --release -p causeway-simulation --example histories -- [COUNT] [SEED] [DEFINITION]...`:
//! plays random histories of each definition and prints what was met; the first failing one is shrunk
//! and told; a count of 1 tells the one of that seed, however it ends. Without definitions, those of this repository share the count.

use std::error::Error;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use causeway_definition::Definition;
use causeway_simulation::{Met, Report, SimulationSettings, run_many, shrink, tell};

const DEFINITIONS: [(&str, &str); 5] = [
    (
        "shieldpress",
        include_str!("../../../examples/shieldpress.toml"),
    ),
    (
        "without keys",
        include_str!("../definitions/without_keys.toml"),
    ),
    (
        "by reference",
        include_str!("../definitions/by_reference.toml"),
    ),
    ("key only", include_str!("../definitions/key_only.toml")),
    (
        "without find and key",
        include_str!("../definitions/without_find_and_key.toml"),
    ),
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count: u64 = arguments
        .first()
        .map_or(Ok(10_000), |count| count.parse())?;
    let base = match arguments.get(1) {
        Some(seed) => seed.parse()?,
        None => u64::from(SystemTime::now().duration_since(UNIX_EPOCH)?.subsec_nanos()) << 20,
    };
    let mut definitions: Vec<(String, String)> = DEFINITIONS
        .iter()
        .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()))
        .collect();
    if arguments.len() > 2 {
        definitions.clear();
        for file in &arguments[2..] {
            definitions.push((file.clone(), std::fs::read_to_string(file)?));
        }
    }
    let each = count.div_ceil(definitions.len() as u64);
    let threads = available_parallelism().map_or(1, usize::from);
    let mut met = Met::default();
    for (name, source) in &definitions {
        let (definition, _) =
            Definition::parse(source).map_err(|problems| format!("{problems:?}"))?;
        let settings = SimulationSettings::default();
        if count == 1 {
            match tell(&definition, &settings, base) {
                Ok(summary) => println!("{name}, {}", summary.story),
                Err(failure) => println!("{name}, {failure}"),
            }
            continue;
        }
        let report = run_many(
            &definition,
            &settings,
            base..base + each,
            threads,
            &|report| report.failures.is_empty(),
        );
        println!("{name}, seeds {base} to {}: {}", base + each, line(&report));
        met.add(&report.met);
        if let Some(failure) = report.failures.into_iter().next() {
            println!("\n{}", shrink(&definition, failure));
            return Ok(ExitCode::FAILURE);
        }
    }
    println!("\n{met}");
    for missing in met.missing() {
        println!("never met: {missing}");
    }
    Ok(ExitCode::SUCCESS)
}

fn line(report: &Report) -> String {
    let seconds = report.took.as_secs_f64();
    format!(
        "{} histories in {seconds:.1} s ({:.0} a second), {:.0} hours of simulated time, {} scheduling points; {} failed",
        report.histories,
        report.histories as f64 / seconds,
        report.simulated.as_secs_f64() / 3600.0,
        report.steps,
        report.failed,
    )
}
