//! `causeway operation`: what a person needs when a customer asks "where is my licence?".

use std::fmt::Write as _;
use std::process::ExitCode;

use causeway_engine::operation::Ending;
use causeway_engine::{Exchange, Operation, OperationId, Outcome, ServiceRecord, Standing, Store};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, miette};
use serde_json::{Value, json};

use super::operations::{self, Providers};
use super::resolve;
use crate::journal::Journal;
use crate::runtime;
use crate::terminal::{Paint, print};
use crate::text::{duration, moment};

/// Show one operation with its exchanges, secrets masked, or resolve it; works while the gateway runs
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = false)]
pub struct Arguments {
    /// The operation's id, as `causeway operations` and WHMCS's staff pages show it
    #[arg(value_name = "ID", value_parser = operation_id)]
    id: OperationId,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    journal: Journal,

    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    Resolve(resolve::Arguments),
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    if let Some(Action::Resolve(decision)) = &arguments.action {
        return resolve::run(arguments.id, decision);
    }
    let text = runtime::block_on(async {
        let store = arguments.journal.open().await?;
        let operation = recorded(&*store, arguments.id).await?;
        let shown = Shown {
            providers: Providers::of(&*store).await?,
            service: store.service(&operation.service).await.into_diagnostic()?,
            exchanges: store.exchanges(operation.id).await.into_diagnostic()?,
            operation,
        };
        Ok(if arguments.json {
            format!("{:#}\n", shown.as_json())
        } else {
            shown.as_text(Paint::for_output())
        })
    })?;
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// An operation that has to be in the journal.
pub async fn recorded(store: &dyn Store, id: OperationId) -> miette::Result<Operation> {
    store.operation(id).await.into_diagnostic()?.ok_or_else(|| {
        miette!(
            help =
                "`causeway operations` lists them; connection tests and sign-ons are not recorded",
            "the journal has no operation {id}"
        )
    })
}

struct Shown {
    providers: Providers,
    operation: Operation,
    service: Option<ServiceRecord>,
    exchanges: Vec<Exchange>,
}

impl Shown {
    fn as_json(&self) -> Value {
        let mut object = operations::as_json(&self.operation, &self.providers);
        object["waits_for"] = json!(self.waits_for());
        object["service_status"] =
            json!(self.service.as_ref().map(|service| service.status.name()));
        object["exchanges"] = self.exchanges.iter().map(exchange_as_json).collect();
        object
    }

    fn as_text(&self, paint: Paint) -> String {
        let mut text = String::new();
        let operation = &self.operation;
        let key = &operation.service;
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "{} {value}", paint.faint(format!("{name:>10}")));
        };
        line("operation", &paint.bold(operation.id));
        line("what", operation.kind.name());
        line("provider", &self.providers.shown(key.provider));
        let status = self
            .service
            .as_ref()
            .map_or("not known", |service| service.status.name());
        line(
            "service",
            &format!("{} {} ({status})", key.definition, key.reference),
        );
        if let Some(service) = self
            .service
            .as_ref()
            .filter(|service| !service.properties.is_empty())
        {
            let kept: Vec<&str> = service.properties.keys().map(String::as_str).collect();
            line("kept", &kept.join(", "));
        }
        line("accepted", &moment(operation.accepted_at));
        line("standing", &self.standing(paint));
        if let Standing::Ended(ending) = &operation.standing
            && let Some(message) = ending.message()
        {
            line("because", &one_line(message));
        }
        if let Some(waits_for) = self.waits_for() {
            line("waits for", &waits_for);
        }
        if operation.owed {
            line(
                "told",
                "the caller was told \"pending\" and has not asked for the result since",
            );
        }
        for (step, doubt) in self.service.iter().flat_map(|service| &service.doubts) {
            let since = moment(doubt.since);
            line(
                "in doubt",
                &format!("{step}: may have been done at the vendor (sent {since})"),
            );
        }
        if let Standing::Ended(Ending::NeedsAttention { .. }) = &operation.standing {
            line(
                "next",
                &format!(
                    "look at the vendor, then `causeway operation {} resolve --help`",
                    operation.id
                ),
            );
        }
        for exchange in &self.exchanges {
            text.push('\n');
            exchange_as_text(&mut text, exchange, paint);
        }
        text
    }

    fn standing(&self, paint: Paint) -> String {
        let took = operations::took(&self.operation);
        match &self.operation.standing {
            Standing::Open => paint.doubtful(format!("open for {took}")),
            Standing::Ended(Ending::Succeeded { .. }) => {
                paint.good(format!("succeeded after {took}"))
            }
            Standing::Ended(Ending::Failed { .. }) => paint.bad(format!("failed after {took}")),
            Standing::Ended(Ending::NeedsAttention { .. }) => {
                paint.bad(format!("needs attention: stopped after {took}"))
            }
        }
    }

    /// What an open operation waits for, as far as the last exchange tells.
    fn waits_for(&self) -> Option<String> {
        if self.operation.standing != Standing::Open {
            return None;
        }
        let Some(last) = self.exchanges.last() else {
            return Some(
                "its turn; nothing was sent to the vendor yet (does the gateway run?)".to_owned(),
            );
        };
        let since = moment(last.ended_at.unwrap_or(last.sent_at));
        let step = &last.step;
        Some(match last.outcome {
            Outcome::Intended => format!("the vendor's answer to {step} (since {since})"),
            Outcome::Done => {
                format!("what follows {step}: the vendor may still be building it (since {since})")
            }
            Outcome::Refused => {
                format!("what follows the vendor's refusal of {step} (since {since})")
            }
            Outcome::NotSent => {
                format!("the vendor to be reachable again, for {step} (since {since})")
            }
            Outcome::Busy => format!("the vendor to be less busy, for {step} (since {since})"),
            Outcome::Unknown => {
                format!("a look at the vendor whether {step} was done (since {since})")
            }
        })
    }
}

fn exchange_as_text(text: &mut String, exchange: &Exchange, paint: Paint) {
    let outcome = exchange.outcome.name().replace('_', " ");
    let outcome = match exchange.outcome {
        Outcome::Done => paint.good(outcome),
        Outcome::Refused | Outcome::Unknown => paint.bad(outcome),
        Outcome::Intended | Outcome::NotSent | Outcome::Busy => paint.doubtful(outcome),
    };
    let status = exchange
        .status
        .map(|status| format!(" {status}"))
        .unwrap_or_default();
    let took = exchange
        .ended_at
        .map(|end| format!(", {}", duration(end.duration_since(exchange.sent_at))))
        .unwrap_or_default();
    let Exchange {
        number,
        step,
        purpose,
        detail,
        ..
    } = exchange;
    let _ = writeln!(
        text,
        "{}  {}  {step} ({purpose})  {outcome}{status}{took}",
        paint.bold(format!("{number:>2}.")),
        time_of_day(exchange.sent_at),
    );
    let _ = writeln!(text, "     {}", one_line(&detail.request));
    let bodies = [("sent", &detail.request_body), ("answer", &detail.answer)];
    for (name, body) in bodies
        .into_iter()
        .filter_map(|(name, body)| Some((name, body.as_ref()?)))
    {
        let _ = writeln!(
            text,
            "     {} {}",
            paint.faint(format!("{name:6}")),
            one_line(body)
        );
    }
}

fn operation_id(text: &str) -> Result<OperationId, String> {
    text.parse().map_err(|_| {
        "an id looks like 01a20aab-113f-777f-b226-cbf736abe0bc; `causeway operations` lists them, \
         also those of one service alone (--service)"
            .to_owned()
    })
}

fn time_of_day(time: Timestamp) -> String {
    time.strftime("%H:%M:%S%.3f").to_string()
}

/// A vendor's or a client's words cannot move the cursor, colour the terminal or turn the direction of
/// what follows them.
fn one_line(text: &str) -> String {
    let turns = |letter| matches!(letter, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|letter| {
            if letter.is_control() || turns(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

fn exchange_as_json(exchange: &Exchange) -> Value {
    json!({
        "number": exchange.number,
        "step": exchange.step,
        "purpose": exchange.purpose,
        "sent_at": exchange.sent_at,
        "ended_at": exchange.ended_at,
        "outcome": exchange.outcome.name(),
        "status": exchange.status,
        "request": exchange.detail.request,
        "request_body": exchange.detail.request_body,
        "answer": exchange.detail.answer,
    })
}
