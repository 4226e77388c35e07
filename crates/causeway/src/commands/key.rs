//! `causeway key`: another key for the journal, while its gateways run.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use causeway_store::{AnyJournal, KeyFile, KeyName, KeyUse, ListedKey, reseal, sealed_by};
use clap::{Args, Subcommand};
use miette::{IntoDiagnostic as _, miette};

use crate::journal::Journal;
use crate::runtime;
use crate::terminal::{Paint, print};
use crate::text::Table;

/// Rotate the key that the journal is sealed with; works while the gateways run
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the keys of the key file, and how much of the journal is sealed with each
    List(Named),
    /// Add a new key, and seal the journal anew with it
    ///
    /// The gateway on this machine uses the new key within a second, without a restart. Gateways on
    /// other machines have to know it before anything is sealed with it: add it with --add-only, copy
    /// the key file to each of them, and go on with --reseal.
    Rotate(Rotate),
    /// Remove the keys that nothing is sealed with any more
    Retire(Named),
}

#[derive(Debug, Args)]
struct Named {
    #[command(flatten)]
    journal: Journal,
}

#[derive(Debug, Args)]
struct Rotate {
    /// Only add a key, which opens and does not seal yet
    #[arg(long)]
    add_only: bool,

    /// Use the key that was added, and seal the journal anew
    #[arg(long, conflicts_with = "add_only")]
    reseal: bool,

    #[command(flatten)]
    journal: Journal,
}

/// By then every gateway that shares the key file has looked at it, and has committed what it had sealed
/// before.
const NOTICED: Duration = Duration::from_secs(2);

/// How long gateways may go on to seal with an older key before somebody has to look at them.
const PATIENCE: Duration = Duration::from_secs(15);

const BETWEEN_PASSES: Duration = Duration::from_millis(500);

pub fn run(arguments: &Arguments) -> miette::Result<ExitCode> {
    runtime::block_on(async {
        match &arguments.action {
            Action::List(arguments) => list(&arguments.journal).await,
            Action::Rotate(arguments) => rotate(arguments).await,
            Action::Retire(arguments) => retire(&arguments.journal).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn list(named: &Journal) -> miette::Result<()> {
    let journal = named.open().await?;
    let listed = KeyFile::list(&named.key_file()?).into_diagnostic()?;
    let sealed = sealed_by(&*journal).await.into_diagnostic()?;
    let mut table = Table::new(["KEY", "USE", "SEALED WITH IT"]);
    for ListedKey { name, usage } in listed {
        let usage = match usage {
            KeyUse::Waits => "opens; seals after `causeway key rotate --reseal`",
            KeyUse::Seals => "seals and opens",
            KeyUse::Opens => "opens",
            KeyUse::Hashes => "makes fingerprints; opens nothing",
        };
        let count = count_of(&sealed, name).to_string();
        table.row([name.to_string(), usage.to_owned(), count]);
    }
    print(&table.render(Paint::for_output()))
}

async fn rotate(arguments: &Rotate) -> miette::Result<()> {
    let journal = arguments.journal.open().await?;
    let path = arguments.journal.key_file()?;
    if arguments.add_only {
        let name = KeyFile::add_next(&path).into_diagnostic()?;
        return print(&format!(
            "Key {name} is in {path} now; it opens, and seals nothing yet.\n\
             1. Copy {path} to the other gateways of this journal; they notice it by themselves.\n\
             2. Then run `causeway key rotate --reseal` here.\n",
            path = path.display()
        ));
    }
    if !arguments.reseal {
        refuse_if_others_run(&*journal).await?;
        KeyFile::add_next(&path).into_diagnostic()?;
    }
    if waits(&path)? {
        KeyFile::use_next(&path).into_diagnostic()?;
    }
    journal.keys().read_again();
    let name = journal.keys().sealing();
    let resealed = reseal_all(&*journal, name).await?;
    print(&format!(
        "Key {name} seals from now on; {resealed} values were sealed anew, and nothing is sealed with an older \
         key.\n\
         Keep a copy of {path} in a safe place, and copy it to the other gateways of this journal, if there are \
         any. Then `causeway key retire` removes the older keys. Backups of the journal that were made before \
         open only with a copy of the key file that was made before.\n",
        path = path.display()
    ))
}

async fn refuse_if_others_run(journal: &dyn AnyJournal) -> miette::Result<()> {
    let gateways = journal.count_gateways().await.into_diagnostic()?;
    if gateways <= 1 {
        return Ok(());
    }
    Err(miette!(
        help = "run `causeway key rotate --add-only`, copy the key file to each gateway, and run \
                `causeway key rotate --reseal`",
        "{gateways} gateways run on this journal, and each has to know a new key before anything is sealed with it"
    ))
}

fn waits(path: &Path) -> miette::Result<bool> {
    let listed = KeyFile::list(path).into_diagnostic()?;
    Ok(listed.iter().any(|key| key.usage == KeyUse::Waits))
}

/// Seals anew until nothing is sealed with another key, and nothing more can come.
async fn reseal_all(journal: &dyn AnyJournal, name: KeyName) -> miette::Result<u64> {
    let begun = Instant::now();
    let mut resealed = 0;
    let mut last_progress = begun;
    loop {
        let noticed = begun.elapsed() >= NOTICED;
        let passed = reseal(journal).await.into_diagnostic()?;
        resealed += passed;
        if noticed {
            let sealed = sealed_by(journal).await.into_diagnostic()?;
            let older: u64 = sealed
                .iter()
                .filter(|(other, _)| *other != name)
                .map(|(_, count)| count)
                .sum();
            if older == 0 {
                return Ok(resealed);
            }
            if last_progress.elapsed() >= PATIENCE {
                return Err(miette!(
                    help = "copy the key file to each gateway, and run `causeway key rotate --reseal` again",
                    "{older} values are sealed with older keys again: a gateway does not use key {name} yet"
                ));
            }
        } else {
            last_progress = Instant::now();
        }
        tokio::time::sleep(BETWEEN_PASSES).await;
    }
}

async fn retire(named: &Journal) -> miette::Result<()> {
    let journal = named.open().await?;
    let path = named.key_file()?;
    let listed = KeyFile::list(&path).into_diagnostic()?;
    let old: Vec<KeyName> = listed
        .iter()
        .filter(|key| key.usage == KeyUse::Opens)
        .map(|key| key.name)
        .collect();
    if old.is_empty() {
        return print("There is no key to retire.\n");
    }
    let sealed = sealed_by(&*journal).await.into_diagnostic()?;
    if let Some((name, count)) = old
        .iter()
        .map(|name| (name, count_of(&sealed, *name)))
        .find(|(_, count)| *count > 0)
    {
        return Err(miette!(
            help =
                "run `causeway key rotate --reseal` first, with the same key file on every gateway",
            "{count} values of the journal are sealed with key {name} still; no key was retired"
        ));
    }
    KeyFile::retire(&path, &old).into_diagnostic()?;
    let names: Vec<String> = old.iter().map(ToString::to_string).collect();
    print(&format!(
        "Retired: {}. What makes fingerprints stays in {path}. Copy it to the other gateways of this journal, \
         if there are any.\n",
        names.join(", "),
        path = path.display()
    ))
}

fn count_of(sealed: &[(KeyName, u64)], name: KeyName) -> u64 {
    sealed
        .iter()
        .filter(|(other, _)| *other == name)
        .map(|(_, count)| count)
        .sum()
}
