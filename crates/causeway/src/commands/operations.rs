//! `causeway operations`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use causeway_engine::store::OperationFilter;
use causeway_engine::{Operation, OperationId, ProviderId, Standing, Store};
use clap::Args;
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, miette};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::journal::Journal;
use crate::runtime;
use crate::terminal::{Paint, print};
use crate::text::{Table, duration, moment};

/// List operations, the newest last; works while the gateway runs
#[derive(Debug, Args)]
pub struct Arguments {
    /// Only this provider's
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,

    /// Only those on this service, by WHMCS's reference: service-17, or addon-4
    #[arg(long, value_name = "REFERENCE")]
    service: Option<String>,

    /// Only those that need attention: a person has to look at the vendor
    #[arg(long)]
    attention: bool,

    /// At most so many, the newest
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: u32,

    /// Go on, and show each operation when it begins and when it ends
    #[arg(long)]
    follow: bool,

    /// Print one JSON array, or with --follow one JSON object a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    journal: Journal,
}

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    runtime::block_on(async {
        let store = &*arguments.journal.open().await?;
        let providers = Providers::of(store).await?;
        let filter = OperationFilter {
            provider: arguments
                .provider
                .as_deref()
                .map(|name| providers.id(name))
                .transpose()?,
            reference: arguments.service.clone(),
            needs_attention: arguments.attention,
            limit: arguments.limit,
            ..OperationFilter::default()
        };
        if arguments.follow {
            follow(store, filter, providers, arguments.json).await
        } else {
            list(store, filter, &providers, arguments.json).await
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn list(
    store: &dyn Store,
    filter: OperationFilter,
    providers: &Providers,
    json: bool,
) -> miette::Result<()> {
    let operations = store.operations(filter).await.into_diagnostic()?;
    if json {
        let operations: Value = operations
            .iter()
            .map(|operation| as_json(operation, providers))
            .collect();
        return print(&format!("{operations:#}\n"));
    }
    if operations.is_empty() {
        return print("There are no such operations in this journal.\n");
    }
    let mut table = Table::new([
        "ACCEPTED",
        "OPERATION",
        "PROVIDER",
        "SERVICE",
        "WHAT",
        "STANDING",
        "TOOK",
    ]);
    for operation in &operations {
        table.row(cells(operation, providers));
    }
    print(&table.render(Paint::for_output()))
}

/// Shows what begins and what ends until it is stopped.
async fn follow(
    store: &dyn Store,
    mut filter: OperationFilter,
    mut providers: Providers,
    json: bool,
) -> miette::Result<()> {
    const BETWEEN_LOOKS: Duration = Duration::from_millis(300);
    const MOST_AT_ONCE: u32 = 1000;
    let mut open: Vec<OperationId> = Vec::new();
    loop {
        let mut news = Vec::new();
        for id in std::mem::take(&mut open) {
            match store.operation(id).await.into_diagnostic()? {
                Some(operation) if operation.standing == Standing::Open => open.push(id),
                Some(operation) => news.push(operation),
                None => {}
            }
        }
        let begun = store.operations(filter.clone()).await.into_diagnostic()?;
        filter.after = begun.last().map(|operation| operation.id).or(filter.after);
        filter.limit = MOST_AT_ONCE;
        let still_open = begun
            .iter()
            .filter(|operation| operation.standing == Standing::Open);
        open.extend(still_open.map(|operation| operation.id));
        news.extend(begun);
        for operation in &news {
            if providers.name(operation.service.provider).is_none() {
                providers = Providers::of(store).await?;
            }
            let line = if json {
                as_json(operation, &providers).to_string()
            } else {
                cells(operation, &providers).join("  ")
            };
            print(&format!("{line}\n"))?;
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

fn cells(operation: &Operation, providers: &Providers) -> [String; 7] {
    [
        moment(operation.accepted_at),
        operation.id.to_string(),
        providers.shown(operation.service.provider),
        format!(
            "{} {}",
            operation.service.definition, operation.service.reference
        ),
        operation.kind.to_string(),
        operation.standing.name().replace('_', " "),
        took(operation),
    ]
}

/// How long it took, or how long it has been open.
pub fn took(operation: &Operation) -> String {
    let end = operation.ended_at.unwrap_or_else(Timestamp::now);
    duration(end.duration_since(operation.accepted_at))
}

/// An operation for programs; it has no secrets in it.
pub fn as_json(operation: &Operation, providers: &Providers) -> Value {
    let message = match &operation.standing {
        Standing::Ended(ending) => ending.message(),
        Standing::Open => None,
    };
    json!({
        "operation_id": operation.id,
        "provider": providers.shown(operation.service.provider),
        "definition": operation.service.definition,
        "reference": operation.service.reference,
        "operation": operation.kind,
        "status": operation.standing.name(),
        "message": message,
        "accepted_at": operation.accepted_at,
        "ended_at": operation.ended_at,
        "steps_done": operation.steps_done,
        "owed": operation.owed,
    })
}

/// The names of providers.
pub struct Providers(BTreeMap<ProviderId, String>);

impl Providers {
    pub async fn of(store: &dyn Store) -> miette::Result<Self> {
        let providers = store.providers().await.into_diagnostic()?;
        Ok(Self(
            providers
                .into_iter()
                .map(|provider| (provider.id, provider.name))
                .collect(),
        ))
    }

    fn id(&self, name: &str) -> miette::Result<ProviderId> {
        let found = self
            .0
            .iter()
            .find_map(|(id, own)| (own == name).then_some(*id));
        found.ok_or_else(|| {
            miette!(
                help = "`causeway provider list` names them",
                "there is no provider named `{name}`"
            )
        })
    }

    fn name(&self, id: ProviderId) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// The name, or what there is to say of one that was removed.
    pub fn shown(&self, id: ProviderId) -> String {
        self.name(id)
            .map_or_else(|| format!("removed ({id})"), str::to_owned)
    }
}
