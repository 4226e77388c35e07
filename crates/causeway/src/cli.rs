//! What can be typed.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    bench, build, check, demo, journal, key, new, operation, operations, provider, record, sandbox,
    schema, serve, test,
};

const ENVIRONMENT: &str = "\
Environment variables:
  CAUSEWAY_DATA        the folder of journal.sqlite and causeway.key [default: ./causeway-data]
  CAUSEWAY_JOURNAL     the journal, as after --journal; out of sight of other users of this machine
  PGPASSWORD           the database's password, when the journal's URL has none
  CAUSEWAY_CREDENTIAL  the vendor's credential for `provider add` and `provider change`
  CAUSEWAY_LOG         what `serve` logs: error, warn, info, debug, or by part, such as
                       `info,causeway_gateway=debug` [default: info]
  CAUSEWAY_PHP_FPM     the php-fpm that `demo`, `test` and `sandbox` run, when it is not found by itself
  NO_COLOR             no colours when it is set

Exit codes: 0 all is well; 1 an error, or a check that failed; 2 a command line that makes no sense.";

/// The bridge between WHMCS and vendor APIs.
///
/// A definition (one TOML file) describes a vendor's product and API. `check` reads it, `build`
/// makes the drop-in WHMCS module from it, `serve` runs the gateway that the module calls, and
/// `test` tries everything that can go wrong between them. `demo` shows all of it at work on this machine.
#[derive(Debug, Parser)]
#[command(name = "causeway", version, after_help = ENVIRONMENT, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Arguments),
    Bench(bench::Arguments),
    New(new::Arguments),
    Check(check::Arguments),
    Test(Box<test::Arguments>),
    Sandbox(sandbox::Arguments),
    Record(record::Arguments),
    Build(build::Arguments),
    Serve(serve::Arguments),
    Provider(provider::Arguments),
    Operations(operations::Arguments),
    Operation(operation::Arguments),
    Journal(journal::Arguments),
    Key(key::Arguments),
    Schema(schema::Arguments),
}

impl Command {
    pub fn run(self) -> miette::Result<ExitCode> {
        match self {
            Self::Demo(arguments) => demo::run(&arguments),
            Self::Bench(arguments) => bench::run(&arguments),
            Self::New(arguments) => new::run(&arguments),
            Self::Check(arguments) => check::run(&arguments),
            Self::Record(arguments) => record::run(&arguments),
            Self::Build(arguments) => build::run(&arguments),
            Self::Serve(arguments) => serve::run(arguments),
            Self::Provider(arguments) => provider::run(arguments),
            Self::Operations(arguments) => operations::run(&arguments),
            Self::Operation(arguments) => operation::run(&arguments),
            Self::Journal(arguments) => journal::run(&arguments),
            Self::Key(arguments) => key::run(&arguments),
            Self::Schema(arguments) => schema::run(&arguments),
            Self::Test(arguments) => test::run(*arguments),
            Self::Sandbox(arguments) => sandbox::run(&arguments),
        }
    }
}
