//! Logs on standard error.

use clap::ValueEnum;
use miette::miette;
use tracing_subscriber::EnvFilter;

const VARIABLE: &str = "CAUSEWAY_LOG";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Begins to log what CAUSEWAY_LOG asks for.
pub fn start(format: LogFormat) -> miette::Result<()> {
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    let wanted = if wanted.trim().is_empty() {
        "info"
    } else {
        wanted.as_str()
    };
    let filter = EnvFilter::try_new(wanted).map_err(|error| {
        miette!(
            help = "write a level (error, warn, info, debug, trace), or one for each part: \
                    info,causeway_gateway=debug",
            "{VARIABLE}={wanted:?} cannot be understood: {error}"
        )
    })?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => logs
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
    Ok(())
}
