//! `causeway test MODULE_FOLDER`: any WHMCS server module.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use causeway_testbed::emulator::DatabaseEngine;
use causeway_testbed::mariadb::MariaDbServer;
use causeway_testbed::module_test::report::{MaskedModuleReport, html, json, junit, text};
use causeway_testbed::module_test::{
    self, Finding, ModuleReport, ModuleTestEvent, ModuleTestSettings, VendorChoice,
};
use causeway_testbed::scripted_vendor::{Credentials, VendorScript};
use clap::{Args, ValueEnum};
use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::files::{self, can_be_written};
use super::progress::Progress;
use super::{Arguments, painted};
use crate::runtime::{self, Stop};
use crate::terminal::{Paint, print};
use crate::vendor_script;

/// What the test of a module folder takes beside what that of a definition takes.
#[derive(Debug, Args)]
pub struct ModuleArguments {
    /// The vendor that the module talks to: a vendor script (docs/vendor-script.md) or a HAR
    /// file
    #[arg(long, value_name = "FILE", conflicts_with = "vendor_url")]
    vendor: Option<PathBuf>,

    /// The host name in WHMCS's server form [default: the script's first host]
    #[arg(long, value_name = "HOST")]
    server_host: Option<String>,

    /// The user name in the server form [default: one that a vendor script knows]
    #[arg(long, value_name = "NAME")]
    server_username: Option<String>,

    /// The file with the access hash of the server form
    #[arg(long, value_name = "FILE")]
    server_access_hash_file: Option<PathBuf>,

    /// A module option of the product, by its number [default: what the module proposes]
    #[arg(long = "option", value_name = "NUMBER=VALUE")]
    options: Vec<NumberedOption>,

    /// A module option of the product, when staff have changed it and press Change Package
    #[arg(long = "upgrade-option", value_name = "NUMBER=VALUE")]
    upgrade_options: Vec<NumberedOption>,

    /// A custom field of the product, with what the client enters
    #[arg(long = "custom-field", value_name = "NAME=VALUE")]
    custom_fields: Vec<NamedValue>,

    /// A configurable option of the product, with the choice that the client makes
    #[arg(long = "configurable-option", value_name = "NAME=CHOICE")]
    configurable_options: Vec<NamedValue>,

    /// How long a vendor that hangs may hold a callback [default: 35]
    #[arg(long, value_name = "SECONDS")]
    patience: Option<u64>,

    /// How long a callback may take beside what the vendor takes [default: 3]
    #[arg(long, value_name = "SECONDS")]
    budget: Option<u64>,

    /// The version of WHMCS that is played [default: 8.13]
    #[arg(long, value_name = "VERSION")]
    whmcs: Option<String>,

    /// What WHMCS's database runs on [default: sqlite]
    #[arg(long, value_name = "DATABASE")]
    database: Option<DatabaseName>,

    /// Which findings make the command fail: all, none, or names [default: all]
    #[arg(long, value_name = "FINDINGS", value_delimiter = ',')]
    fail_on: Vec<String>,
}

/// What WHMCS's database runs on.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DatabaseName {
    /// SQLite that speaks MySQL: starts in no time
    Sqlite,
    /// A MariaDB server that is started for the test, as WHMCS has it; changes of rows are not told
    Mariadb,
}

impl DatabaseName {
    fn engine(self) -> miette::Result<DatabaseEngine> {
        match self {
            Self::Sqlite => Ok(DatabaseEngine::Sqlite),
            Self::Mariadb => {
                let server = MariaDbServer::start_new().map_err(|error| miette!("{error}"))?;
                Ok(DatabaseEngine::MariaDb(server))
            }
        }
    }
}

/// `1=basic`, or `configoption1=basic`.
#[derive(Debug, Clone)]
struct NumberedOption(u8, String);

impl FromStr for NumberedOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let NamedValue(name, value) = text.parse()?;
        let number = name.trim_start_matches("configoption").parse();
        match number {
            Ok(number @ 1..=24) => Ok(Self(number, value)),
            _ => Err("WHMCS's module options have the numbers 1 to 24: `1=basic`".to_owned()),
        }
    }
}

#[derive(Debug, Clone)]
struct NamedValue(String, String);

impl FromStr for NamedValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
        let (name, value) = parts.ok_or("a name, `=` and a value are needed")?;
        Ok(Self(name.to_owned(), value.to_owned()))
    }
}

/// Which findings make the command fail.
enum FailOn {
    All,
    These(Vec<Finding>),
}

impl FailOn {
    fn of(words: &[String]) -> miette::Result<Self> {
        match words {
            [] => Ok(Self::All),
            [word] if word == "all" => Ok(Self::All),
            [word] if word == "none" => Ok(Self::These(Vec::new())),
            names => {
                let findings = names.iter().map(|name| name.parse());
                let findings: Result<Vec<Finding>, _> = findings.collect();
                Ok(Self::These(findings.into_diagnostic()?))
            }
        }
    }

    fn breaks(&self, finding: Finding) -> bool {
        match self {
            Self::All => true,
            Self::These(findings) => findings.contains(&finding),
        }
    }
}

impl ModuleArguments {
    /// A definition has all of this in itself.
    pub fn are_for_folders_alone(&self) -> miette::Result<()> {
        let Self {
            vendor,
            server_host,
            server_username,
            server_access_hash_file,
            options,
            upgrade_options,
            custom_fields,
            configurable_options,
            patience,
            budget,
            whmcs,
            database,
            fail_on,
        } = self;
        let given = [
            ("--vendor", vendor.is_some()),
            ("--server-host", server_host.is_some()),
            ("--server-username", server_username.is_some()),
            (
                "--server-access-hash-file",
                server_access_hash_file.is_some(),
            ),
            ("--option", !options.is_empty()),
            ("--upgrade-option", !upgrade_options.is_empty()),
            ("--custom-field", !custom_fields.is_empty()),
            ("--configurable-option", !configurable_options.is_empty()),
            ("--patience", patience.is_some()),
            ("--budget", budget.is_some()),
            ("--whmcs", whmcs.is_some()),
            ("--database", database.is_some()),
            ("--fail-on", !fail_on.is_empty()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) => Err(miette!(
                help = "name the module's folder, modules/servers/NAME, in place of a definition",
                "{option} is for the test of a module folder"
            )),
            None => Ok(()),
        }
    }
}

/// Tests the module in this folder.
pub fn run(folder: PathBuf, arguments: Arguments) -> miette::Result<ExitCode> {
    only_for_definitions(&arguments)?;
    let fail_on = FailOn::of(&arguments.module.fail_on)?;
    let settings = settings(folder, &arguments)?;
    let files = [&arguments.junit, &arguments.html, &arguments.json];
    can_be_written(files.into_iter().flatten())?;
    let secrets = [&settings.server.password, &settings.server.access_hash];
    let secrets: Vec<String> = secrets
        .into_iter()
        .filter(|one| !one.is_empty())
        .cloned()
        .collect();
    let mut progress = Progress::new(arguments.progress);
    progress.module_begins();
    let tested = until_stopped(module_test::run(settings, |event| match event {
        ModuleTestEvent::Planned { trials } => progress.planned(trials),
        ModuleTestEvent::Played(played) => progress.trial(played),
    }));
    progress.clear();
    let report = tested?;
    let exit_code = exit_code(&report, &fail_on);
    let report = MaskedModuleReport::new(report, &secrets);
    let breaks = |finding| fail_on.breaks(finding);
    if let Some(file) = &arguments.junit {
        files::write(file, &junit(&report, &breaks))?;
    }
    if let Some(file) = &arguments.html {
        files::write(file, &html(&report).into_diagnostic()?)?;
    }
    if let Some(file) = &arguments.json {
        files::write(file, &json(&report))?;
    }
    let paint = Paint::for_output();
    print(&text(&report, &|tone, text| painted(paint, tone, text)))?;
    Ok(exit_code)
}

fn exit_code(report: &ModuleReport, fail_on: &FailOn) -> ExitCode {
    let mut findings = report.findings.iter();
    match findings.any(|found| fail_on.breaks(found.finding)) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

fn settings(folder: PathBuf, arguments: &Arguments) -> miette::Result<ModuleTestSettings> {
    let module = &arguments.module;
    let (vendor, is_given) = match (&module.vendor, arguments.vendor.address()?) {
        (Some(file), _) => (VendorChoice::Script(script(file)?), false),
        (None, Some((url, roots))) => (VendorChoice::Given { url, roots }, true),
        (None, None) => {
            return Err(miette!(
                help = "docs/vendor-script.md shows how to write one; `causeway record` makes one from a \
                        sandbox, and --vendor-url tests against the sandbox itself",
                "a module is tested before its vendor: name a vendor script with --vendor FILE"
            ));
        }
    };
    let mut settings = ModuleTestSettings::new(folder, vendor);
    if is_given {
        settings.server = Credentials {
            password: arguments.vendor.credential()?,
            ..Credentials::default()
        };
    }
    if let Some(database) = module.database {
        settings.database = database.engine()?;
    }
    if let Some(username) = &module.server_username {
        settings.server.username.clone_from(username);
    }
    if let Some(file) = &module.server_access_hash_file {
        let hash = fs::read_to_string(file)
            .into_diagnostic()
            .wrap_err_with(|| format!("{} cannot be read", file.display()))?;
        hash.trim().clone_into(&mut settings.server.access_hash);
    }
    settings.host.clone_from(&module.server_host);
    settings.options = numbered(&module.options);
    settings.upgrade_options = numbered(&module.upgrade_options);
    settings.custom_fields = named(&module.custom_fields);
    settings.configurable_options = named(&module.configurable_options);
    if let Some(seconds) = module.patience {
        settings.patience = Duration::from_secs(seconds);
    }
    if let Some(seconds) = module.budget {
        settings.budget = Duration::from_secs(seconds);
    }
    if let Some(version) = &module.whmcs {
        settings.whmcs_version.clone_from(version);
    }
    if let Some(jobs) = arguments.jobs {
        settings.lanes = jobs.get();
    }
    Ok(settings)
}

fn script(file: &Path) -> miette::Result<String> {
    let source = vendor_script::read(file)?;
    match VendorScript::parse(&source) {
        Ok(_) => Ok(source),
        Err(problems) => {
            let problems = problems.iter().map(|problem| format!("  {problem}"));
            let problems: Vec<String> = problems.collect();
            Err(miette!(
                help = "docs/vendor-script.md has the whole grammar",
                "the vendor script {} cannot be used:\n{}",
                file.display(),
                problems.join("\n")
            ))
        }
    }
}

fn numbered(options: &[NumberedOption]) -> BTreeMap<u8, String> {
    let pair = |NumberedOption(number, value): &NumberedOption| (*number, value.clone());
    options.iter().map(pair).collect()
}

fn named(values: &[NamedValue]) -> BTreeMap<String, String> {
    let pair = |NamedValue(name, value): &NamedValue| (name.clone(), value.clone());
    values.iter().map(pair).collect()
}

/// What means nothing for a folder must not seem to.
fn only_for_definitions(arguments: &Arguments) -> miette::Result<()> {
    let given = [
        ("--case", !arguments.cases.is_empty()),
        ("--list", arguments.list),
        ("--crash-points", arguments.crash_points),
        ("--seeds", arguments.seeds.is_some()),
        ("--simulated", arguments.simulated.is_some()),
        ("--seed", arguments.seed.is_some()),
        ("--fail-fast", arguments.fail_fast),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(miette!(
            help = "name a definition, FILE.toml, in place of a folder",
            "{option} is for the test of a definition"
        )),
        None => Ok(()),
    }
}

fn until_stopped(
    work: impl Future<Output = Result<ModuleReport, module_test::ModuleTestError>>,
) -> miette::Result<ModuleReport> {
    runtime::block_on(async {
        let mut stop = Stop::listen()?;
        tokio::select! {
            done = work => done.map_err(explained),
            () = stop.told() => Err(miette!("stopped before all of it was tried")),
        }
    })
}

fn explained(error: module_test::ModuleTestError) -> miette::Report {
    let help = match &error {
        module_test::ModuleTestError::NoService { .. } => Some(
            "does the module need other options, fields or a user name? \
             --option 1=VALUE, --custom-field, --configurable-option, --server-username; \
             does the vendor script have a route for what was asked?",
        ),
        _ => None,
    };
    match help {
        Some(help) => miette!(help = help, "{error}"),
        None => miette!("{error}"),
    }
}
