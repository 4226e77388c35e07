//! `causeway operation ID resolve`: a person has looked at the vendor, and says what became of it.

use std::process::ExitCode;

use causeway_engine::operation::Ending;
use causeway_engine::{Operation, OperationId, Resolution, Resolve, Standing};
use clap::Args;
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, miette};

use crate::journal::Journal;
use crate::runtime;
use crate::terminal::print;

/// Say what became of an operation that needs attention, after a look at the vendor
///
/// The next call on the service goes by it: WHMCS's cron repeats its own call by itself, or staff run
/// the command again.
#[derive(Debug, Args)]
#[group(required = true, multiple = false, args = ["adopt", "done", "again", "abandon"])]
pub struct Arguments {
    /// It is there: the vendor names it with this identifier
    #[arg(long, value_name = "IDENTIFIER")]
    adopt: Option<String>,

    /// It was done: nothing is left to send (for calls that make nothing, such as a renewal)
    #[arg(long)]
    done: bool,

    /// It was not done: it may be sent again
    #[arg(long)]
    again: bool,

    /// It was not done and is not wanted any more: forget it
    #[arg(long)]
    abandon: bool,

    #[command(flatten)]
    journal: Journal,
}

pub fn run(id: OperationId, arguments: &Arguments) -> miette::Result<ExitCode> {
    let said = runtime::block_on(async {
        let store = arguments.journal.open().await?;
        let operation = super::operation::recorded(&*store, id).await?;
        let resolve = arguments.decision(&operation)?;
        let said = resolve.message.clone();
        store.resolve(resolve).await.into_diagnostic()?;
        Ok::<_, miette::Report>(said)
    })?;
    print(&format!("{said}\n"))?;
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn decision(&self, operation: &Operation) -> miette::Result<Resolve> {
        let step = match &operation.standing {
            Standing::Ended(Ending::NeedsAttention { step, .. }) => step.clone(),
            other => {
                return Err(miette!(
                    help = "`causeway operations --attention` lists those that do",
                    "operation {} is {}: it does not wait for a decision",
                    operation.id,
                    other.name().replace('_', " ")
                ));
            }
        };
        let resolution = self.resolution();
        refuse_what_makes_no_sense(operation, step.as_deref(), &resolution)?;
        let what = step.as_deref().unwrap_or(operation.kind.name());
        let next =
            "The next call goes by it: WHMCS's cron makes it by itself, or run the command again.";
        let message = match &resolution {
            Resolution::Adopt(identifier) => {
                format!("Decided: {what} is there, it is {identifier}. {next}")
            }
            Resolution::Done => format!("Decided: {what} was done. {next}"),
            Resolution::Again => {
                format!("Decided: {what} was not done and may be sent again. {next}")
            }
            Resolution::Abandon => {
                format!("Decided: {what} was not done and is not wanted any more.")
            }
        };
        Ok(Resolve {
            operation: operation.id,
            step,
            resolution,
            message,
            at: Timestamp::now(),
        })
    }

    fn resolution(&self) -> Resolution {
        match &self.adopt {
            Some(identifier) => Resolution::Adopt(identifier.trim().to_owned()),
            None if self.done => Resolution::Done,
            None if self.again => Resolution::Again,
            None => Resolution::Abandon,
        }
    }
}

fn refuse_what_makes_no_sense(
    operation: &Operation,
    step: Option<&str>,
    resolution: &Resolution,
) -> miette::Result<()> {
    let kind = operation.kind.name();
    let is_call = step.is_some_and(|step| step == kind || step.starts_with(&format!("{kind}[")));
    match (resolution, step) {
        (Resolution::Abandon, _) => Ok(()),
        (_, None) => Err(miette!(
            help = "its provider was removed, so nothing can be sent for it; see at the vendor what is there, then --abandon it",
            "operation {} names no step that could go on",
            operation.id
        )),
        (Resolution::Adopt(identifier), _) if identifier.is_empty() => Err(miette!(
            help = "give the vendor's identifier of it: `--adopt 42`",
            "the identifier is empty"
        )),
        (Resolution::Adopt(_), Some(step)) if is_call => Err(miette!(
            help = "say --done when it was done, --again when it was not",
            "{step} makes nothing that could be adopted"
        )),
        (Resolution::Done, Some(step)) if !is_call => Err(miette!(
            help = "say which one it is: --adopt with the vendor's identifier of it",
            "{step} is a thing at the vendor: that it was made is not enough to go on"
        )),
        _ => Ok(()),
    }
}
