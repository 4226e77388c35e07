//! `causeway provider`.

use std::process::ExitCode;

use causeway_engine::{Provider, ProviderId, Store};
use causeway_gateway::Token;
use causeway_store::Role;
use causeway_vendor::check_api_address;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use miette::{IntoDiagnostic as _, miette};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::credential::CredentialSource;
use crate::journal::Journal;
use crate::runtime;
use crate::terminal::{Paint, print};
use crate::text::{Table, moment};

/// Add, list, change and remove hosting providers; works while the gateway runs
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a provider and print its token, once
    Add(Add),
    /// List the providers
    List(List),
    /// Give a provider another token; the old one ends at once
    Rotate(Named),
    /// Give a provider another vendor credential, another API address, or both
    Change(Change),
    /// End a provider's token; its services stay recorded
    Remove(Named),
}

#[derive(Debug, Args)]
struct Add {
    /// The provider's name, for you: letters, digits, `-`, `_` and `.`
    #[arg(value_parser = provider_name)]
    name: String,

    /// Another address of the vendor's API than the definition's: its sandbox, say
    #[arg(long, value_name = "URL", value_parser = api_address)]
    api: Option<Url>,

    #[command(flatten)]
    credential: CredentialSource,

    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct List {
    /// Print one JSON array
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Named {
    /// The provider's name
    name: String,

    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Change {
    /// The provider's name
    name: String,

    /// Another address of the vendor's API than the definition's
    #[arg(long, value_name = "URL", value_parser = api_address)]
    api: Option<Url>,

    /// Go back to the API address of the definition
    #[arg(long, conflicts_with = "api")]
    no_api: bool,

    #[command(flatten)]
    credential: CredentialSource,

    #[command(flatten)]
    journal: Journal,
}

pub fn run(arguments: Arguments) -> miette::Result<ExitCode> {
    runtime::block_on(async {
        match arguments.action {
            Action::Add(arguments) => add(arguments).await,
            Action::List(arguments) => list(&arguments).await,
            Action::Rotate(arguments) => rotate(&arguments).await,
            Action::Change(arguments) => change(&arguments).await,
            Action::Remove(arguments) => remove(&arguments).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn add(arguments: Add) -> miette::Result<()> {
    let credential = arguments.credential.read()?;
    let (store, _) = arguments.journal.open_or_create(Role::Tool).await?;
    let token = Token::generate().into_diagnostic()?;
    let now = Timestamp::now();
    let provider = Provider {
        id: ProviderId(Uuid::now_v7()),
        name: arguments.name.clone(),
        credential,
        api: arguments.api.as_ref().map(Url::to_string),
        added_at: now,
        token_made_at: now,
        removed_at: None,
    };
    store
        .add_provider(provider, token.hash())
        .await
        .map_err(|error| miette!("{error}"))?;
    let what = format!("The provider {} is added.", arguments.name);
    print(&once(&what, &token))?;
    warn_of_shared_credential(&*store, &arguments.name).await
}

async fn list(arguments: &List) -> miette::Result<()> {
    let providers = arguments
        .journal
        .open()
        .await?
        .providers()
        .await
        .into_diagnostic()?;
    if arguments.json {
        let providers: Value = providers.iter().map(as_json).collect();
        return print(&format!("{providers:#}\n"));
    }
    if providers.is_empty() {
        return print("There are no providers yet. `causeway provider add NAME` adds one.\n");
    }
    let mut table = Table::new(["NAME", "ADDED", "TOKEN MADE", "API"]);
    for provider in &providers {
        table.row([
            provider.name.clone(),
            moment(provider.added_at),
            moment(provider.token_made_at),
            provider
                .api
                .clone()
                .unwrap_or_else(|| "the definition's".to_owned()),
        ]);
    }
    print(&table.render(Paint::for_output()))
}

async fn rotate(arguments: &Named) -> miette::Result<()> {
    let store = arguments.journal.open().await?;
    let token = Token::generate().into_diagnostic()?;
    store
        .rotate_token(&arguments.name, token.hash(), Timestamp::now())
        .await
        .map_err(|error| miette!("{error}"))?;
    let what = format!(
        "The provider {} has another token; the old one has ended.",
        arguments.name
    );
    print(&once(&what, &token))
}

async fn change(arguments: &Change) -> miette::Result<()> {
    let store = arguments.journal.open().await?;
    let mut provider = named(&*store, &arguments.name).await?;
    let only_address = arguments.api.is_some() || arguments.no_api;
    if arguments.credential.is_given() || !only_address {
        provider.credential = arguments.credential.read()?;
    }
    if only_address {
        provider.api = arguments.api.as_ref().map(Url::to_string);
    }
    store
        .change_provider(provider)
        .await
        .map_err(|error| miette!("{error}"))?;
    print(&format!(
        "The provider {} is changed. Its token is the same as before; calls that begin from now on\n\
         use what is new.\n",
        arguments.name
    ))?;
    warn_of_shared_credential(&*store, &arguments.name).await
}

/// To the vendor, two providers with one credential are one: what either of them names or finds there
/// may be the other's.
async fn warn_of_shared_credential(store: &dyn Store, name: &str) -> miette::Result<()> {
    let provider = named(store, name).await?;
    let same = |other: &Provider| {
        other.id != provider.id
            && other.api == provider.api
            && other.credential.expose_secret() == provider.credential.expose_secret()
    };
    let providers = store.providers().await.into_diagnostic()?;
    let others: Vec<_> = providers
        .into_iter()
        .filter(same)
        .map(|other| other.name)
        .collect();
    if !others.is_empty() {
        eprintln!(
            "warning: {} {} the same vendor credential. The vendor cannot tell them from {name}, so one\n\
             provider could reach what is another's there. Ask the vendor for a credential for each,\n\
             and set it with `causeway provider change`.",
            others.join(", "),
            if others.len() == 1 { "has" } else { "have" },
        );
    }
    Ok(())
}

async fn remove(arguments: &Named) -> miette::Result<()> {
    let store = arguments.journal.open().await?;
    store
        .remove_provider(&arguments.name, Timestamp::now())
        .await
        .map_err(|error| miette!("{error}"))?;
    print(&format!(
        "The provider {} is removed: its token has ended. Its services stay recorded, and nothing was\n\
         changed at the vendor.\n",
        arguments.name
    ))
}

async fn named(store: &dyn Store, name: &str) -> miette::Result<Provider> {
    let providers = store.providers().await.into_diagnostic()?;
    providers
        .into_iter()
        .find(|provider| provider.name == name)
        .ok_or_else(|| {
            miette!(
                help = "`causeway provider list` names them",
                "there is no provider named `{name}`"
            )
        })
}

fn once(what: &str, token: &Token) -> String {
    let paint = Paint::for_output();
    format!(
        "{what} Its token, which is shown only now:\n\n  {}\n\n\
         The provider enters it in WHMCS, in the field Password of the module's server.\n",
        paint.bold(token.expose())
    )
}

fn as_json(provider: &Provider) -> Value {
    json!({
        "id": provider.id,
        "name": provider.name,
        "api": provider.api,
        "added_at": provider.added_at,
        "token_made_at": provider.token_made_at,
    })
}

fn provider_name(text: &str) -> Result<String, String> {
    const LONGEST: usize = 64;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if text.is_empty() || text.len() > LONGEST || text.starts_with('-') || !text.chars().all(fits) {
        return Err(format!(
            "a name has 1 to {LONGEST} letters, digits, `-`, `_` and `.`, and does not begin with `-`"
        ));
    }
    Ok(text.to_owned())
}

/// Whether a private address may be called is the definition's word, and the gateway asks it; what
/// no definition allows is refused here.
pub fn api_address(text: &str) -> Result<Url, String> {
    let address: Url = text
        .parse()
        .map_err(|error| format!("{error}; write it like https://api.example.com/v1"))?;
    check_api_address(&address, true).map_err(|error| error.to_string())?;
    Ok(address)
}
