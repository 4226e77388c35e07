//! `causeway test`: every fault at every exchange, with real parts; for a definition, and for any module.

mod crash_points;
mod explain;
mod failure;
mod files;
mod histories;
mod module;
mod progress;
mod vendor;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;

use causeway_definition::Definition;
use causeway_testbed::histories::Seeds;
use causeway_testbed::matrix::{
    self, CasePattern, GivenVendor, JournalSettings, LaneSettings, MatrixError, MatrixReport,
    Selection, VendorSettings, with_short_times, with_times_for_given_vendor,
};
use causeway_testbed::module_test::Finding;
use causeway_testbed::postgres::{PostgresServer, PostgresSettings};
use causeway_testbed::report::{MaskedReport, Tone, table};
use causeway_testbed::sample_vendor::{Provisioning, SampleVendorSettings};
use clap::{Args, ValueEnum};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use self::failure::explained;
use self::files::Files;
use self::progress::{Progress, ProgressForm};
use self::vendor::VendorArguments;
use crate::definitions::ReadDefinition;
use crate::runtime::{self, Stop};
use crate::terminal::{Paint, print};

/// A lane waits most of the time: for a vendor that hangs, for WHMCS's next try.
const LANES_FOR_EACH_CORE: usize = 8;
/// A vendor that others use, too, counts the requests.
const LANES_BEFORE_A_GIVEN_VENDOR: usize = 2;

const EXAMPLES: &str = "\
A case is named SCENARIO.STEP.PURPOSE/FAULT/FOLLOW. `*` stands for any part:
  --case create.subscription.create/reset_after/killed    this one
  --case 'create.subscription.create/*/*'                 everything at this exchange
  --case '*/lagging_reads/*'                              this fault, wherever it means something

A module before a vendor that is played, and one before a sandbox:
  causeway test modules/servers/acme --vendor acme.toml
  causeway test modules/servers/acme --vendor-url https://sandbox.acme.example --server-username reseller

Exit codes: 0 every case ended right, or nothing was found that --fail-on names; 1 otherwise, or the test
could not be made.";

/// Try every fault at every exchange with the vendor, and see that each purchase ends right
///
/// Given a definition, its module in real PHP, the gateway and a vendor are played through the whole life of a service;
/// at each exchange one thing goes wrong: the connection is reset, the answer is late, half or
/// missing, the gateway is killed, and so on. Afterwards what WHMCS believes, what the journal says
/// and what the vendor really has must agree.
///
/// Given the folder of any WHMCS server module, the module lives a whole life before a vendor that is
/// played (--vendor FILE) or a sandbox (--vendor-url URL), and then everything goes wrong once. The report
/// says what is wrong with it, why that matters, and how to mend it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The definition, or the folder of a module as it is unzipped into modules/servers/
    #[arg(
        value_name = "DEFINITION|MODULE_FOLDER",
        required_unless_present = "explain"
    )]
    file: Option<PathBuf>,

    /// Say more of a finding: why it matters and how to mend it
    #[arg(long, value_name = "FINDING", exclusive = true)]
    explain: Option<Finding>,

    /// Only these cases; may be given several times
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<CasePattern>,

    /// Where the gateways keep their journals; on PostgreSQL there are two, and one can take over
    /// from the other
    #[arg(long, value_name = "KIND", value_enum, default_value_t = JournalKind::Sqlite)]
    journal: JournalKind,

    #[command(flatten)]
    vendor: VendorArguments,

    #[command(flatten, next_help_heading = "Options for a module folder")]
    module: module::ModuleArguments,

    /// Print the names of the cases, and play none
    #[arg(long, conflicts_with_all = ["junit", "html", "json", "fail_fast", "jobs", "progress"])]
    list: bool,

    /// Kill the gateway at every point at which it awaits or commits something instead, with no other
    /// fault
    #[arg(long, conflicts_with_all = ["cases", "list", "seeds", "simulated"])]
    crash_points: bool,

    /// Play so many random histories with real parts instead: several services and clients, calls at
    /// once, faults, kills, days that pass
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["cases", "list", "simulated", "vendor_url"])]
    seeds: Option<u64>,

    /// Play so many random histories of the engine in simulated time instead, and with up to three
    /// gateways
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["cases", "list", "vendor_url"])]
    simulated: Option<u64>,

    /// The first seed of the histories [default: another one each time]
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,

    /// Write the result as JUnit XML, for CI systems
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Write the result as one HTML page, with all that is known of each wrong case
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write the result as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// How many cases are played at once [default: 8 for each core; 2 with --vendor-url]
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZeroUsize>,

    /// Stop at the first case that ends wrong
    #[arg(long)]
    fail_fast: bool,

    /// How to show progress on standard error [default: bar on a terminal, json elsewhere]
    #[arg(long, value_name = "FORM", value_enum)]
    progress: Option<ProgressForm>,
}

/// Where gateways keep their journals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum JournalKind {
    /// In a file each
    Sqlite,
    /// In databases of a PostgreSQL server that is started for the test
    Postgres,
}

pub fn run(mut arguments: Arguments) -> miette::Result<ExitCode> {
    if let Some(finding) = arguments.explain {
        return explain::finding(finding);
    }
    match arguments.file.take() {
        Some(folder) if folder.is_dir() => module::run(folder, arguments),
        Some(file) => of_definition(&file, arguments),
        None => Err(miette!("there is nothing to test")),
    }
}

fn of_definition(definition: &Path, arguments: Arguments) -> miette::Result<ExitCode> {
    arguments.module.are_for_folders_alone()?;
    // A list is shown at once.
    let quiet = arguments.list.then_some(ProgressForm::None);
    let mut progress = Progress::new(arguments.progress.or(quiet));
    let read = ReadDefinition::from_file(definition);
    progress.diagnostics(&read);
    let file = read.file.clone();
    let source = read.source.clone();
    let definition = read.usable()?;
    let seed = arguments.seed.unwrap_or_else(histories::any_seed);
    if let Some(count) = arguments.simulated {
        return histories::simulated(&definition, count, seed);
    }
    let given = arguments.vendor.given(&definition)?;
    let lanes = arguments.jobs.map(NonZeroUsize::get);
    let lanes = lanes.unwrap_or_else(|| match given {
        Some(_) => LANES_BEFORE_A_GIVEN_VENDOR,
        None => default_lanes(),
    });
    let (source, vendor) = match &given {
        Some(vendor) => (
            with_times_for_given_vendor(&source, &definition),
            VendorSettings::Given(Arc::clone(vendor)),
        ),
        None => (
            with_short_times(&source),
            VendorSettings::Sample(sample_vendor()),
        ),
    };
    let settings = Arc::new(settings(source, vendor, arguments.journal)?);
    if let Some(vendor) = &given {
        until_stopped(vendor.answers(&settings.definition))?;
        progress.vendor(vendor);
    }
    if let Some(count) = arguments.seeds {
        let seeds = Seeds {
            first: seed,
            count,
            lanes,
        };
        return histories::real(settings, seeds, &file);
    }
    if arguments.crash_points {
        let ran = crash_points::run(settings, lanes);
        say_what_is_left(given.as_deref());
        return ran;
    }
    if arguments.list {
        let listed = list(settings, &arguments.cases);
        say_what_is_left(given.as_deref());
        return listed;
    }
    let files = Files {
        junit: arguments.junit,
        html: arguments.html,
        json: arguments.json,
    };
    // A mistyped folder is better known now than after two minutes.
    files.can_be_written()?;
    let selection = Selection {
        patterns: arguments.cases,
        lanes,
        stop_at_first: arguments.fail_fast,
    };
    let played = matrix::run(settings, selection, |event| progress.show(event));
    let report = until_stopped(played);
    progress.clear();
    if report.is_err() {
        say_what_is_left(given.as_deref());
    }
    let report = some_case(report?)?;
    progress.ended(&report);
    let report = MaskedReport::new(report);
    files.write(&report, &file)?;
    let paint = Paint::for_output();
    print(&table(&report, &file, &|tone, text| {
        painted(paint, tone, text)
    }))?;
    Ok(exit_code(report.report().wrong()))
}

/// How so many that ended wrong are told of.
fn verdict(wrong: usize, paint: Paint) -> String {
    match wrong {
        0 => paint.good("all right"),
        wrong => paint.bad(format!("{wrong} wrong")),
    }
}

const fn exit_code(wrong: usize) -> ExitCode {
    match wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn list(settings: Arc<LaneSettings>, patterns: &[CasePattern]) -> miette::Result<ExitCode> {
    let names = until_stopped(matrix::list(settings, patterns))?;
    if names.is_empty() {
        return Err(no_case());
    }
    let lines: String = names.iter().map(|name| format!("{name}\n")).collect();
    print(&lines)?;
    Ok(ExitCode::SUCCESS)
}

/// No report tells of it.
fn say_what_is_left(vendor: Option<&GivenVendor>) {
    let Some(vendor) = vendor else {
        return;
    };
    for thing in vendor.left_behind() {
        eprintln!("left behind at {}: {thing}", vendor.api());
    }
}

/// Whoever stops it leaves no process and no file behind.
fn until_stopped<T>(work: impl Future<Output = Result<T, MatrixError>>) -> miette::Result<T> {
    runtime::block_on(async {
        let mut stop = Stop::listen()?;
        tokio::select! {
            done = work => done.map_err(explained),
            () = stop.told() => Err(miette!("stopped before all of it was played")),
        }
    })
}

fn sample_vendor() -> SampleVendorSettings {
    SampleVendorSettings {
        provisioning: Provisioning::PendingForReads(1),
        record_requests: false,
        // Few vendors make sure of it, and one that does hides a user that was made twice.
        unique_emails: false,
        ..SampleVendorSettings::default()
    }
}

fn settings(
    source: String,
    vendor: VendorSettings,
    journal: JournalKind,
) -> miette::Result<LaneSettings> {
    let (definition, _) = Definition::parse(&source).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        miette!(
            help = "this is a bug of `causeway test`: please report it with the definition",
            "the definition cannot be used with short times: {}",
            problems.join("; ")
        )
    })?;
    Ok(LaneSettings {
        program: std::env::current_exe()
            .into_diagnostic()
            .wrap_err("the program cannot find its own file, which it starts as a gateway")?,
        gateway_program: None,
        source,
        definition,
        vendor,
        journal: match journal {
            JournalKind::Sqlite => JournalSettings::Sqlite,
            JournalKind::Postgres => {
                let server = PostgresServer::start_new(PostgresSettings {
                    // Gateways are killed here, and the server is not.
                    fsync: false,
                    connections: 1_000,
                });
                JournalSettings::Postgres(Arc::new(server.map_err(|error| miette!("{error}"))?))
            }
        },
        php_workers: 2,
        gateway_arguments: Vec::new(),
    })
}

/// A test of nothing must not pass for one that succeeded.
fn some_case(report: MatrixReport) -> miette::Result<MatrixReport> {
    match report.results.is_empty() {
        true => Err(no_case()),
        false => Ok(report),
    }
}

fn no_case() -> miette::Report {
    miette!(
        help = "`causeway test FILE --list` prints the name of every case",
        "there is no case of that name"
    )
}

fn default_lanes() -> usize {
    LANES_FOR_EACH_CORE * available_parallelism().map_or(1, NonZeroUsize::get)
}

fn painted(paint: Paint, tone: Tone, text: &str) -> String {
    match tone {
        Tone::Good => paint.good(text),
        Tone::Doubtful => paint.doubtful(text),
        Tone::Bad => paint.bad(text),
        Tone::Faint => paint.faint(text),
        Tone::Strong => paint.bold(text),
        Tone::Value => paint.value(text),
    }
}
